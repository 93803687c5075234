import type { RequestId } from "../message.ts";

/** What a streaming answer needs of the conversation that it goes out on. */
export interface PartSink {
  /** Sends a part; returns what it takes off the credit. @throws when it cannot be said. */
  part(id: RequestId, value: unknown): number;
  /** Resolves when there is room for more parts; rejects when the link is gone for good. */
  room(): Promise<void>;
}

/** An answer that is made part by part, as fast as the other side reads it. */
export class StreamProducer {
  readonly #id: RequestId;
  readonly #parts: AsyncIterator<unknown> | Iterator<unknown>;
  readonly #sink: PartSink;
  #credit: number;
  #stopped = false;
  #wake: (() => void) | undefined;

  constructor(
    id: RequestId,
    parts: AsyncIterator<unknown> | Iterator<unknown>,
    credit: number,
    sink: PartSink,
  ) {
    this.#id = id;
    this.#parts = parts;
    this.#credit = credit;
    this.#sink = sink;
  }

  /** Sends all parts. Resolves when there are no more or nobody wants them; rejects as the handler does. */
  async run(): Promise<void> {
    let isDone = false;
    try {
      while (!this.#stopped) {
        const { done, value } = await this.#parts.next();
        isDone = done === true;
        if (isDone || this.#stopped) return;
        this.#credit -= this.#sink.part(this.#id, value);
        await this.#sink.room();
        while (this.#credit <= 0 && !this.#stopped) await new Promise<void>((wake) => this.#wake = wake);
      }
    } catch (error) {
      isDone = isDone || this.#stopped;
      throw error;
    } finally {
      // Runs the handler's own `finally`, as `break` in a loop would.
      if (!isDone) await this.#parts.return?.();
    }
  }

  /** The reader has room for `bytes` more. */
  grant(bytes: number): void {
    this.#credit += bytes;
    if (this.#credit > 0) this.#wake?.();
  }

  /** Nobody reads any more. */
  stop(): void {
    this.#stopped = true;
    this.#wake?.();
  }
}

/** True for what a generator function returns: a handler's answer in parts. */
export function isGenerator(value: unknown): value is AsyncIterator<unknown> | Iterator<unknown> {
  if (
    typeof value !== "object" || value === null || typeof (value as Iterator<unknown>).next !== "function"
  ) {
    return false;
  }
  return Symbol.asyncIterator in value || Symbol.iterator in value;
}
