import { ClosedError } from "../errors.ts";
import { joinBytes } from "../join_bytes.ts";

/** Writes some of the bytes and returns how many, as `Deno.Conn.write` does. */
export type WriteSome = (bytes: Uint8Array) => Promise<number>;

/**
 * The write side of a transport: one write under way at a time, and the next one takes along everything that was
 * asked for meanwhile. A write costs the system some microseconds whatever its size, so sixteen small messages in
 * one write leave twelve times as fast as in sixteen.
 */
export class WriteQueue {
  readonly #writer: { write: WriteSome };
  #waiting: Uint8Array[] = [];
  #waitingBytes = 0;
  /** Settles with the write that will carry `#waiting`. */
  #next: PromiseWithResolvers<void> | undefined;
  #busy = false;
  #written = 0;
  #failure: Error | undefined;

  constructor(writer: { write: WriteSome }) {
    this.#writer = writer;
  }

  /** How many bytes were written so far. */
  get written(): number {
    return this.#written;
  }

  /** Resolves when all of `bytes` was written. */
  write(bytes: Uint8Array): Promise<void> {
    if (this.#failure !== undefined) return Promise.reject(this.#failure);
    if (!this.#busy) {
      this.#busy = true;
      return this.#run(bytes);
    }
    this.#waiting.push(bytes);
    this.#waitingBytes += bytes.length;
    this.#next ??= Promise.withResolvers();
    return this.#next.promise;
  }

  /** Resolves when nothing is under way and nothing waits. */
  async idle(): Promise<void> {
    while (this.#busy && this.#failure === undefined) await this.write(NOTHING);
  }

  /** Ends the queue: what waits is rejected with `reason`, and so is every later write. */
  end(reason: Error): void {
    this.#failure ??= reason;
    const next = this.#next;
    this.#next = undefined;
    this.#waiting = [];
    this.#waitingBytes = 0;
    if (next !== undefined) {
      next.promise.catch(ignore); // each writer holds a promise of its own; this one may have no reader
      next.reject(this.#failure);
    }
  }

  async #run(bytes: Uint8Array): Promise<void> {
    try {
      await this.#writeAll(bytes);
    } catch (error) {
      this.#busy = false;
      this.end(error instanceof Error ? error : new ClosedError("closed", String(error)));
      throw this.#failure;
    }
    this.#startNext();
  }

  #startNext(): void {
    const next = this.#next;
    if (next === undefined) {
      this.#busy = false;
      return;
    }
    const bytes = this.#waiting.length === 1
      ? this.#waiting[0]
      : joinBytes(this.#waiting, this.#waitingBytes);
    this.#waiting = [];
    this.#waitingBytes = 0;
    this.#next = undefined;
    this.#run(bytes).then(next.resolve, next.reject);
  }

  async #writeAll(bytes: Uint8Array): Promise<void> {
    let written = 0;
    while (written < bytes.length) {
      // A full kernel buffer takes only a part, so this goes round until all is out.
      const count = await this.#writer.write(written === 0 ? bytes : bytes.subarray(written));
      written += count;
      this.#written += count;
      if (this.#failure !== undefined) throw this.#failure;
    }
  }
}

const NOTHING = new Uint8Array(0);

function ignore(): void {}
