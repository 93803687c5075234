/**
 * Text in the string literals of a line that is being typed. What is completed may come from a stranger: whatever it
 * is, it has to stay text.
 *
 * @module
 */
import { escapeText } from "../../show/escape.ts";
import type { OpenString } from "./place.ts";

type Quote = OpenString["quote"];

/** The text as it is written between these quotes, everything visible and nothing that could end the literal. */
export function literalText(text: string, quote: Quote): string {
  const special = quote === "`" ? /[\\`$]/g : quote === '"' ? /[\\"]/g : /[\\']/g;
  return escapeText(text.replace(special, "\\$&")).replaceAll("\t", "\\t");
}

const escapes: Readonly<Record<string, string>> = {
  n: "\n",
  r: "\r",
  t: "\t",
  b: "\b",
  f: "\f",
  v: "\v",
  "0": "\0",
};
const escape = /\\(?:x([\da-f]{2})|u([\da-f]{4})|u\{([\da-f]{1,6})\}|([^xu]))/giy;

/** The text that was typed between quotes so far; undefined when it is not plain text, or ends within an escape. */
export function typedText(raw: string, quote: Quote): string | undefined {
  let text = "";
  for (let at = 0; at < raw.length;) {
    if (raw[at] !== "\\") {
      if (quote === "`" && raw.startsWith("${", at)) return undefined;
      text += raw[at++];
      continue;
    }
    escape.lastIndex = at;
    const found = escape.exec(raw);
    if (found === null) return undefined;
    const code = found[1] ?? found[2] ?? found[3];
    if (code !== undefined && parseInt(code, 16) > 0x10ffff) return undefined;
    text += code === undefined ? escapes[found[4]] ?? found[4] : String.fromCodePoint(parseInt(code, 16));
    at = escape.lastIndex;
  }
  return text;
}
