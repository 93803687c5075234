import type { Direction } from "../peer/traffic.ts";
import { ByteComparison, type Comparison, LineComparison } from "./comparison.ts";
import type { Difference } from "./mismatch.ts";
import { Piece } from "./piece.ts";
import type { RecordedConnection } from "./recording.ts";

/** A piece of the side that is played, when its turn has come. */
export interface NextPiece {
  /** Counts the turns of the connection from 1. */
  readonly step: number;
  /** The line of the recording. */
  readonly line: number;
  /** What is said. */
  readonly bytes: Uint8Array;
  /** How long after what was before it, whoever said that, it was said, in milliseconds. */
  readonly gapMs: number;
}

/**
 * Plays one side of a recorded connection, without any link: says what is next, and compares what comes with the other
 * side. A piece has its turn when everything has come that came before it in the recording; how either side is cut into
 * pieces does not matter. What comes early is compared all the same.
 */
export class Exchange {
  readonly #pieces: readonly Piece[];
  readonly #says: Direction;
  readonly #startMs: number;
  readonly #comparison: Comparison;
  #said = 0;

  /**
   * @param says The side that is played: `out` is the one that has recorded.
   * @param ignore What may differ in a line of text: it is left out on both sides before they are compared.
   */
  constructor(connection: RecordedConnection, says: Direction, ignore?: RegExp) {
    this.#pieces = piecesOf(connection);
    this.#says = says;
    this.#startMs = connection.ms;
    const expected = this.#pieces.filter(({ direction }) => direction !== says);
    this.#comparison = ignore === undefined
      ? new ByteComparison(expected)
      : new LineComparison(expected, ignore);
    this.#skip();
  }

  /** How many turns it has. */
  get steps(): number {
    return this.#pieces.at(-1)?.step ?? 0;
  }

  /** The turn that is under way, from 1. */
  get step(): number {
    return this.#waitedFor?.step ?? this.#pieces[this.#said]?.step ?? this.steps;
  }

  /** What may be said now; `undefined` while something has to come first, and at the end. */
  get next(): NextPiece | undefined {
    const piece = this.#pieces[this.#said];
    if (piece === undefined) return undefined;
    const waitedFor = this.#waitedFor;
    if (waitedFor !== undefined && waitedFor.line < piece.line) return undefined;
    const before = this.#pieces[this.#said - 1]?.ms ?? this.#startMs;
    const { step, line, bytes, ms } = piece;
    return { step, line, bytes, gapMs: Math.max(0, ms - before) };
  }

  /** True when everything was said. */
  get hasSpoken(): boolean {
    return this.#said >= this.#pieces.length;
  }

  /** True when everything has come. */
  get hasHeard(): boolean {
    return this.#waitedFor === undefined;
  }

  /** What `next` gave was said. */
  saidNext(): void {
    this.#said++;
    this.#skip();
  }

  /** Bytes have come. Returns where they differ from the recording, and is of no use then. */
  hear(bytes: Uint8Array): Difference | undefined {
    return this.#comparison.hear(bytes);
  }

  /** No more will come: what is missing, if anything is. */
  missing(why?: string): Difference | undefined {
    return this.#comparison.missing(why);
  }

  get #waitedFor(): Piece | undefined {
    return this.#comparison.next;
  }

  /** On to the next piece of the side that is played. */
  #skip(): void {
    while (this.#said < this.#pieces.length && this.#pieces[this.#said].direction !== this.#says) {
      this.#said++;
    }
  }
}

/** The pieces of a connection, each with its turn. Empty ones, which a writer may leave behind, say nothing. */
export function piecesOf({ entries }: RecordedConnection): Piece[] {
  const pieces: Piece[] = [];
  for (const entry of entries) {
    if (entry.kind !== "bytes" || entry.bytes.length === 0) continue;
    const last = pieces.at(-1);
    const step = last === undefined ? 1 : last.direction === entry.direction ? last.step : last.step + 1;
    pieces.push(new Piece(entry, step));
  }
  return pieces;
}
