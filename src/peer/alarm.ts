/**
 * One timer for everything that an endpoint has to do by the clock. Setting and clearing a timer costs more than
 * half a request does, so deadlines only lower the time that this one is set to, which they rarely do.
 */
export class Alarm {
  readonly #ring: (now: number) => number;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #dueAt = Infinity;
  #stopped = false;

  /** @param ring Does what is due, and returns when there will be more to do; `Infinity` for nothing. */
  constructor(ring: (now: number) => number) {
    this.#ring = ring;
  }

  /** Milliseconds on a clock that never jumps. */
  now(): number {
    return performance.now();
  }

  /** Something is due at `at`. */
  notify(at: number): void {
    if (at >= this.#dueAt || this.#stopped) return;
    this.#set(at);
  }

  /** Rings no more, until `start`. */
  stop(): void {
    this.#stopped = true;
    this.#clear();
  }

  start(): void {
    this.#stopped = false;
  }

  #set(at: number): void {
    this.#clear();
    if (at === Infinity) return;
    this.#dueAt = at;
    const waitMs = Math.min(Math.max(at - this.now(), 0), LONGEST_WAIT_MS);
    this.#timer = setTimeout(() => this.#fire(), Math.ceil(waitMs) + SLACK_MS);
  }

  #fire(): void {
    this.#timer = undefined;
    this.#dueAt = Infinity;
    const next = this.#ring(this.now());
    if (!this.#stopped && next < this.#dueAt) this.#set(next);
  }

  #clear(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#dueAt = Infinity;
  }
}

/** A little late, so that deadlines close to each other are done in one go. */
const SLACK_MS = 1;
/** What a timer can hold. */
const LONGEST_WAIT_MS = 2_147_000_000;
