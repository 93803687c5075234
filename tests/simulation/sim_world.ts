import { setImmediate } from "node:timers";
import { SeededRandom } from "../../src/testing/seeded_random.ts";
import { EventQueue, type SimEvent } from "./event_queue.ts";
import { Trace } from "./trace.ts";

/** Something that events belong to: those of one that is frozen wait, those of one that is dead never happen. */
export interface EventOwner {
  readonly isDead: boolean;
  /** Until when nothing happens there, in virtual milliseconds; 0 when it runs. */
  readonly frozenUntil: number;
}

interface OwnedEvent extends SimEvent {
  readonly owner: EventOwner | undefined;
}

/** An event that is to happen; only good for {@linkcode SimWorld.cancel}. */
export type Planned = SimEvent;

/**
 * A world without real time: a clock that jumps from event to event, and one source of chance. The same seed gives
 * the same events in the same order, since nothing else decides anything.
 */
export class SimWorld {
  readonly random: SeededRandom;
  readonly trace: Trace;
  /** What must never happen, in words. */
  readonly problems: string[] = [];
  readonly #queue = new EventQueue<OwnedEvent>();
  #now = 0;
  #lastOrder = 0;
  #events = 0;

  constructor(seed: number, options: { keepTrace?: boolean } = {}) {
    this.random = new SeededRandom(seed);
    this.trace = new Trace(options.keepTrace === true);
  }

  /** Virtual milliseconds since the start. */
  get now(): number {
    return this.#now;
  }

  /** How many events have happened. */
  get events(): number {
    return this.#events;
  }

  /** At least 0 and less than 1. */
  chance(): number {
    return this.random.below(2 ** 30) / 2 ** 30;
  }

  /** True in so many of 100 cases. */
  percent(share: number): boolean {
    return this.random.below(10_000) < share * 100;
  }

  /** A number from `low` to `high`, in steps of a thousandth. */
  between(low: number, high: number): number {
    return low + this.random.below(Math.round((high - low) * 1000) + 1) / 1000;
  }

  /** `run` happens after `ms`, unless it is cancelled or its owner is dead by then. */
  after(ms: number, what: string, run: () => void, owner?: EventOwner): Planned {
    const event = { at: this.#now + Math.max(ms, 0), order: ++this.#lastOrder, what, run, owner };
    this.#queue.push(event);
    return event;
  }

  /** It will not happen. */
  cancel(planned: Planned): void {
    planned.run = undefined;
  }

  /** Something to remember of the run. */
  note(what: string, ...details: readonly (string | number)[]): void {
    this.trace.note(this.#now, what, ...details);
  }

  /** Something that must never happen has happened. */
  problem(text: string): void {
    this.note("PROBLEM", text);
    this.problems.push(`at ${this.#now.toFixed(0)} ms: ${text}`);
  }

  /**
   * Lets things happen until `untilMs`, or until `done` says so, or until nothing is planned any more.
   *
   * @returns false when `maxEvents` was reached first: something goes round for ever.
   */
  async run(untilMs: number, done: () => boolean = () => false): Promise<boolean> {
    const lastEvent = this.#events + MAX_EVENTS_PER_RUN;
    while (this.#queue.nextAt <= untilMs && !done()) {
      const event = this.#queue.pop()!;
      if (event.run === undefined || event.owner?.isDead) continue;
      if (event.owner !== undefined && event.owner.frozenUntil > event.at) {
        event.at = event.owner.frozenUntil; // in the order in which they were to happen
        event.order = ++this.#lastOrder;
        this.#queue.push(event);
        continue;
      }
      this.#now = event.at;
      this.trace.note(event.at, event.what);
      try {
        event.run();
      } catch (error) {
        this.problem(`${event.what} threw: ${error instanceof Error ? error.stack : error}`);
      }
      await settled();
      if (++this.#events >= lastEvent) return false;
    }
    if (Number.isFinite(untilMs) && !done()) this.#now = Math.max(this.#now, untilMs);
    return true;
  }
}

/** After this many events a run has gone wrong. */
const MAX_EVENTS_PER_RUN = 200_000;

/** All promises that can settle have settled: a macrotask comes only when no microtask is left. */
function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
