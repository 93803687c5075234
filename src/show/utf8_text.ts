/**
 * Bytes of which nobody knows whether they are text, as text.
 *
 * @module
 */

/**
 * Decodes UTF-8 in pieces of any size. A character that was cut is held until it is whole; a byte that belongs to none
 * shows as `\x9f`, which tells more about a wrong baud rate than a replacement character does. Pure.
 */
export class Utf8Text {
  /** The beginning of a character: at most three bytes. */
  #held: number[] = [];

  /** The text of these bytes and those that were held. */
  feed(bytes: Uint8Array): string {
    if (this.#held.length === 0 && isAscii(bytes)) return ascii(bytes);
    let text = "";
    const all = [...this.#held, ...bytes];
    this.#held = [];
    for (let at = 0; at < all.length;) {
      const length = characterLength(all, at);
      if (length === 0) {
        this.#held = all.slice(at);
        break;
      }
      text += length < 0 ? byteText(all[at]) : character(all, at, length);
      at += Math.abs(length);
    }
    return text;
  }

  /** What is held, since nothing more comes. */
  end(): string {
    const text = this.#held.map(byteText).join("");
    this.#held = [];
    return text;
  }
}

/** A byte as it stands in a string literal: `\x9f`. */
export function byteText(byte: number): string {
  return `\\x${byte.toString(16).padStart(2, "0")}`;
}

function isAscii(bytes: Uint8Array): boolean {
  return bytes.every((byte) => byte < 0x80);
}

function ascii(bytes: Uint8Array): string {
  return new TextDecoder("latin1").decode(bytes);
}

/** How many bytes the character takes that begins at `at`; 0 when some are still to come, -1 when it is none. */
function characterLength(bytes: readonly number[], at: number): number {
  const first = bytes[at];
  if (first < 0x80) return 1;
  const length = first < 0xc2 ? -1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : first < 0xf5 ? 4 : -1;
  for (let index = 1; index < length; index++) {
    const byte = bytes[at + index];
    if (byte === undefined) return 0;
    const [low, high] = index === 1 ? SECOND[first] ?? ANY : ANY;
    if (byte < low || byte > high) return -1;
  }
  return length;
}

function character(bytes: readonly number[], at: number, length: number): string {
  let codePoint = length === 1 ? bytes[at] : bytes[at] & (0x7f >> length);
  for (let index = 1; index < length; index++) codePoint = codePoint << 6 | (bytes[at + index] & 0x3f);
  return String.fromCodePoint(codePoint);
}

const ANY: readonly [low: number, high: number] = [0x80, 0xbf];

/** Where the second byte may be less than any: no character is written longer than it has to be, and no surrogate. */
const SECOND: Readonly<Record<number, readonly [low: number, high: number]>> = Object.freeze({
  0xe0: [0xa0, 0xbf],
  0xed: [0x80, 0x9f],
  0xf0: [0x90, 0xbf],
  0xf4: [0x80, 0x8f],
});
