/**
 * Text as bytes in the encodings that text dialects have, and back.
 *
 * @module
 */
import { UsageTypeError } from "../errors.ts";

/** How text stands on the wire: 7 bits a character, UTF-8, or ISO 8859-1 with one byte a character. */
export type TextEncoding = "ascii" | "utf-8" | "latin-1";

/** All encodings by name. */
export const TEXT_ENCODINGS: readonly TextEncoding[] = Object.freeze(["ascii", "utf-8", "latin-1"]);

/** What bytes say in an encoding. */
export interface DecodedText {
  /** The text. */
  readonly text: string;
  /** True when some of the bytes are no text in this encoding: they were dropped or replaced. */
  readonly invalid: boolean;
}

/**
 * Bytes to text. What is no text is replaced by U+FFFD (once for each byte in ASCII, once for each broken character
 * in UTF-8) or dropped. In `latin-1` every byte is a character. A byte order mark is a character as any other.
 *
 * ```text
 * BYTES            ascii           ascii, "drop"   utf-8        utf-8, "drop"   latin-1
 * 68 c3 a9         h\uFFFD\uFFFD!  h!              hé           hé              hÃ©
 * 63 6d ff 64      cm\uFFFDd!      cmd!            cm\uFFFDd!   cmd!            cmÿd          (! is invalid)
 * ```
 *
 * @param rest What becomes of bytes that are no text. Default `"replace"`.
 */
export function decodeText(
  bytes: Uint8Array,
  encoding: TextEncoding,
  rest: "replace" | "drop" = "replace",
): DecodedText {
  if (encoding === "utf-8") {
    const text = UTF8.decode(bytes);
    // A replacement character may have been sent as such: only its presence makes it worth a second look.
    if (!text.includes(REPLACEMENT) || isEncoded(text, bytes)) return { text, invalid: false };
    return { text: rest === "drop" ? validParts(bytes) : text, invalid: true };
  }
  if (bytes.every((byte) => byte < 0x80)) return { text: UTF8.decode(bytes), invalid: false };
  if (encoding === "latin-1") return { text: charactersOf(bytes), invalid: false };
  const text = rest === "drop"
    ? UTF8.decode(bytes.filter((byte) => byte < 0x80))
    : charactersOf(bytes).replace(BEYOND_ASCII, REPLACEMENT);
  return { text, invalid: true };
}

/**
 * Text to bytes. In `utf-8` a lone surrogate is written as U+FFFD.
 *
 * @throws {UsageTypeError} code `usage`: the encoding has no such character; the message names it and its place.
 */
export function encodeText(text: string, encoding: TextEncoding): Uint8Array {
  if (encoding === "utf-8") return ENCODER.encode(text);
  const strange = encoding === "ascii" ? BEYOND_ASCII : BEYOND_LATIN1;
  const at = text.search(strange);
  if (at !== -1) throw unknownCharacter(text, at, encoding);
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}

const REPLACEMENT = "\uFFFD";
// Only with `search` and `replace`, which remember no place in a global expression.
const BEYOND_ASCII = /[^\0-\x7f]/g;
const BEYOND_LATIN1 = /[^\0-\xff]/g;
const ENCODER = new TextEncoder();
const UTF8 = new TextDecoder("utf-8", { ignoreBOM: true });
/** So many arguments fit into one call everywhere. */
const CHARACTERS_A_CALL = 8192;

/** One character a byte. `TextDecoder` cannot do it: its "latin1" is Windows-1252. */
function charactersOf(bytes: Uint8Array): string {
  let text = "";
  for (let at = 0; at < bytes.length; at += CHARACTERS_A_CALL) {
    text += String.fromCharCode(...bytes.subarray(at, at + CHARACTERS_A_CALL));
  }
  return text;
}

/** True when the bytes are that text in UTF-8. A decoder that throws would take ten times as long. */
function isEncoded(text: string, bytes: Uint8Array): boolean {
  const encoded = ENCODER.encode(text);
  return encoded.length === bytes.length && encoded.every((byte, at) => byte === bytes[at]);
}

/** UTF-8 without what is none; a U+FFFD that was sent as such stays. */
function validParts(bytes: Uint8Array): string {
  const parts: string[] = [];
  let from = 0;
  // The first of its three bytes only begins characters, so wherever they stand in a row they are that character.
  for (let at = 0; at < bytes.length; at++) {
    if (bytes[at] !== 0xef || bytes[at + 1] !== 0xbf || bytes[at + 2] !== 0xbd) continue;
    parts.push(UTF8.decode(bytes.subarray(from, at)));
    from = at + 3;
  }
  parts.push(UTF8.decode(bytes.subarray(from)));
  return parts.map((part) => part.replaceAll(REPLACEMENT, "")).join(REPLACEMENT);
}

function unknownCharacter(text: string, at: number, encoding: TextEncoding): UsageTypeError {
  const point = text.codePointAt(at)!;
  const name = `U+${point.toString(16).toUpperCase().padStart(4, "0")}`;
  const others = encoding === "ascii" ? `"utf-8" or "latin-1"` : `"utf-8"`;
  return new UsageTypeError(
    `Cannot encode ${JSON.stringify(String.fromCodePoint(point))} (${name}, character ${at} of the text)` +
      ` as ${encoding}: it has no such character; leave it out, or set the option encoding: ${others} at both ends`,
  );
}
