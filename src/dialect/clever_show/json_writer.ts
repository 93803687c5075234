import { UsageRangeError, UsageTypeError } from "../../errors.ts";
import { adviceFor } from "../native/packable.ts";
import { isInt, numberText } from "../python_number.ts";
import { Float } from "../float.ts";
import { FORBIDDEN_KEY, MAX_DEPTH } from "./json_limits.ts";

/**
 * A value as Python's `json.dumps(value, ensure_ascii=False)` writes it: `", "` and `": "` between the parts, nothing
 * escaped but quote, backslash and control characters below 0x20.
 *
 * ```text
 * { a: [1, 2.5], b: null }   {"a": [1, 2.5], "b": null}
 * 1                          1        a whole number of at most 53 bits is an int
 * float(1)                   1.0
 * 1e22  1e-7  -0             1e+22  1e-07  -0.0
 * 10n ** 20n                 100000000000000000000
 * [NaN, Infinity]            [NaN, Infinity]
 * [undefined]                [null]   undefined members of objects are left out
 * ```
 *
 * @param what The user's word for the value: errors begin the path into it with this.
 * @throws {UsageTypeError} code `usage`: JSON has no such value (bytes, a `Date`, a `Map`, a function, …), half a
 * surrogate pair, a member `__proto__`. @throws {UsageRangeError} code `usage`: nested deeper than
 * {@linkcode MAX_DEPTH}, or a `bigint` of more digits than Python takes.
 */
export function writeJson(value: unknown, what: string): string {
  return new JsonWriter(what).write(value, 0);
}

/** Writes one value, and knows the way to what it cannot write. */
class JsonWriter {
  readonly #what: string;
  readonly #keys: (string | number)[] = [];

  constructor(what: string) {
    this.#what = what;
  }

  write(value: unknown, depth: number): string {
    switch (typeof value) {
      case "string":
        return this.#text(value, depth);
      case "number":
        return numberIn(value);
      case "bigint":
        return numberText(value);
      case "boolean":
        return value ? "true" : "false";
      case "undefined":
        return "null";
      case "object":
        return value === null ? "null" : this.#object(value, depth);
      default:
        return this.#refuse(depth, `is a ${typeof value}`);
    }
  }

  #text(text: string, depth: number): string {
    if (PLAIN.test(text)) return `"${text}"`;
    if (!text.isWellFormed()) {
      this.#refuse(depth, "holds half a surrogate pair, which UTF-8 cannot say: toWellFormed() replaces it");
    }
    return JSON.stringify(text);
  }

  #object(value: object, depth: number): string {
    if (value instanceof Float) return isInt(value.value) ? `${value.value}.0` : numberIn(value.value);
    const advice = Array.isArray(value) ? undefined : noJson(value);
    if (advice !== undefined) this.#refuse(depth, advice);
    if (depth === MAX_DEPTH) {
      throw new UsageRangeError(
        `Cannot send a message: ${this.#path(depth)} is nested more than ${MAX_DEPTH} deep, or is a cycle`,
      );
    }
    const parts: string[] = [];
    if (Array.isArray(value)) {
      for (let index = 0; index < value.length; index++) {
        this.#keys[depth] = index;
        parts.push(this.write(value[index], depth + 1));
      }
      return `[${parts.join(", ")}]`;
    }
    for (const key of Object.keys(value)) {
      const member = (value as Record<string, unknown>)[key];
      if (member === undefined) continue;
      this.#keys[depth] = key;
      if (key === FORBIDDEN_KEY) this.#refuse(depth + 1, "is refused everywhere");
      parts.push(`${this.#text(key, depth + 1)}: ${this.write(member, depth + 1)}`);
    }
    return `{${parts.join(", ")}}`;
  }

  #refuse(depth: number, reason: string): never {
    throw new UsageTypeError(`Cannot send a message: ${this.#path(depth)} ${reason}`);
  }

  #path(depth: number): string {
    // A cycle leads through the same few names again and again.
    const shown = this.#keys.slice(0, Math.min(depth, MAX_SHOWN_KEYS)).map((key) =>
      typeof key === "number"
        ? `[${key}]`
        : IDENTIFIER.test(key)
        ? `.${key}`
        : `[${JSON.stringify(key.slice(0, MAX_KEY_CHARS))}]`
    );
    return `${this.#what}${shown.join("")}${depth > MAX_SHOWN_KEYS ? "…" : ""}`;
  }
}

/** JSON's words for what is no number are not those of `str()`. */
function numberIn(value: number): string {
  return Number.isFinite(value) ? numberText(value) : String(value);
}

/** Why JSON has no such object, and what to pass in its place; `undefined` for those that it has. */
function noJson(value: object): string | undefined {
  const prototype = Object.getPrototypeOf(value);
  if (prototype === Object.prototype || prototype === null) return undefined;
  if (value instanceof Date) return "is a Date: pass its toISOString(), or getTime() / 1000 as Python counts";
  if (value instanceof Uint8Array || value instanceof ArrayBuffer) {
    return "is bytes, and JSON has none: send them as a file, or pass their toBase64()";
  }
  return adviceFor(value);
}

/** Text that is the same in JSON, as nearly all is. */
const PLAIN = /^[ !#-[\]-\uD7FF\uE000-\uFFFF]*$/;
const IDENTIFIER = /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u;
const MAX_KEY_CHARS = 40;
const MAX_SHOWN_KEYS = 10;
