import type { MaskedPiece, MaskedStream } from "./masked_piece.ts";

/** Bytes that are written when it is known what in them is secret. */
export interface WaitingLine {
  readonly piece: MaskedPiece;
  /** What they are a piece of. */
  readonly stream: MaskedStream;
  toLine(): string;
}

/** Lines on their way to a file, in order: all wait while one may hold the beginning of a secret. */
export class LineQueue {
  readonly #write: (line: string) => void;
  readonly #waiting: (string | WaitingLine)[] = [];

  constructor(write: (line: string) => void) {
    this.#write = write;
  }

  /** Writes it behind those before it. */
  push(line: string | WaitingLine): void {
    if (typeof line === "string" && this.#waiting.length === 0) return this.#write(line);
    this.#waiting.push(line);
    this.#writeSettled();
    while (this.#waiting.length > MAX_WAITING_LINES) this.#settleFirst();
  }

  /** Writes all. */
  end(): void {
    while (this.#waiting.length > 0) this.#settleFirst();
  }

  #settleFirst(): void {
    const [first] = this.#waiting;
    if (typeof first !== "string") first.stream.end();
    this.#writeSettled();
  }

  #writeSettled(): void {
    let count = 0;
    for (; count < this.#waiting.length; count++) {
      const line = this.#waiting[count];
      if (typeof line === "string") this.#write(line);
      else if (line.piece.isSettled) this.#write(line.toLine());
      else break;
    }
    this.#waiting.splice(0, count);
  }
}

/** How many lines wait for the rest of what may be a secret. A secret is typed, or echoed, byte by byte at most. */
const MAX_WAITING_LINES = 1000;
