/**
 * Keeps our answers in the order of their requests, for wires without ids: an answer that is ready early waits
 * until all earlier requests are answered.
 */
export class ReplyOrder {
  readonly #ready = new Map<number, Uint8Array>();
  #lastAdmitted = 0;
  #lastReleased = 0;

  /** What {@linkcode ReplyOrder.admit} returns next. */
  get next(): number {
    return this.#lastAdmitted + 1;
  }

  /** A request has come; returns the id that its answer has to carry. */
  admit(): number {
    return ++this.#lastAdmitted;
  }

  /**
   * The answer to request `id` is ready as bytes; returns all answers whose turn it is now, in order. The first
   * answer to a request counts, others are dropped.
   */
  release(id: number, reply: Uint8Array): Uint8Array[] {
    const due: Uint8Array[] = [];
    if (id <= this.#lastReleased || id > this.#lastAdmitted || this.#ready.has(id)) return due;
    this.#ready.set(id, reply);
    for (;;) {
      const next = this.#ready.get(this.#lastReleased + 1);
      if (next === undefined) return due;
      this.#ready.delete(++this.#lastReleased);
      due.push(next);
    }
  }
}
