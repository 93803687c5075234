/**
 * The values that stand as lines of text in pickles of protocol 0.
 *
 * @module
 */
import { asNumber, type PickleBytes } from "./pickle_bytes.ts";
import { badPickle, shownName } from "./pickle_error.ts";
import { MAX_INT_DIGITS } from "../python_number.ts";

/** `I`: an int, or one of the two booleans of Python 2.2. */
export function readIntLine(bytes: PickleBytes): number | bigint | boolean {
  const text = bytes.line(MAX_INT_DIGITS + 1);
  if (text === "00" || text === "01") return text === "01";
  return intOf(text);
}

/** `L`: an int with an `L` behind it. */
export function readLongLine(bytes: PickleBytes): number | bigint {
  return intOf(bytes.line(MAX_INT_DIGITS + 2).replace(/L$/, ""));
}

/** `F`: a float as Python's `repr()` writes it. */
export function readFloatLine(bytes: PickleBytes): number {
  const text = bytes.line(MAX_FLOAT_CHARS);
  const special = SPECIAL.get(text);
  if (special !== undefined) return special;
  if (!FLOAT.test(text)) throw badPickle(`${shownName(text)} is no float`);
  return Number(text);
}

/** `S`: text in quotes, as Python 2 wrote it. */
export function readQuotedLine(bytes: PickleBytes): string {
  const text = bytes.line(bytes.length);
  const quoted = QUOTED.exec(text);
  if (quoted === null) throw badPickle(`${shownName(text)} is no text in quotes`);
  return (quoted[1] ?? quoted[2]).replace(ESCAPE, (whole, hex: string | undefined, other: string) => {
    if (hex !== undefined) return asciiCharacter(parseInt(hex, 16));
    const meant = ESCAPED.get(other);
    if (meant === undefined) throw badPickle(`${shownName(whole)} is no escape in a text`);
    return meant;
  });
}

/** `V`: text in ISO 8859-1, with other characters as `\uxxxx` or `\Uxxxxxxxx`. */
export function readUnicodeLine(bytes: PickleBytes): string {
  return bytes.line(bytes.length).replace(UNICODE_ESCAPE, (whole, short?: string, long?: string) => {
    if (whole === "\\\\") return whole; // behind two of them an u is an u
    const point = parseInt(short ?? long ?? "", 16);
    if (!(point <= 0x10_ffff)) throw badPickle(`${shownName(whole)} is no character`);
    return String.fromCodePoint(point);
  });
}

/** A number in the memo. */
export function readIndexLine(bytes: PickleBytes): number {
  const text = bytes.line(MAX_INDEX_CHARS);
  if (!INDEX.test(text)) throw badPickle(`${shownName(text)} is no place in the memo`);
  return Number(text);
}

function intOf(text: string): number | bigint {
  if (!INT.test(text)) throw badPickle(`${shownName(text)} is no int`);
  return asNumber(BigInt(text.replace(/^\+/, "")));
}

function asciiCharacter(code: number): string {
  if (code > 0x7f) throw badPickle("a text of Python 2 holds a byte that is no ASCII");
  return String.fromCharCode(code);
}

const INT = /^[+-]?\d+$/;
const INDEX = /^\d+$/;
const FLOAT = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;
const SPECIAL: ReadonlyMap<string, number> = new Map([["nan", NaN], ["inf", Infinity], ["-inf", -Infinity]]);
const QUOTED = /^(?:'([\x20-\x7e]*)'|"([\x20-\x7e]*)")$/;
const ESCAPE = /\\(?:x([0-9a-fA-F]{2})|(.?))/g;
const ESCAPED: ReadonlyMap<string, string> = new Map([
  ["\\", "\\"],
  ["'", "'"],
  ['"', '"'],
  ["n", "\n"],
  ["r", "\r"],
  ["t", "\t"],
]);
const UNICODE_ESCAPE = /\\\\|\\u([0-9a-fA-F]{4})|\\U([0-9a-fA-F]{8})|\\[uU]/g;
const MAX_FLOAT_CHARS = 100;
/** Ten digits are more than there can be places. */
const MAX_INDEX_CHARS = 10;
