import process from "node:process";
import type { Measured, Work } from "../row.ts";

/** Counts what this process handles, and gives the time of its processors for each, in microseconds. */
export class CpuMeter {
  /** What was handled so far; add to it. */
  count = 0;
  readonly measured: Promise<Measured>;
  readonly #work: Pick<Work, "warmUpMs" | "measureMs">;
  readonly #done = Promise.withResolvers<Measured>();

  constructor(work: Pick<Work, "warmUpMs" | "measureMs">) {
    this.#work = work;
    this.measured = this.#done.promise;
  }

  /** Counting begins after the warm-up from now. */
  start(): void {
    setTimeout(() => {
      const from = this.count;
      const before = process.cpuUsage();
      setTimeout(() => {
        const { user, system } = process.cpuUsage(before);
        this.#done.resolve({ value: (user + system) / (this.count - from) });
      }, this.#work.measureMs);
    }, this.#work.warmUpMs);
  }
}
