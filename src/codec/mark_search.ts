/**
 * The search for a mark of several bytes.
 *
 * @module
 */

/**
 * Finds the mark in bytes that come in pieces, without looking at any byte twice (Knuth, Morris and Pratt, "Fast
 * pattern matching in strings", SIAM Journal on Computing 6 (2), 1977).
 */
export class MarkSearch {
  readonly #mark: Uint8Array;
  readonly #fallback: Uint8Array;
  /** How much of the mark the last bytes are. */
  matched = 0;

  constructor(mark: Uint8Array, fallback: Uint8Array) {
    this.#mark = mark;
    this.#fallback = fallback;
  }

  /** Where the mark ends in the next piece, and starts over behind it; -1 when it does not end there. */
  next(piece: Uint8Array): number {
    const mark = this.#mark;
    for (let index = 0; index < piece.length; index++) {
      if (this.matched === 0) {
        index = piece.indexOf(mark[0], index); // native, and most bytes are no part of a mark
        if (index === -1) return -1;
      }
      const byte = piece[index];
      while (this.matched > 0 && byte !== mark[this.matched]) this.matched = this.#fallback[this.matched - 1];
      if (byte === mark[this.matched]) this.matched++;
      if (this.matched === mark.length) {
        this.matched = 0;
        return index + 1;
      }
    }
    return -1;
  }
}

/** For each part of the mark from its start, how long its longest end is that is also a start of the mark. */
export function fallbackTable(mark: Uint8Array): Uint8Array {
  const table = new Uint8Array(mark.length);
  let matched = 0;
  for (let index = 1; index < mark.length; index++) {
    while (matched > 0 && mark[index] !== mark[matched]) matched = table[matched - 1];
    if (mark[index] === mark[matched]) matched++;
    table[index] = matched;
  }
  return table;
}
