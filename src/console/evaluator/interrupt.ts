/**
 * Ctrl-C for typed code: a flag that another thread can raise while this one is stuck in a loop.
 *
 * @module
 */

/** Typed code was stopped by Ctrl-C. */
export class Interrupted extends Error {
  override readonly name = "Interrupted";

  constructor() {
    super("Stopped by Ctrl-C");
  }
}

/**
 * A pending request to stop what runs.
 *
 * The thread that reads the keyboard raises the request with `Atomics.store(flag, 0, 1)`; typed code looks at the
 * flag at every loop head and function entry and throws {@linkcode Interrupted}. An `await` looks at nothing, so
 * the main thread calls {@linkcode Interrupt.request} as soon as it hears of the key. The request stays until
 * {@linkcode Interrupt.clear}: typed code that swallows the error runs into the next one. Whoever has answered a
 * request clears it; a message about the key that arrives when the flag is down again is old news.
 */
export class Interrupt {
  /** One element on shared memory: 1 while the request stands, otherwise 0. Hand it to the other thread. */
  readonly flag: Int32Array<SharedArrayBuffer>;
  readonly #waiting = new Set<(reason: Interrupted) => void>();

  constructor(flag: Int32Array<SharedArrayBuffer> = new Int32Array(new SharedArrayBuffer(4))) {
    this.flag = flag;
  }

  /** Whether a request stands. */
  get requested(): boolean {
    return Atomics.load(this.flag, 0) !== 0;
  }

  /** Raises the request and ends every {@linkcode Interrupt.race} under way. */
  request(): void {
    Atomics.store(this.flag, 0, 1);
    for (const reject of this.#waiting) reject(new Interrupted());
    this.#waiting.clear();
  }

  /** Takes the request back: what runs from now on runs undisturbed. */
  clear(): void {
    Atomics.store(this.flag, 0, 0);
  }

  /** Runs code that belongs to it, up to its first `await`. */
  run<Value>(code: () => Value): Value {
    return code();
  }

  /**
   * Settles as `promise` does, or rejects when a request comes first. The promise that lost may settle later
   * without anyone looking, a rejection too.
   *
   * @throws {Interrupted} When a request stands already, or is raised before `promise` settles.
   */
  async race<Value>(promise: Promise<Value>): Promise<Value> {
    promise.catch(() => {}); // from here on the race alone reports it
    if (this.requested) throw new Interrupted();
    const { promise: interrupted, reject } = Promise.withResolvers<never>();
    this.#waiting.add(reject);
    try {
      return await Promise.race([promise, interrupted]);
    } finally {
      this.#waiting.delete(reject);
    }
  }
}
