import { INITIAL_CREDIT_BYTES } from "../message.ts";

/** What a stream needs of the conversation that it comes on. */
export interface StreamSource {
  /** Grants the other side more. */
  credit(bytes: number): void;
  /** Calls the stream off. */
  cancel(): void;
  /** Resolves at the next `wake`; rejects when none comes in time. */
  wait(): Promise<void>;
}

/**
 * The parts of an answer that have come and were not read yet. What was read is granted anew, half of the credit at a
 * time, so that the other side makes them no faster than they are read, and seldom has to wait for the grant.
 */
export class StreamReader {
  readonly #parts: { value: unknown; bytes: number }[] = [];
  #head = 0;
  #read = 0;
  #end: { error?: unknown } | undefined;
  #wake: (() => void) | undefined;

  /** Gives the wait that `next` begins a way to end. */
  set wake(wake: () => void) {
    this.#wake = wake;
  }

  /** A part has come. */
  push(value: unknown, bytes: number): void {
    this.#parts.push({ value, bytes });
    this.#wake?.();
  }

  /** The last part has come; an answer that is no stream is its only part. */
  finish(value: unknown): void {
    if (value !== undefined) this.push(value, 0);
    this.#end ??= {};
    this.#wake?.();
  }

  /** No more will come, because of `error`. */
  fail(error: unknown): void {
    this.#end ??= { error };
    this.#wake?.();
  }

  /** All parts, as they come. Leaving the loop early calls the stream off. */
  async *read(source: StreamSource): AsyncGenerator<unknown, void, void> {
    try {
      for (;;) {
        while (this.#head < this.#parts.length) yield this.#take(source);
        if (this.#end !== undefined) break;
        await source.wait();
      }
    } finally {
      if (this.#end === undefined) source.cancel();
    }
    if ("error" in this.#end) throw this.#end.error;
  }

  #take(source: StreamSource): unknown {
    const { value, bytes } = this.#parts[this.#head++];
    if (this.#head === this.#parts.length) {
      this.#parts.length = 0;
      this.#head = 0;
    } else if (this.#head >= MANY_READ) {
      this.#parts.splice(0, this.#head);
      this.#head = 0;
    }
    this.#read += bytes;
    if (this.#read >= INITIAL_CREDIT_BYTES / 2 && this.#end === undefined) {
      source.credit(this.#read);
      this.#read = 0;
    }
    return value;
  }
}

/** Parts that were read are forgotten so many at a time. */
const MANY_READ = 256;
