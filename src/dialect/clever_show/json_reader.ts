import { ProtocolError } from "../../errors.ts";
import { MAX_INT_DIGITS } from "../python_number.ts";
import { FORBIDDEN_KEY, MAX_DEPTH as MAX_VALUE_DEPTH } from "./json_limits.ts";

/**
 * JSON as Python's `json` module reads and writes it: `NaN`, `Infinity` and `-Infinity` are words of it, and integers
 * are exact.
 *
 * ```text
 * 1  1.0  1e0                1           a number; Python tells an int from a float, JavaScript does not
 * 9007199254740993           9007199254740993n
 * -0.0                       -0
 * -0                         0           an int has no negative zero
 * [NaN, -Infinity]           [NaN, -Infinity]
 * {"a": 1, "a": 2}           { a: 2 }
 * ```
 *
 * @throws {ProtocolError} code `bad_json`, not fatal: it is no JSON, is nested deeper than {@linkcode MAX_DEPTH}, has a
 * member `__proto__` or an integer of more than {@linkcode MAX_INT_DIGITS} digits. The message says where.
 */
export function readJson(text: string): unknown {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // Words that only Python has; or no JSON, and then this says where.
    return new JsonReader(text).read();
  }
  return isExact(value, 0) ? value : new JsonReader(text).read();
}

/** False when there is something in it that `JSON.parse` reads in another way, or that is not allowed. */
function isExact(value: unknown, depth: number): boolean {
  if (typeof value === "number") {
    // Infinity may have been an integer of hundreds of digits.
    return Number.isSafeInteger(value)
      ? !Object.is(value, -0)
      : Number.isFinite(value) && !Number.isInteger(value);
  }
  if (typeof value !== "object" || value === null) return true;
  if (depth === MAX_DEPTH) return false;
  if (Array.isArray(value)) {
    for (let index = 0; index < value.length; index++) if (!isExact(value[index], depth + 1)) return false;
    return true;
  }
  for (const key in value) {
    if (key === FORBIDDEN_KEY || !isExact((value as Record<string, unknown>)[key], depth + 1)) return false;
  }
  return true;
}

/** Reads one text, in full, a character after the other. */
class JsonReader {
  readonly #text: string;
  #at = 0;
  readonly #number = /-?(?:0|[1-9][0-9]*)(\.[0-9]+)?([eE][-+]?[0-9]+)?/y;
  readonly #space = /[ \t\n\r]*/y;

  constructor(text: string) {
    this.#text = text;
  }

  read(): unknown {
    const value = this.#value(0);
    if (this.#skipSpace() !== this.#text.length) this.#refuse("the end is wanted");
    return value;
  }

  #value(depth: number): unknown {
    switch (this.#text[this.#skipSpace()]) {
      case "{":
        return this.#object(depth);
      case "[":
        return this.#list(depth);
      case '"':
        return this.#string();
    }
    for (const [word, value] of WORDS) {
      if (!this.#text.startsWith(word, this.#at)) continue;
      this.#at += word.length;
      return value;
    }
    return this.#readNumber();
  }

  #object(depth: number): Record<string, unknown> {
    this.#enter(depth);
    const object: Record<string, unknown> = {};
    if (this.#take("}")) return object;
    do {
      if (this.#text[this.#skipSpace()] !== '"') this.#refuse("the name of a member is wanted");
      const at = this.#at;
      const key = this.#string();
      if (key === FORBIDDEN_KEY) this.#refuse(`a member ${FORBIDDEN_KEY} is not allowed`, at);
      if (!this.#take(":")) this.#refuse('":" is wanted');
      object[key] = this.#value(depth + 1);
    } while (this.#take(","));
    if (!this.#take("}")) this.#refuse('"," or "}" is wanted');
    return object;
  }

  #list(depth: number): unknown[] {
    this.#enter(depth);
    const list: unknown[] = [];
    if (this.#take("]")) return list;
    do list.push(this.#value(depth + 1)); while (this.#take(","));
    if (!this.#take("]")) this.#refuse('"," or "]" is wanted');
    return list;
  }

  #string(): string {
    const from = this.#at;
    for (let end = this.#text.indexOf('"', from + 1); end !== -1; end = this.#text.indexOf('"', end + 1)) {
      let slashes = 0;
      while (this.#text[end - 1 - slashes] === "\\") slashes++;
      if (slashes % 2 === 1) continue;
      this.#at = end + 1;
      try {
        return JSON.parse(this.#text.slice(from, end + 1));
      } catch {
        this.#refuse("a string with a control character or an unknown escape", from);
      }
    }
    return this.#refuse("a string without an end", from);
  }

  #readNumber(): number | bigint {
    const at = this.#number.lastIndex = this.#at;
    const match = this.#number.exec(this.#text);
    if (match === null) return this.#refuse("a value is wanted");
    const [digits, fraction, exponent] = match;
    this.#at += digits.length;
    const number = Number(digits);
    if (fraction !== undefined || exponent !== undefined) return number;
    if (Number.isSafeInteger(number)) return number === 0 ? 0 : number;
    // Its digits cost quadratic time, and Python has the same bound.
    if (digits.length > MAX_INT_DIGITS) {
      this.#refuse(`an integer of ${digits.length} digits, at most ${MAX_INT_DIGITS} are allowed`, at);
    }
    return BigInt(digits);
  }

  #enter(depth: number): void {
    if (depth === MAX_DEPTH) this.#refuse(`nested more than ${MAX_DEPTH} deep`);
    this.#at++;
  }

  #take(mark: string): boolean {
    if (this.#text[this.#skipSpace()] !== mark) return false;
    this.#at++;
    return true;
  }

  #skipSpace(): number {
    this.#space.lastIndex = this.#at;
    this.#space.exec(this.#text);
    return this.#at = this.#space.lastIndex;
  }

  #refuse(reason: string, at = this.#at): never {
    const found = at < this.#text.length ? `found ${JSON.stringify(this.#text[at])}` : "found the end";
    const text = `Not JSON as Python reads it: ${reason} (character ${at} of ${this.#text.length}, ${found})`;
    throw new ProtocolError("bad_json", text, { fatal: false });
  }
}

const WORDS: readonly (readonly [string, unknown])[] = Object.freeze([
  ["null", null],
  ["true", true],
  ["false", false],
  ["NaN", NaN],
  ["Infinity", Infinity],
  ["-Infinity", -Infinity],
]);
/** Around the values is the object that is the content. */
const MAX_DEPTH = MAX_VALUE_DEPTH + 1;
