/**
 * Text that came from elsewhere, made safe to look at: nothing of it can move the cursor, change a colour, reverse the
 * reading direction or hide between two letters.
 *
 * @module
 */

/** How {@linkcode escapeText} treats the characters that are harmless in one place and not in another. */
export interface EscapeOptions {
  /** Leave line feeds as they are, for text that is printed as a block of lines. Default: false. */
  keepNewlines?: boolean;
}

// Runs on every line of traffic, so text that is plain printable ASCII leaves after one scan.
const plain = /^[\t\x20-\x7e]*$/;

// C0 but TAB, DEL, C1, soft hyphen, bidi marks, embeddings and isolates, zero-width characters, line and paragraph
// separators, interlinear annotations, the invisible tag characters, and (by the u flag) surrogates without a partner.
const hostile =
  // deno-lint-ignore no-control-regex
  /[\x00-\x08\x0a-\x1f\x7f-\x9f\xad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\u{e0000}-\u{e007f}\ud800-\udfff]/gu;

function escapeForm(character: string): string {
  if (character === "\n") return "\\n";
  if (character === "\r") return "\\r";
  const codePoint = character.codePointAt(0)!;
  if (codePoint > 0xffff) return `\\u{${codePoint.toString(16)}}`;
  if (codePoint > 0xff) return `\\u${codePoint.toString(16).padStart(4, "0")}`;
  return `\\x${codePoint.toString(16).padStart(2, "0")}`;
}

/**
 * Replace what could drive the terminal or deceive the eye by its visible form, `\x1b` or `\u202e`. TAB stays.
 *
 * The result is for reading, not for parsing back: a backslash that was there before is left alone.
 *
 * @example
 * ```ts
 * import { escapeText } from "./escape.ts";
 * import assert from "node:assert/strict";
 *
 * assert.equal(escapeText("\x1b[2Jgone"), "\\x1b[2Jgone");
 * ```
 */
export function escapeText(text: string, options: EscapeOptions = {}): string {
  if (plain.test(text)) return text;
  return text.replace(hostile, (found) => found === "\n" && options.keepNewlines ? found : escapeForm(found));
}

/** The same for text in a column of others, where a TAB would go over them. */
export function escapeCell(text: string): string {
  return escapeText(text).replaceAll("\t", "\\t");
}

/** The text in double quotes on one line, as a string literal would be written, with every escape visible. */
export function quoteText(text: string): string {
  return `"${escapeText(text.replace(/["\\]/g, "\\$&").replaceAll("\t", "\\t"))}"`;
}

/**
 * Fold what is too long to show: the first `maxChars` UTF-16 units (never half a character), then `…(+n chars)`.
 *
 * @throws {RangeError} when `maxChars` is not a whole number of 0 or more.
 */
export function clip(text: string, maxChars: number): string {
  if (!Number.isInteger(maxChars) || maxChars < 0) {
    throw new RangeError(`Cannot clip text to ${maxChars} chars: give a whole number of 0 or more`);
  }
  if (text.length <= maxChars) return text;
  const splitsPair = /[\ud800-\udbff]/.test(text.charAt(maxChars - 1)) &&
    /[\udc00-\udfff]/.test(text.charAt(maxChars));
  const end = splitsPair ? maxChars - 1 : maxChars;
  return `${text.slice(0, end)}…(+${text.length - end} chars)`;
}

/**
 * JSON whose strings hold nothing that could drive the terminal or deceive the eye: `\u` escapes stand for it, so that
 * it is the same JSON as before.
 */
export function escapeJson(json: string): string {
  if (plain.test(json)) return json;
  return json.replace(hostile, (found) => {
    const units = Array.from({ length: found.length }, (_, index) => found.charCodeAt(index));
    return units.map((unit) => `\\u${unit.toString(16).padStart(4, "0")}`).join("");
  });
}
