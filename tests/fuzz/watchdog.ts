import type { Run, Told } from "./watchdog_worker.ts";

/**
 * Ends a run that hangs in one input, which the run itself cannot do any more: a thread looks every second whether
 * the run has gone on to another input, prints the command that repeats the one it hangs in, and kills the process.
 */
export class Watchdog {
  readonly #shared = new Int32Array(new SharedArrayBuffer(4));
  readonly #worker = new Worker(new URL("./watchdog_worker.ts", import.meta.url), { type: "module" });

  private constructor() {}

  /** Resolves when the thread watches. */
  static async start(): Promise<Watchdog> {
    const watchdog = new Watchdog();
    const { promise, resolve } = Promise.withResolvers<void>();
    watchdog.#worker.onmessage = () => resolve();
    watchdog.#tell({ shared: watchdog.#shared });
    await promise;
    return watchdog;
  }

  /** A new run begins. */
  watch(run: Run): void {
    this.touch(-1);
    this.#tell(run);
  }

  /** The input of this index is about to be fed. */
  touch(index: number): void {
    Atomics.store(this.#shared, 0, index);
  }

  [Symbol.dispose](): void {
    this.#worker.terminate();
  }

  #tell(told: Told): void {
    this.#worker.postMessage(told);
  }
}
