import { Interrupt } from "../evaluator/interrupt.ts";

/** Ctrl-C of those that have attached, while code of theirs keeps the main thread from hearing of it. */
export class Desk {
  readonly #desk = new Int32Array(new SharedArrayBuffer(8));
  readonly #host: Interrupt;
  #worker: Worker | undefined;

  /** @param host Its flag is the one that all loops look at. */
  constructor(host: Interrupt) {
    this.#host = host;
  }

  /** Listens from now on. Resolves when it does. */
  async open(): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const worker = new Worker(new URL("./stop_worker.ts", import.meta.url), { type: "module" });
    worker.onmessage = () => resolve();
    worker.postMessage({ stop: this.#host.flag, desk: this.#desk });
    this.#worker = worker;
    await promise;
  }

  close(): void {
    this.#worker?.terminate();
  }

  /** Runs code of one that has attached, which a signal may stop until it returns. */
  run<Value>(code: () => Value): Value {
    Atomics.store(this.#desk, 0, 1);
    try {
      return code();
    } finally {
      Atomics.store(this.#desk, 0, 0);
      if (Atomics.exchange(this.#desk, 1, 0) === 1) this.#host.clear();
    }
  }
}

/** What stops the inputs of one that has attached. */
export class SeatInterrupt extends Interrupt {
  readonly #desk: Desk;

  constructor(desk: Desk) {
    super();
    this.#desk = desk;
  }

  override run<Value>(code: () => Value): Value {
    return this.#desk.run(code);
  }
}
