/** Parts of a run of bytes, each from its first to its end, in order and never touching each other. */
export class PieceList {
  readonly #pieces: [start: number, end: number][] = [];

  /** How many pieces there are. */
  get length(): number {
    return this.#pieces.length;
  }

  /** The first piece; `undefined` when there is none. */
  get first(): readonly [start: number, end: number] | undefined {
    return this.#pieces[0];
  }

  /** Adds the part from `start` to `end`; pieces that it touches become one with it. */
  add(start: number, end: number): void {
    const pieces = this.#pieces;
    let at = 0;
    while (at < pieces.length && pieces[at][1] < start) at++;
    let upTo = at;
    let [first, last] = [start, end];
    while (upTo < pieces.length && pieces[upTo][0] <= end) {
      first = Math.min(first, pieces[upTo][0]);
      last = Math.max(last, pieces[upTo][1]);
      upTo++;
    }
    pieces.splice(at, upTo - at, [first, last]);
  }

  /** Takes everything before `end` out. */
  dropBefore(end: number): void {
    const pieces = this.#pieces;
    while (pieces.length > 0 && pieces[0][1] <= end) pieces.shift();
    if (pieces.length > 0) pieces[0][0] = Math.max(pieces[0][0], end);
  }

  clear(): void {
    this.#pieces.length = 0;
  }
}
