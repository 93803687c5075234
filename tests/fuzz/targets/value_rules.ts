import { BrokenRule } from "../target.ts";

/**
 * Checks a value that came from a stranger: only plain data, without a surprise in its prototype or its keys.
 *
 * @throws {BrokenRule} it holds anything else.
 */
export function checkValue(value: unknown, depth = 0): void {
  if (typeof value === "function" || typeof value === "symbol") {
    throw new BrokenRule(`A value is a ${typeof value}`);
  }
  if (typeof value !== "object" || value === null) return;
  if (depth > MAX_DEPTH) throw new BrokenRule(`A value is nested deeper than ${MAX_DEPTH}`);
  if (Array.isArray(value)) {
    for (const item of value) checkValue(item, depth + 1);
    return;
  }
  if (value instanceof Map || value instanceof Set) {
    for (const item of [...value].flat()) checkValue(item, depth + 1);
    return;
  }
  const prototype = Object.getPrototypeOf(value);
  if (prototype === Uint8Array.prototype || prototype === Date.prototype) return;
  if (prototype !== Object.prototype && prototype !== null) {
    throw new BrokenRule(`A value has the prototype of ${value.constructor?.name}`);
  }
  if (Object.hasOwn(value, "__proto__")) throw new BrokenRule('A value has a key "__proto__"');
  for (const key of Object.keys(value)) checkValue((value as Record<string, unknown>)[key], depth + 1);
}

/** What the reader of pickles allows, which is the most. */
const MAX_DEPTH = 64;
