/**
 * The words for a value of a user that cannot be packed.
 *
 * The writer refuses exactly what is refused here (see `msgpack_writer.ts`) and leaves it to this file to say what it
 * is and where it stands, while the user's own call is on the stack.
 *
 * @module
 */
import { UsageRangeError, UsageTypeError } from "../../errors.ts";
import { MAX_DEPTH, MAX_ELEMENTS, MAX_NODES } from "./msgpack_limits.ts";

/**
 * Checks that `value` can travel as msgpack. `what` is the user's word for it, such as `"args"`; errors begin the
 * path into the value with it. It may be empty, then the path begins with a key.
 *
 * What travels: `null`, booleans, numbers (`-0`, `NaN` and infinities too), `bigint` of 64 bits, well-formed text,
 * `Uint8Array` and `ArrayBuffer` as bytes, `Date`, lists, and objects by their own enumerable properties, class
 * instances included. `undefined` is left out of objects and is `null` elsewhere. `toJSON` is not called. Getters
 * are read more than once. The same object may stand in several places.
 *
 * @throws {UsageTypeError} code `usage`: a function, a symbol, a cycle, text with half a surrogate pair, a key
 * `__proto__`, or an object that keeps its content elsewhere than in its properties (`Map`, `Error`, `Promise`, …).
 * @throws {UsageRangeError} code `usage`: a `bigint` of more than 64 bits, an invalid `Date`, nesting deeper than
 * {@linkcode MAX_DEPTH}, more than {@linkcode MAX_ELEMENTS} in one list or object, more than {@linkcode MAX_NODES}
 * in total.
 */
export function checkPackable(value: unknown, what: string): void {
  new Inspection(value, what).check(value, 0);
}

class Inspection {
  readonly #root: unknown;
  readonly #what: string;
  /** The way from the root to the value in hand: as many of these keys as the value is deep. */
  readonly #keys: (string | number)[] = [];
  #nodes = 1;

  constructor(root: unknown, what: string) {
    this.#root = root;
    this.#what = what;
  }

  check(value: unknown, depth: number): void {
    switch (typeof value) {
      case "number":
      case "boolean":
      case "undefined":
        return;
      case "string":
        if (!value.isWellFormed()) this.#refuseType(depth, `holds ${HALF_PAIR}: toWellFormed() replaces it`);
        return;
      case "object":
        if (value !== null) this.#object(value, depth);
        return;
      case "bigint":
        if (BigInt.asIntN(64, value) !== value && BigInt.asUintN(64, value) !== value) {
          this.#refuseRange(depth, `has ${bitLength(value)} bits, a bigint may have 64: pass it as text`);
        }
        return;
      default:
        this.#refuseType(depth, `is a ${typeof value}`);
    }
  }

