import { REAL_WORLD, type World } from "../../src/peer/world.ts";

/** The real world with a clock that a test moves by hand: a minute of heartbeats takes no time. */
export class HandClock {
  readonly world: World = {
    ...REAL_WORLD,
    now: () => this.#now,
    setTimer: (ring, ms) => {
      const timer = ++this.#last;
      this.#timers.set(timer, { ring, at: this.#now + ms });
      return timer;
    },
    clearTimer: (timer) => void this.#timers.delete(timer as number),
  };
  readonly #timers = new Map<number, { ring: () => void; at: number }>();
  #last = 0;
  #now = 1_000_000;

  /** Timers that have not rung. */
  get waiting(): number {
    return this.#timers.size;
  }

  /** Lets `ms` pass; what is due on the way happens at its time. */
  advance(ms: number): void {
    const end = this.#now + ms;
    for (;;) {
      const due = [...this.#timers].filter(([, { at }]) => at <= end).sort(([, a], [, b]) => a.at - b.at);
      if (due.length === 0) break;
      const [timer, { ring, at }] = due[0];
      this.#timers.delete(timer);
      this.#now = Math.max(this.#now, at);
      ring();
    }
    this.#now = end;
  }
}
