import type { Timer, World } from "./world.ts";

/** Something that has to do things by the clock. */
export interface Sleeper {
  /** Does what is due. */
  tick(now: number): void;
  /** When there will be more to do; `Infinity` for nothing. */
  readonly nextTickAt: number;
  /** Kept by the alarm: when the sleeper will be woken. `Infinity` at first. */
  wakeAt: number;
}

interface Entry {
  readonly at: number;
  readonly sleeper: Sleeper;
}

/**
 * One timer for everything that an endpoint has to do by the clock, on however many links. Setting and clearing a
 * timer costs more than half a request does, so deadlines only lower the time that a sleeper is woken at, which they
 * rarely do; and those who are not due are not looked at, so that ten thousand idle links cost nothing.
 */
export class Alarm {
  readonly #world: World;
  /** A binary heap, the earliest first. An entry counts while it says what its sleeper says. */
  readonly #entries: Entry[] = [];
  #timer: Timer | undefined;
  #setFor = Infinity;
  #stopped = false;

  constructor(world: World) {
    this.#world = world;
  }

  /** Milliseconds on a clock that never jumps. */
  now(): number {
    return this.#world.now();
  }

  /** `sleeper` has something to do at `at`. */
  wake(sleeper: Sleeper, at: number): void {
    if (at >= sleeper.wakeAt || this.#stopped) return;
    sleeper.wakeAt = at;
    this.#push({ at, sleeper });
    if (at < this.#setFor) this.#set(at);
  }

  /** Wakes nobody any more, until `start`. */
  stop(): void {
    this.#stopped = true;
    this.#clear();
    for (const { sleeper } of this.#entries.splice(0)) sleeper.wakeAt = Infinity;
  }

  start(): void {
    this.#stopped = false;
  }

  #set(at: number): void {
    this.#clear();
    this.#setFor = at;
    const waitMs = Math.min(Math.max(at - this.now(), 0), LONGEST_WAIT_MS);
    this.#timer = this.#world.setTimer(() => this.#fire(), Math.ceil(waitMs) + SLACK_MS);
  }

  #fire(): void {
    this.#timer = undefined;
    this.#setFor = Infinity;
    const now = this.now();
    const due: Sleeper[] = [];
    while (this.#entries.length > 0 && this.#entries[0].at <= now) {
      const { at, sleeper } = this.#pop();
      if (sleeper.wakeAt !== at) continue; // it was woken earlier
      sleeper.wakeAt = Infinity;
      due.push(sleeper);
    }
    for (const sleeper of due) {
      sleeper.tick(now);
      this.wake(sleeper, sleeper.nextTickAt);
    }
    while (this.#entries.length > 0 && this.#entries[0].sleeper.wakeAt !== this.#entries[0].at) this.#pop();
    if (!this.#stopped && this.#entries.length > 0 && this.#entries[0].at < this.#setFor) {
      this.#set(this.#entries[0].at);
    }
  }

  #clear(): void {
    this.#world.clearTimer(this.#timer);
    this.#timer = undefined;
    this.#setFor = Infinity;
  }

  #push(entry: Entry): void {
    const entries = this.#entries;
    let at = entries.length;
    entries.push(entry);
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (entries[parent].at <= entry.at) break;
      entries[at] = entries[parent];
      at = parent;
    }
    entries[at] = entry;
  }

  #pop(): Entry {
    const entries = this.#entries;
    const first = entries[0];
    const last = entries.pop()!;
    if (entries.length === 0) return first;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= entries.length) break;
      if (child + 1 < entries.length && entries[child + 1].at < entries[child].at) child++;
      if (entries[child].at >= last.at) break;
      entries[at] = entries[child];
      at = child;
    }
    entries[at] = last;
    return first;
  }
}

/** A little late, so that deadlines close to each other are done in one go. */
const SLACK_MS = 1;
/** What a timer can hold. */
const LONGEST_WAIT_MS = 2_147_000_000;