  #object(value: object, depth: number): void {
    if (Array.isArray(value)) return this.#list(value, depth);
    const prototype = Object.getPrototypeOf(value);
    if (prototype === Object.prototype || prototype === null) return this.#record(value, depth);
    if (value instanceof Uint8Array || value instanceof ArrayBuffer) return;
    if (value instanceof Date) {
      if (Number.isNaN(value.getTime())) this.#refuseRange(depth, "is an invalid Date");
      return;
    }
    const advice = adviceFor(value);
    if (advice !== undefined) this.#refuseType(depth, advice);
    this.#record(value, depth);
  }

  #list(list: readonly unknown[], depth: number): void {
    this.#checkDepth(depth);
    if (list.length > MAX_ELEMENTS) this.#refuseCount(depth, `${list.length} elements`);
    for (let index = 0; index < list.length; index++) {
      this.#count(depth);
      this.#keys[depth] = index;
      this.check(list[index], depth + 1);
    }
  }

  #record(record: object, depth: number): void {
    this.#checkDepth(depth);
    let members = 0;
    for (const key of Object.keys(record)) {
      const member = (record as Record<string, unknown>)[key];
      if (member === undefined) continue;
      if (++members > MAX_ELEMENTS) this.#refuseCount(depth, `more than ${MAX_ELEMENTS} members`);
      this.#count(depth);
      if (key === "__proto__") this.#refuseType(depth, 'has a key "__proto__", which is refused everywhere');
      if (!key.isWellFormed()) this.#refuseType(depth, `has a key with ${HALF_PAIR}`);
      this.#keys[depth] = key;
      this.check(member, depth + 1);
    }
  }

  #checkDepth(depth: number): void {
    if (depth < MAX_DEPTH) return;
    // Every cycle is deeper than the limit, so that looking for one costs nothing until then.
    const inside = [this.#root];
    for (let level = 0; level < depth; level++) {
      const next = (inside[level] as Record<string | number, unknown>)[this.#keys[level]];
      const first = inside.indexOf(next);
      if (first !== -1) this.#refuseType(level + 1, `is a cycle: it is ${this.#path(first)} again`);
      inside.push(next);
    }
    this.#refuseRange(depth, `is nested ${depth + 1} deep, at most ${MAX_DEPTH} is allowed`);
  }

  #count(depth: number): void {
    if (++this.#nodes > MAX_NODES) {
      throw new UsageRangeError(
        `Cannot pack a message: it holds more than ${MAX_NODES} values, passed in ${this.#path(depth)}`,
      );
    }
  }

  #refuseCount(depth: number, found: string): never {
    this.#refuseRange(depth, `has ${found}, at most ${MAX_ELEMENTS} are allowed: send it in parts`);
  }

  #refuseType(depth: number, reason: string): never {
    throw new UsageTypeError(`Cannot pack a message: ${this.#path(depth)} ${reason}`);
  }

  #refuseRange(depth: number, reason: string): never {
    throw new UsageRangeError(`Cannot pack a message: ${this.#path(depth)} ${reason}`);
  }

  #path(depth: number): string {
    let path = this.#what;
    for (const key of this.#keys.slice(0, depth)) {
      if (typeof key === "number") path += `[${key}]`;
      else if (IDENTIFIER.test(key)) path += path === "" ? key : `.${key}`;
      else {path += `[${
          JSON.stringify(key.length > MAX_KEY_CHARS ? key.slice(0, MAX_KEY_CHARS) + "…" : key)
        }]`;}
    }
    return path === "" ? "the value" : path;
  }
}

/** Why an object of some class cannot travel and what to pass in its place; `undefined` when it can. */
export function adviceFor(value: object): string | undefined {
  for (const [kind, instead] of ADVICE) {
    if (value instanceof kind) return `is a ${nameOf(value, kind.name)}: ${instead}`;
  }
  if (ArrayBuffer.isView(value)) {
    return `is a ${nameOf(value, "view")}: pass a Uint8Array of its bytes, or a list of its numbers`;
  }
  // Built-in classes carry a tag and keep their content out of their properties: they would arrive as {}.
  const tag: unknown = (value as { [Symbol.toStringTag]?: unknown })[Symbol.toStringTag];
  if (typeof tag === "string" && Object.keys(value).length === 0) {
    return `is a ${tag}, which has no properties: pass its content as text or as a plain object`;
  }
  return undefined;
}

function nameOf(value: object, otherwise: string): string {
  const name: unknown = value.constructor?.name;
  return typeof name === "string" && name !== "" ? name : otherwise;
}

function bitLength(value: bigint): number {
  const magnitude = value < 0n ? -value - 1n : value;
  return magnitude.toString(2).length + (value < 0n ? 1 : 0);
}

type Class = abstract new (...args: never[]) => object;

const ADVICE: readonly (readonly [Class, string])[] = [
  [Map, "pass Object.fromEntries(it), or [...it] for pairs"],
  [Set, "pass [...it]"],
  [Error, "pass its message"],
  [RegExp, "pass its source and flags"],
  [Promise, "await it first"],
  [Number, "pass its valueOf()"],
  [String, "pass its valueOf()"],
  [Boolean, "pass its valueOf()"],
  [BigInt as unknown as Class, "pass its valueOf()"],
  [Symbol as unknown as Class, "pass its description"],
];
const HALF_PAIR = "half a surrogate pair, which UTF-8 cannot say";
const IDENTIFIER = /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u;
const MAX_KEY_CHARS = 40;
