import type { Measured, Work } from "./row.ts";

/** Counts what goes by: starts by itself at the first call, leaves out the warm-up, and gives the number a second. */
export class Meter {
  /** What went by so far; add to it. */
  count = 0;
  readonly measured: Promise<Measured>;
  readonly #work: Pick<Work, "warmUpMs" | "measureMs">;
  readonly #done = Promise.withResolvers<Measured>();
  #started = false;

  constructor(work: Pick<Work, "warmUpMs" | "measureMs">) {
    this.#work = work;
    this.measured = this.#done.promise;
  }

  /** Counting begins after the warm-up from now; further calls change nothing. */
  start(): void {
    if (this.#started) return;
    this.#started = true;
    setTimeout(() => {
      const from = this.count;
      const startedAt = performance.now();
      // A busy loop is late for its timers, so the time that has really gone by is what counts.
      setTimeout(() => {
        const seconds = (performance.now() - startedAt) / 1000;
        this.#done.resolve({ value: (this.count - from) / seconds });
      }, this.#work.measureMs);
    }, this.#work.warmUpMs);
  }
}
