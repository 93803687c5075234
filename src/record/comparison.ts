import { joinBytes } from "../join_bytes.ts";
import type { Difference } from "./mismatch.ts";
import type { Piece } from "./piece.ts";

/** Compares what comes with what is expected, however both are cut. */
export interface Comparison {
  /** The first expected piece that has not come whole yet. */
  readonly next: Piece | undefined;
  /** Bytes have come: where they differ, if they do. */
  hear(bytes: Uint8Array): Difference | undefined;
  /** No more will come: what is missing. */
  missing(why?: string): Difference | undefined;
}

/** Byte by byte. */
export class ByteComparison implements Comparison {
  readonly #pieces: readonly Piece[];
  #index = 0;
  /** How much of that piece has come. */
  #offset = 0;

  constructor(pieces: readonly Piece[]) {
    this.#pieces = pieces;
  }

  get next(): Piece | undefined {
    return this.#pieces[this.#index];
  }

  hear(bytes: Uint8Array): Difference | undefined {
    for (let at = 0; at < bytes.length;) {
      const piece = this.#pieces[this.#index];
      if (piece === undefined) return this.#tooMuch(bytes.subarray(at));
      const expected = piece.bytes;
      const count = Math.min(bytes.length - at, expected.length - this.#offset);
      for (let i = 0; i < count; i++) {
        if (bytes[at + i] !== expected[this.#offset + i] && !piece.isUnknown(this.#offset + i)) {
          return this.#difference(this.#offset + i, bytes.subarray(at + i));
        }
      }
      at += count;
      this.#offset += count;
      if (this.#offset < expected.length) continue;
      this.#index++;
      this.#offset = 0;
    }
    return undefined;
  }

  missing(why?: string): Difference | undefined {
    return this.next === undefined ? undefined : this.#difference(this.#offset, NOTHING, why);
  }

  /** What surrounds a byte of the piece, on both sides. What has come before it is what was expected. */
  #difference(at: number, rest: Uint8Array, why?: string): Difference {
    const { step, line, bytes } = this.next!;
    const text = around(bytes, at);
    const before = bytes.subarray(text.from, at);
    const received = new Uint8Array(before.length + Math.min(rest.length, MAX_SHOWN_BYTES));
    received.set(before);
    received.set(rest.subarray(0, MAX_SHOWN_BYTES), before.length);
    return {
      step,
      line,
      expected: bytes.subarray(text.from, text.to),
      received: received.subarray(0, Math.max(before.length, endOfLine(received, before.length))),
      offset: before.length,
      ...(why !== undefined && { why }),
    };
  }

  #tooMuch(bytes: Uint8Array): Difference {
    return tooMuch(this.#pieces.at(-1), bytes);
  }
}

/**
 * Line by line of text, without what may differ. A turn that ends without a line feed, as a prompt does, ends there.
 */
export class LineComparison implements Comparison {
  readonly #pieces: readonly Piece[];
  readonly #ignore: RegExp;
  #index = 0;
  #offset = 0;
  /** What has come and is not compared yet. */
  #came: Uint8Array = NOTHING;

  constructor(pieces: readonly Piece[], ignore: RegExp) {
    this.#pieces = pieces;
    this.#ignore = new RegExp(ignore.source, ignore.flags.includes("g") ? ignore.flags : `${ignore.flags}g`);
  }

  get next(): Piece | undefined {
    return this.#pieces[this.#index];
  }

  hear(bytes: Uint8Array): Difference | undefined {
    this.#came = joinBytes([this.#came, bytes]);
    while (this.#came.length > 0) {
      const piece = this.next;
      if (piece === undefined) return tooMuch(this.#pieces.at(-1), this.#came);
      const end = this.#came.indexOf(LF) + 1;
      const { expected: wanted, unknown, pieces, offset } = this.#unit(end > 0);
      const isLine = wanted.at(-1) === LF;
      const came = isLine ? this.#came.subarray(0, end) : this.#came;
      const expected = withUnknown(wanted, unknown, came);
      const isWhole = isLine ? end > 0 : this.#isEqual(expected, came);
      if (!isWhole) {
        const isHopeless = came.length > MAX_LINE_BYTES || (!isLine && end > 0);
        return isHopeless ? this.#differ(piece, expected, came) : undefined;
      }
      if (isLine && !this.#isEqual(expected, came)) return this.#differ(piece, expected, came);
      this.#came = this.#came.subarray(came.length);
      this.#index += pieces;
      this.#offset = offset;
    }
    return undefined;
  }

  missing(why?: string): Difference | undefined {
    const piece = this.next;
    return piece &&
      { ...this.#differ(piece, this.#unit(false).expected, this.#came), ...(why !== undefined && { why }) };
  }

  /**
   * The next line of what is expected, how many pieces end within it, and where it ends in the piece after those.
   *
   * @param isWhole A whole line has come: it may be one that somebody has spoken into when it was recorded.
   */
  #unit(isWhole: boolean): Unit {
    let expected: Uint8Array = NOTHING;
    const unknown: number[] = [];
    let offset = this.#offset;
    for (let pieces = 0;; pieces++) {
      const piece = this.#pieces[this.#index + pieces];
      if (piece === undefined || (!isWhole && piece.step !== this.next!.step)) {
        return { expected, unknown, pieces, offset: 0 };
      }
      const { bytes } = piece;
      const end = bytes.indexOf(LF, offset) + 1;
      const to = end === 0 ? bytes.length : end;
      for (let at = offset; at < to; at++) {
        if (piece.isUnknown(at)) unknown.push(expected.length + at - offset);
      }
      expected = joinBytes([expected, bytes.subarray(offset, to)]);
      if (end === bytes.length) return { expected, unknown, pieces: pieces + 1, offset: 0 };
      if (end > 0) return { expected, unknown, pieces, offset: end };
      offset = 0;
    }
  }

  #isEqual(expected: Uint8Array, came: Uint8Array): boolean {
    return this.#plain(expected) === this.#plain(came);
  }

  #plain(bytes: Uint8Array): string {
    return latin1(bytes).replace(this.#ignore, "");
  }

  #differ({ step, line }: Piece, expected: Uint8Array, came: Uint8Array): Difference {
    const received = came.slice(0, MAX_SHOWN_BYTES);
    let offset = 0;
    while (offset < expected.length && offset < received.length && expected[offset] === received[offset]) {
      offset++;
    }
    return { step, line, expected, received, offset, why: "they differ beside what is ignored" };
  }
}

/** The line of text around a byte. */
function around(bytes: Uint8Array, at: number): { from: number; to: number } {
  const from = at === 0 ? 0 : bytes.lastIndexOf(LF, at - 1) + 1;
  return { from: Math.max(from, at - MAX_SHOWN_BYTES), to: endOfLine(bytes, at) };
}

/** What is compared at a time: where in it secrets stand that nobody knows, and where it ends. */
interface Unit {
  readonly expected: Uint8Array;
  readonly unknown: readonly number[];
  readonly pieces: number;
  readonly offset: number;
}

/** Takes what has come for what nobody knows. */
function withUnknown(expected: Uint8Array, unknown: readonly number[], came: Uint8Array): Uint8Array {
  if (unknown.length === 0) return expected;
  const made = expected.slice();
  for (const at of unknown) made[at] = came[at] ?? made[at];
  return made;
}

/** Bytes as text of as many characters, so that whatever they are can be matched. */
function latin1(bytes: Uint8Array): string {
  let text = "";
  for (let at = 0; at < bytes.length; at += 8192) {
    text += String.fromCharCode(...bytes.subarray(at, at + 8192));
  }
  return text;
}

function tooMuch(last: Piece | undefined, bytes: Uint8Array): Difference {
  const received = bytes.slice(0, MAX_SHOWN_BYTES);
  return { step: (last?.step ?? 0) + 1, line: last?.line ?? 1, expected: NOTHING, received, offset: 0 };
}

function endOfLine(bytes: Uint8Array, from: number): number {
  const end = bytes.indexOf(LF, from) + 1;
  return end === 0 ? bytes.length : end;
}

const LF = 0x0a;
const NOTHING = new Uint8Array(0);
/** How much of what differs is kept for the message, in bytes. */
const MAX_SHOWN_BYTES = 256;
/** A line that is longer is none, in bytes. */
const MAX_LINE_BYTES = 64 * 1024;
