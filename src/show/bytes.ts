import { escapeText, quoteText } from "./escape.ts";

const maxTextBytes = 10_000;
const maxHexBytes = 64;

/**
 * Bytes by content: `Uint8Array(5) "hello"` when they are readable UTF-8, else their first 64 in hexadecimal,
 * `Uint8Array(3) 00 ff 1b`, how many more there are, and the words in them. Subclasses show their own name.
 */
export function showBytes(bytes: Uint8Array): string {
  const name = bytes instanceof Uint8Array && bytes.constructor === Uint8Array
    ? "Uint8Array"
    : className(bytes);
  const head = `${name}(${bytes.length})`;
  if (bytes.length === 0) return `${head} ""`;
  const text = readable(bytes.subarray(0, maxTextBytes), bytes.length > maxTextBytes);
  if (text !== undefined) return `${head} ${quoteText(text)}${more(bytes.length - maxTextBytes)}`;
  const hex = Array.from(bytes.subarray(0, maxHexBytes), (byte) => byte.toString(16).padStart(2, "0"));
  return `${head} ${hex.join(" ")}${more(bytes.length - maxHexBytes)}${
    textColumn(bytes.subarray(0, maxHexBytes))
  }`;
}

/** The same without saying what they are: `"hello"`, `00 ff 1b`. */
export function showContent(bytes: Uint8Array): string {
  return showBytes(bytes).replace(/^[^ ]+\(\d+\) /, "");
}

/** What of binary data can be read, as a hex dump shows it, when there is a word to be read in it. */
function textColumn(bytes: Uint8Array): string {
  const text = Array.from(bytes, (byte) => byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : ".")
    .join("");
  return /\w{3}/.test(text) ? `  |${text}|` : "";
}

function more(count: number): string {
  return count > 0 ? `…(+${count} bytes)` : "";
}

function className(bytes: Uint8Array): string {
  const { value } = Object.getOwnPropertyDescriptor(bytes.constructor ?? {}, "name") ?? {};
  return typeof value === "string" && value !== "" ? escapeText(value) : "Uint8Array";
}

/** The text these bytes are, if they are text: valid UTF-8 whose only control characters are TAB, LF and CR. */
function readable(bytes: Uint8Array, cutOff: boolean): string | undefined {
  try {
    const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes, { stream: cutOff });
    // deno-lint-ignore no-control-regex
    return /[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]/.test(text) ? undefined : text;
  } catch {
    return undefined;
  }
}
