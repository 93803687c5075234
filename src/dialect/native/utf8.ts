/**
 * UTF-8 where it is short or has to be checked: the engine's encoder and decoder cost most for few bytes, and a
 * decoder that checks costs twice as much as one that does not and cannot tell the place.
 *
 * @module
 */

/** Up to this many characters, {@linkcode writeAscii} costs less than an encoder. */
export const SHORT_CHARS = 48;

/** Writes `text` at `at` if it is all ASCII, one byte a character; false means that the bytes there are no text. */
export function writeAscii(bytes: Uint8Array, at: number, text: string): boolean {
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (code >= 0x80) return false;
    bytes[at + index] = code;
  }
  return true;
}

/**
 * The text in `bytes` between `from` and `to`, or the offset of the first character that is no UTF-8. `decoder` has
 * to keep byte order marks.
 */
export function readUtf8(
  bytes: Uint8Array,
  from: number,
  to: number,
  decoder: TextDecoder,
): string | number {
  const length = to - from;
  if (length <= SHORT_BYTES) {
    const codes: number[] = new Array(length);
    let any = 0;
    for (let index = 0; index < length; index++) any |= codes[index] = bytes[from + index];
    if (any < 0x80) return fromCharCode.apply(null, codes);
  }
  const fault = utf8Fault(bytes, from, to);
  return fault === -1 ? decoder.decode(bytes.subarray(from, to)) : fault;
}

/**
 * The offset of the first character between `from` and `to` that is no UTF-8, or -1 when all of them are.
 */
function utf8Fault(bytes: Uint8Array, from: number, to: number): number {
  let at = from;
  while (at < to) {
    at = skipAscii(bytes, at, to);
    if (at === to) break;
    const next = characterEnd(bytes, at, to);
    if (next === -1) return at;
    at = next;
  }
  return -1;
}

/** The offset of the first byte between `from` and `to` that is not ASCII, or `to`. */
function skipAscii(bytes: Uint8Array, from: number, to: number): number {
  let at = from;
  while (at < to - 7) {
    const any = bytes[at] | bytes[at + 1] | bytes[at + 2] | bytes[at + 3] | bytes[at + 4] | bytes[at + 5] |
      bytes[at + 6] | bytes[at + 7];
    if (any >= 0x80) break;
    at += 8;
  }
  while (at < to && bytes[at] < 0x80) at++;
  return at;
}

/** The offset behind the character of two to four bytes at `at`, or -1. */
function characterEnd(bytes: Uint8Array, at: number, to: number): number {
  const lead = bytes[at];
  // Beside the pattern of the bytes, UTF-8 forbids longer forms than needed, surrogates, and more than U+10FFFF.
  const size = lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
  if (lead < 0xc2 || lead > 0xf4 || size > to - at) return -1;
  const second = bytes[at + 1];
  const least = lead === 0xe0 ? 0xa0 : lead === 0xf0 ? 0x90 : 0x80;
  const most = lead === 0xed ? 0x9f : lead === 0xf4 ? 0x8f : 0xbf;
  if (second < least || second > most) return -1;
  for (let index = 2; index < size; index++) {
    if ((bytes[at + index] & 0xc0) !== 0x80) return -1;
  }
  return at + size;
}

/** Up to this many bytes, making a string of codes costs less than asking a decoder. */
const SHORT_BYTES = 40;
const { fromCharCode } = String;
