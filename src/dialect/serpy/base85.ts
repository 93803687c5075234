/**
 * Base 85 with the alphabet of RFC 1924, as Python's `b85encode` and `b85decode` write and read it.
 *
 * ```text
 * BYTES          TEXT
 * (none)         (none)
 * 00 00 00 00    00000          four bytes, big endian, are five digits
 * ff             {{             a last group of n bytes is cut to n + 1 digits
 * ```
 *
 * @module
 */
/** Bytes to the text that stands for them: five characters for every four bytes, all of them printable ASCII. */
export function encodeBase85(bytes: Uint8Array): Uint8Array {
  const missing = -bytes.length & 3;
  const groups = (bytes.length + missing) / 4;
  const text = new Uint8Array(5 * groups);
  for (let group = 0; group < groups; group++) {
    const at = 4 * group;
    // Behind the end there are zeros. Not with `<<`, which would make negative numbers of half of them.
    let number = (bytes[at] * 256 + (bytes[at + 1] ?? 0)) * 65_536 + (bytes[at + 2] ?? 0) * 256 +
      (bytes[at + 3] ?? 0);
    for (let digit = 4; digit >= 0; digit--) {
      text[5 * group + digit] = DIGITS[number % 85];
      number = Math.floor(number / 85);
    }
  }
  return text.subarray(0, text.length - missing);
}

/**
 * Text to the bytes that it stands for, or why it stands for none: the byte and its place, or the group that is too
 * large. Takes what Python takes: a last group of one character stands for nothing.
 */
export function decodeBase85(text: Uint8Array): Uint8Array | string {
  const missing = (5 - text.length % 5) % 5;
  const groups = (text.length + missing) / 5;
  const bytes = new Uint8Array(4 * groups - missing); // what is written behind its end is lost, as it should be
  for (let group = 0; group < groups; group++) {
    let number = 0;
    for (let at = 5 * group; at < 5 * group + 5; at++) {
      const value = at < text.length ? VALUES[text[at]] : LAST_VALUE;
      if (value === NONE) {
        return `byte 0x${text[at].toString(16).padStart(2, "0")} at byte ${at} is no digit`;
      }
      number = number * 85 + value;
    }
    if (number > 0xffff_ffff) return `the group at byte ${5 * group} is above 0xffffffff`;
    bytes[4 * group] = number >>> 24;
    bytes[4 * group + 1] = number >>> 16;
    bytes[4 * group + 2] = number >>> 8;
    bytes[4 * group + 3] = number;
  }
  return bytes;
}

const DIGITS = new TextEncoder().encode(
  "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz!#$%&()*+-;<=>?@^_`{|}~",
);
/** In place of a byte that is no digit. */
const NONE = 255;
/** What stands behind the end of a last group that is cut off. */
const LAST_VALUE = 84;
const VALUES = Uint8Array.from({ length: 256 }, (_, byte) => {
  const value = DIGITS.indexOf(byte);
  return value === -1 ? NONE : value;
});
