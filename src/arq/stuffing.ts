/**
 * COBS into and out of memory that is there already: the codec `cobs` makes a new array for each frame, which is one
 * too many for each packet of a serial line.
 *
 * @module
 */

/** The most bytes that `length` bytes become, their closing zero included. */
export function maxStuffedBytes(length: number): number {
  return length + Math.floor(length / 254) + 2;
}

/**
 * Writes the first `length` bytes of `source` stuffed, and the zero behind them, to `target` at `at`.
 *
 * @returns where the next byte goes.
 */
export function stuff(source: Uint8Array, length: number, target: Uint8Array, at: number): number {
  let codeAt = at++;
  for (let index = 0; index < length; index++) {
    const byte = source[index];
    if (byte !== 0) target[at++] = byte;
    // A full group at the very end stands alone: another code would say that a zero follows.
    if (byte === 0 || (at - codeAt === FULL && index < length - 1)) {
      target[codeAt] = at - codeAt;
      codeAt = at++;
    }
  }
  target[codeAt] = at - codeAt;
  target[at] = 0;
  return at + 1;
}

/**
 * Writes what the bytes of `source` from `start` to `end` stand for to the front of `target`, which may be
 * the same memory.
 *
 * @returns how many bytes that are; -1 when they are not well stuffed, or more than `target` holds.
 */
export function unstuff(source: Uint8Array, start: number, end: number, target: Uint8Array): number {
  let to = 0;
  let code = FULL;
  for (let codeAt = start; codeAt < end; codeAt += code) {
    if (code < FULL) target[to++] = 0; // the zero that the group before stood for
    code = source[codeAt];
    const next = codeAt + code;
    if (code === 0 || next > end || to + code > target.length) return -1;
    for (let from = codeAt + 1; from < next; from++) target[to++] = source[from];
  }
  return to;
}

/** The code of a group of 254 bytes that no zero follows. */
const FULL = 0xff;
