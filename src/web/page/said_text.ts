import { escapeText } from "../../show/escape.ts";
import type { PageSaid } from "./wire.ts";

/** What was said, on one line, as code would have it: `text`, `led(true)`, `time = 12`. Nothing of it can deceive. */
export function textOf(said: PageSaid): string {
  const name = escapeText(said.name ?? "");
  switch (said.kind) {
    case "action":
    case "request": {
      if (name === "") return "what is there to call?"; // how `describe` asks
      const args = [...said.args ?? [], ...said.kwargs === undefined ? [] : [said.kwargs]];
      return `${name}(${args.map(inlineText).join(", ")})`;
    }
    case "answer":
    case "part":
      return `${name === "" ? "" : `${name} = `}${inlineText(said.value)}`;
    case "failure":
      return `${name} [${escapeText(said.code ?? "")}] ${bareText(said.value)}`;
    case "cancel":
    case "file-request":
      return name;
    case "file":
      return `${name} (${(said.size ?? 0).toLocaleString("en-US")} bytes)`;
    default:
      return bareText(said.value) + (said.isCut ? " …" : "");
  }
}

/** A value that stands for itself: text without quotes. */
export function bareText(value: unknown): string {
  return typeof value === "string" ? escapeText(value) : inlineText(value);
}

/** A value among others, on one line. */
export function inlineText(value: unknown): string {
  if (typeof value === "string") return escapeText(JSON.stringify(value));
  if (value === undefined) return "undefined";
  if (value === null || typeof value !== "object") return String(value);
  if (Array.isArray(value)) return `[${value.map(inlineText).join(", ")}]`;
  const special = specialText(value);
  if (special !== undefined) return special;
  const members = Object.entries(value).map(([key, each]) => `${keyText(key)}: ${inlineText(each)}`);
  return members.length === 0 ? "{}" : `{ ${members.join(", ")} }`;
}

/** A value as JSON of several lines; what JSON has no word for is an object with one key, such as `$bytes`. */
export function jsonText(value: unknown): string {
  return escapeText(JSON.stringify(value, null, 2) ?? "undefined", { keepNewlines: true });
}

/** The bytes of what `plainValue` has made of some; `undefined` when it is something else. */
export function bytesIn(value: unknown): Uint8Array | undefined {
  const { $bytes } = (value ?? {}) as { $bytes?: unknown };
  if (typeof $bytes !== "string") return undefined;
  return Uint8Array.from(atob($bytes), (character) => character.charCodeAt(0));
}

/** All that was said as one value: the message, or the arguments of a call. */
export function contentOf(said: PageSaid): unknown {
  if (said.args === undefined) return said.value;
  return said.kwargs === undefined ? said.args : { args: said.args, kwargs: said.kwargs };
}

/** What `plainValue` has no word of JSON for. */
function specialText(value: object): string | undefined {
  const keys = Object.keys(value);
  if (keys.length !== 1 || !keys[0].startsWith("$")) return undefined;
  const bytes = bytesIn(value);
  if (bytes !== undefined) return bytesText(bytes);
  const word = (value as Record<string, unknown>)[keys[0]];
  return typeof word === "string" ? escapeText(word) : undefined;
}

function bytesText(bytes: Uint8Array): string {
  const hex = Array.from(bytes.subarray(0, MAX_HEX_BYTES), (byte) => byte.toString(16).padStart(2, "0"));
  const rest = bytes.length - MAX_HEX_BYTES;
  return `<${hex.join(" ")}${rest > 0 ? ` …+${rest}` : ""}>`;
}

function keyText(key: string): string {
  return /^[\p{L}_$][\p{L}\p{N}_$]*$/u.test(key) ? key : escapeText(JSON.stringify(key));
}

/** More bytes than that are only counted in a line. */
const MAX_HEX_BYTES = 64;
