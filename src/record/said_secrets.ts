/**
 * Secrets in what was said: in a recording `[secret NAME]` stands for each.
 *
 * @module
 */

import type { SecretMask } from "../secret/secret_mask.ts";

/** A copy of a value with `[secret NAME]` in place of secrets, in text, bytes, numbers and names alike. */
export function hideSecrets(value: unknown, mask: SecretMask): unknown {
  return changed(value, { text: mask.mask, bytes: (bytes) => hiddenIn(bytes, mask) }, new Set());
}

/** A copy of a recorded value with the secrets that are known in place of `[secret NAME]`. */
export function fillSecrets(value: unknown, secretOf: (name: string) => string | undefined): unknown {
  const fill = (text: string, write: (secret: string) => string) =>
    text.replace(PLACE, (place, name) => {
      const secret = secretOf(name);
      return secret === undefined ? place : write(secret);
    });
  return changed(value, {
    text: (text) => fill(text, (secret) => secret),
    bytes: (bytes) =>
      fromBinary(fill(toBinary(bytes), (secret) => toBinary(new TextEncoder().encode(secret)))),
  }, new Set());
}

/** The names of the secrets that a recorded value has places for. */
export function secretsIn(value: unknown): ReadonlySet<string> {
  const names = new Set<string>();
  fillSecrets(value, (name) => void names.add(name));
  return names;
}

interface Change {
  text(text: string): string;
  bytes(bytes: Uint8Array): Uint8Array;
}

function changed(value: unknown, change: Change, open: Set<object>): unknown {
  if (typeof value === "string") return change.text(value);
  if (typeof value === "number" || typeof value === "bigint") {
    const text = change.text(String(value));
    return text === String(value) ? value : text;
  }
  if (typeof value !== "object" || value === null || value instanceof Date) return value;
  if (value instanceof Uint8Array) return change.bytes(value);
  if (open.has(value)) return value; // whoever writes it says so
  open.add(value);
  const inner = (each: unknown) => changed(each, change, open);
  const made = Array.isArray(value)
    ? value.map(inner)
    : value instanceof Map
    ? new Map([...value].map(([key, each]) => [inner(key), inner(each)]))
    : value instanceof Set
    ? new Set([...value].map(inner))
    : value instanceof Error
    ? change.text(`${value.name}: ${value.message}`)
    : Object.fromEntries(Object.entries(value).map(([name, each]) => [change.text(name), inner(each)]));
  open.delete(value);
  return made;
}

function hiddenIn(bytes: Uint8Array, mask: SecretMask): Uint8Array {
  const parts: string[] = [];
  let from = 0;
  for (const { name, at, length } of mask.find(bytes)) {
    parts.push(toBinary(bytes.subarray(from, at)), `[secret ${name}]`);
    from = at + length;
  }
  return from === 0 ? bytes : fromBinary(parts.join("") + toBinary(bytes.subarray(from)));
}

/** Text of one character for each byte, so that bytes which are no text come out as they were. */
function toBinary(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => String.fromCharCode(byte)).join("");
}

function fromBinary(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}

const PLACE = /\[secret ([A-Za-z_][A-Za-z0-9_]*)\]/g;
