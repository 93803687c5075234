/**
 * How messages are written at the shell, those that are given and those that are printed. Pure.
 *
 * @module
 */
import { escapeText } from "../show/escape.ts";
import { CommandLineError } from "./failure.ts";

/**
 * `text` as it is; `escape` with `\r`, `\x1b` and the like; `hex` bytes such as `aa 0d`; `value` JSON where it is JSON;
 * `raw` all of standard input as it is, and nothing added to what is printed.
 */
export type MessageForm = "text" | "escape" | "hex" | "value" | "raw";

/**
 * The message that is meant by what was written.
 *
 * @throws {CommandLineError} it cannot be read in that form.
 */
export function messageOf(form: MessageForm, text: string): unknown {
  switch (form) {
    case "hex":
      return bytesOfHex(text);
    case "escape":
      return unescaped(text);
    case "value":
      return valueOf(text);
    default:
      return text;
  }
}

/** A message in a form that writes it in one line; `undefined` where the form has no word for it. */
export function messageText(form: MessageForm, message: unknown): string | undefined {
  if (typeof message !== "string" && !(message instanceof Uint8Array)) return undefined;
  if (form === "hex") {
    const bytes = typeof message === "string" ? new TextEncoder().encode(message) : message;
    return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join(" ");
  }
  if (form !== "escape") return undefined;
  if (typeof message === "string") return escaped(message);
  const text = utf8(message);
  return text === undefined ? Array.from(message, escapedByte).join("") : escaped(text);
}

/** What JSON can say is that, everything else is text: `1` is a number, and `one` a text. */
export function valueOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function bytesOfHex(text: string): Uint8Array {
  const digits = text.replace(/0x|[\s,:_-]/gi, "");
  const wrong = /[^\da-f]/i.exec(digits);
  if (wrong !== null) throw cannot(text, `"${escapeText(wrong[0])}" is no hexadecimal digit`);
  if (digits.length % 2 === 1) throw cannot(text, `${digits.length} digits are no whole bytes; two make one`);
  return Uint8Array.from(digits.match(/../g) ?? [], (pair) => parseInt(pair, 16));
}

/** Text, unless there is a byte in it that is none. */
function unescaped(text: string): string | Uint8Array {
  const parts: (string | number)[] = [];
  let end = 0;
  for (const match of text.matchAll(/\\(x[\da-f]{2}|u[\da-f]{4}|u\{[\da-f]{1,6}\}|[^]|$)/gi)) {
    parts.push(text.slice(end, match.index), escapeOf(match[1], text));
    end = match.index + match[0].length;
  }
  parts.push(text.slice(end));
  if (!parts.some((part) => typeof part === "number")) return parts.join("");
  return Uint8Array.from(
    parts.flatMap((part) => typeof part === "number" ? [part] : [...new TextEncoder().encode(part)]),
  );
}

/** A byte above ASCII stays a number: as text it would become two. */
function escapeOf(word: string, text: string): string | number {
  if (Object.hasOwn(ESCAPES, word)) return ESCAPES[word];
  const code = parseInt(word.replace(/^[xu]\{?/i, ""), 16);
  if (/^x./i.test(word)) return code < 0x80 ? String.fromCharCode(code) : code;
  if (/^u./i.test(word) && code <= 0x10ffff) return String.fromCodePoint(code);
  const known = Object.keys(ESCAPES).map((each) => `\\${each}`).join(" ");
  throw cannot(text, `"\\${escapeText(word)}" is unknown; there are ${known} \\x41 \\u20ac \\u{1f600}`);
}

const ESCAPES: Readonly<Record<string, string>> = Object.freeze({
  r: "\r",
  n: "\n",
  t: "\t",
  "0": "\0",
  e: "\x1b",
  a: "\x07",
  b: "\b",
  f: "\f",
  v: "\v",
  "\\": "\\",
});

/** So that it can be given again as it was printed: `\x9f` would then be a byte, and no character. */
function escaped(text: string): string {
  return escapeText(text.replaceAll("\\", "\\\\").replaceAll("\t", "\\t"))
    .replace(/\\\\|\\x([89a-f][\da-f])/g, (all, digits) => digits === undefined ? all : `\\u00${digits}`);
}

function escapedByte(byte: number): string {
  return byte < 0x80 ? escaped(String.fromCharCode(byte)) : `\\x${byte.toString(16)}`;
}

/** `undefined` when the bytes are no text. */
export function utf8(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

function cannot(text: string, why: string): CommandLineError {
  const shown = text.length > SHOWN_CHARS ? `${text.slice(0, SHOWN_CHARS)}…` : text;
  return new CommandLineError(`Cannot read the message "${escapeText(shown)}": ${why}`);
}

/** The beginning of a message is enough to find it by. */
const SHOWN_CHARS = 60;
