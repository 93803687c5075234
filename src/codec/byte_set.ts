/**
 * Sets of bytes, which patterns are made of.
 *
 * @module
 */

/** For each byte whether it belongs: 1 or 0. */
export type ByteSet = Uint8Array;

/** The set of these bytes. */
export function setOf(bytes: Iterable<number>): ByteSet {
  const set = new Uint8Array(256);
  for (const value of bytes) set[value] = 1;
  return set;
}

/** The bytes that do not belong. */
export function not(set: ByteSet): ByteSet {
  return set.map((belongs) => 1 - belongs);
}

function ascii(pattern: RegExp): ByteSet {
  return Uint8Array.from(
    { length: 256 },
    (_, at) => at < 0x80 && pattern.test(String.fromCharCode(at)) ? 1 : 0,
  );
}

const [DIGIT, WORD, SPACE] = [ascii(/\d/), ascii(/\w/), ascii(/\s/)];
/** What `\d` and the like stand for. They know ASCII: white space and letters beyond it take several bytes. */
export const CLASSES: Readonly<Record<string, ByteSet>> = Object.freeze({
  d: DIGIT,
  w: WORD,
  s: SPACE,
  D: not(DIGIT),
  W: not(WORD),
  S: not(SPACE),
});
/** What `\n` and the like stand for. */
export const CONTROLS: Readonly<Record<string, number>> = Object.freeze({ t: 9, n: 10, v: 11, f: 12, r: 13 });
