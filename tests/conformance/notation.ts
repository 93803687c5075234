/**
 * Values of the table between JSON and what programs hold.
 *
 * | in JSON | stands for |
 * | --- | --- |
 * | `{ "$bytes": "00 ff" }` | bytes |
 * | `{ "$bigint": "9007199254740993" }` | a whole number beyond 2^53 |
 * | `{ "$number": "-0" }` | `-0`, `NaN`, `Infinity`, `-Infinity` |
 * | `{ "$date": "1970-01-01T00:00:00.005Z" }` | a point in time |
 * | `{ "$undefined": true }` | nothing at all (kind 0) |
 * | `{ "$any": "text" }` | in what is expected: any value of that type (`text`, `bytes`, `whole`, `any`) |
 * | `{ "$save": "sid" }` | in what is expected: any value, kept under this name |
 * | `{ "$saved": "sid" }` | the value that was kept |
 * | `"$more": true` in a map | in what is expected: the map may have further keys |
 *
 * @module
 */
import type { Notation } from "./case.ts";

/** Values that one case has kept, by their names. */
export type Saved = Map<string, unknown>;

/** The value that a notation stands for. */
export function valueOf(note: Notation, saved: Saved): unknown {
  if (Array.isArray(note)) return note.map((item) => valueOf(item, saved));
  if (typeof note !== "object" || note === null) return note;
  const [tag, given] = tagOf(note);
  switch (tag) {
    case "$bytes":
      return hexBytes(String(given));
    case "$bigint":
      return BigInt(String(given));
    case "$number":
      return Number(given);
    case "$date":
      return new Date(String(given));
    case "$undefined":
      return undefined;
    case "$saved":
      if (!saved.has(String(given))) throw new Error(`Nothing was saved as "${given}" before`);
      return saved.get(String(given));
    default:
      return Object.fromEntries(Object.entries(note).map(([key, item]) => [key, valueOf(item, saved)]));
  }
}

/** Where and how `got` differs from what `note` expects; `undefined` when it does not. */
export function difference(got: unknown, note: Notation, saved: Saved, at = ""): string | undefined {
  const differs = () => `${at || "it"} is ${shown(got)}, wanted ${JSON.stringify(note)}`;
  if (Array.isArray(note)) {
    if (!Array.isArray(got) || got.length !== note.length) return differs();
    return first(note.map((item, index) => difference(got[index], item, saved, `${at}[${index}]`)));
  }
  if (typeof note !== "object" || note === null) return Object.is(got, note) ? undefined : differs();
  const [tag, given] = tagOf(note);
  if (tag === "$save") saved.set(String(given), got);
  if (tag === "$save") return undefined;
  if (tag === "$any") return isOf(got, String(given)) ? undefined : differs();
  if (tag !== undefined) return same(got, valueOf(note, saved)) ? undefined : differs();
  if (typeof got !== "object" || got === null || Array.isArray(got)) return differs();
  const { $more, ...wanted } = note as Record<string, unknown>;
  const seen = got as Record<string, unknown>;
  const keys = $more === true
    ? Object.keys(wanted)
    : [...new Set([...Object.keys(wanted), ...Object.keys(seen)])];
  return first(keys.map((key) => {
    const place = at === "" ? key : `${at}.${key}`;
    if (Object.hasOwn(wanted, key)) return difference(seen[key], wanted[key], saved, place);
    return seen[key] === undefined ? undefined : `${place} is ${shown(seen[key])}, wanted no such field`;
  }));
}

/** The bytes of hexadecimal; spaces are for the reader. */
export function hexBytes(text: string): Uint8Array {
  const digits = text.replaceAll(/\s/g, "");
  if (/[^0-9a-f]/i.test(digits) || digits.length % 2 === 1) throw new Error(`"${text}" is not hexadecimal`);
  return Uint8Array.fromHex(digits);
}

/** Bytes in hexadecimal, with a space after each. */
export function bytesHex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join(" ");
}

/** A value for people: as the table would write it, shortened. */
export function shown(value: unknown): string {
  const text = JSON.stringify(value, (_key, item) => {
    if (item instanceof Uint8Array) return { $bytes: bytesHex(item) };
    if (typeof item === "bigint") return { $bigint: String(item) };
    return item;
  }) ?? String(value);
  return text.length > 300 ? `${text.slice(0, 300)}… (${text.length} characters)` : text;
}

/** The single tag of an object, such as `$bytes`, and what it carries. */
export function tagOf(note: object): [tag?: string, given?: unknown] {
  const entries = Object.entries(note);
  return entries.length === 1 && entries[0][0].startsWith("$") && entries[0][0] !== "$more" ? entries[0] : [];
}

function isOf(got: unknown, type: string): boolean {
  switch (type) {
    case "text":
      return typeof got === "string";
    case "bytes":
      return got instanceof Uint8Array;
    case "whole":
      return Number.isInteger(got);
    case "any":
      return got !== undefined;
    default:
      throw new Error(`Unknown type "${type}" in $any`);
  }
}

function same(got: unknown, wanted: unknown): boolean {
  if (wanted instanceof Uint8Array) {
    return got instanceof Uint8Array && got.length === wanted.length &&
      got.every((byte, at) => byte === wanted[at]);
  }
  if (wanted instanceof Date) return got instanceof Date && got.getTime() === wanted.getTime();
  return Object.is(got, wanted);
}

function first(differences: (string | undefined)[]): string | undefined {
  return differences.find((one) => one !== undefined);
}
