/**
 * Plain data to Python pickles, byte for byte as CPython writes them (protocol 5).
 *
 * @module
 */
import { UsageRangeError, UsageTypeError } from "../../errors.ts";
import { Float } from "../float.ts";
import { adviceFor } from "../native/packable.ts";
import { PickleSink } from "./pickle_sink.ts";
import { MAX_INT_BYTES, MAX_PICKLE_DEPTH, MAX_PICKLE_VALUES, Op } from "./pickle_values.ts";
import { isInt } from "../python_number.ts";

/**
 * The pickle of a value.
 *
 * | here | Python |
 * | --- | --- |
 * | `null`, `undefined`, boolean, string | `None`, `None`, `bool`, `str` |
 * | number, whole and of at most 53 bits; `bigint` | `int` |
 * | other numbers, `-0` among them, and what `float()` makes | `float` |
 * | `Uint8Array`, `ArrayBuffer` | `bytes` |
 * | array, `Set` | `list`, `set` |
 * | `Map`; other objects by their own enumerable properties, without those that are `undefined` | `dict` |
 *
 * An object that stands in several places is one object in Python as well. Equal texts are written once, as Python
 * does with names and with texts that stand in a program.
 *
 * @param maxBytes The most bytes that it may have: it is given up as soon as it has more.
 * @throws {UsageTypeError} code `usage`: a function, a symbol, a value that holds itself, text with half a surrogate
 * pair, or an object that keeps its content elsewhere than in its properties (`Date`, `Error`, `Promise` …).
 * @throws {UsageRangeError} code `usage`: it exceeds a limit of `pickle_values.ts`, or `maxBytes`.
 */
export function writePickle(value: unknown, maxBytes = Infinity): Uint8Array {
  return new PickleWriter(maxBytes).write(value);
}

class PickleWriter {
  readonly #sink = new PickleSink();
  readonly #maxBytes: number;
  /** Places in the memo: of texts by what they say, of all else by what they are. */
  readonly #memo = new Map<unknown, number>();
  /** The containers that the value in hand stands in, and the way to it. */
  readonly #inside: object[] = [];
  readonly #path: (string | number)[] = [];
  #values = 0;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  write(value: unknown): Uint8Array {
    this.#sink.protocol(5);
    this.#value(value);
    this.#sink.u8(Op.STOP);
    return this.#sink.take();
  }

  #value(value: unknown): void {
    const sink = this.#sink;
    sink.boundary();
    if (++this.#values > MAX_PICKLE_VALUES) {
      throw new UsageRangeError(`Cannot pickle a message: it holds more than ${MAX_PICKLE_VALUES} values`);
    }
    if (sink.length > this.#maxBytes) {
      throw new UsageRangeError(`Cannot pickle a message: it has more than ${this.#maxBytes} bytes`);
    }
    switch (typeof value) {
      case "undefined":
        return sink.u8(Op.NONE);
      case "boolean":
        return sink.u8(value ? Op.NEWTRUE : Op.NEWFALSE);
      case "number":
        return isInt(value) ? this.#int(value) : this.#float(value);
      case "bigint":
        return this.#int(value);
      case "string":
        return this.#text(value);
      case "object":
        if (value === null) return sink.u8(Op.NONE);
        return value instanceof Float ? this.#float(value.value) : this.#object(value);
      default:
        throw this.#refuse(`is a ${typeof value}`);
    }
  }

  #int(value: number | bigint): void {
    const sink = this.#sink;
    if (value < -0x8000_0000 || value > 0x7fff_ffff) return this.#long(BigInt(value));
    const small = Number(value);
    if (small < 0 || small > 0xffff) {
      sink.u8(Op.BININT);
      sink.u32(small);
    } else if (small > 0xff) {
      sink.u8(Op.BININT2);
      sink.u16(small);
    } else {
      sink.u8(Op.BININT1);
      sink.u8(small);
    }
  }

  #long(value: bigint): void {
    const digits = (value < 0n ? -value - 1n : value).toString(16);
    const high = parseInt(digits[0], 16);
    const bits = 4 * (digits.length - 1) + (32 - Math.clz32(high));
    const size = (bits >> 3) + 1; // one bit more, for the sign
    if (size > MAX_INT_BYTES) {
      throw this.#refuseRange(
        `is a bigint of ${size} bytes, at most ${MAX_INT_BYTES} are allowed: pass it as bytes`,
      );
    }
    const hex = BigInt.asUintN(8 * size, value).toString(16).padStart(2 * size, "0");
    const bytes = Uint8Array.from({ length: size }, (_, at) => {
      const from = 2 * (size - 1 - at);
      return parseInt(hex.slice(from, from + 2), 16);
    });
    if (size <= 0xff) {
      this.#sink.u8(Op.LONG1);
      this.#sink.u8(size);
    } else {
      this.#sink.u8(Op.LONG4);
      this.#sink.u32(size);
    }
    this.#sink.bytes(bytes);
  }

  #float(value: number): void {
    this.#sink.u8(Op.BINFLOAT);
    this.#sink.float(value);
  }

  #text(text: string): void {
    if (this.#recall(text)) return;
    if (!text.isWellFormed()) throw this.#refuse("holds half a surrogate pair: toWellFormed() replaces it");
    this.#sink.string(Op.SHORT_BINUNICODE, Op.BINUNICODE, ENCODER.encode(text));
    this.#memoize(text);
  }

  #object(value: object): void {
    if (this.#inside.includes(value)) throw this.#refuse("holds itself");
    if (this.#recall(value)) return;
    if (value instanceof Uint8Array || value instanceof ArrayBuffer) {
      const bytes = value instanceof ArrayBuffer ? new Uint8Array(value) : value;
      this.#sink.string(Op.SHORT_BINBYTES, Op.BINBYTES, bytes);
      return this.#memoize(value);
    }
    if (this.#inside.length >= MAX_PICKLE_DEPTH) {
      throw this.#refuseRange(`is nested deeper than ${MAX_PICKLE_DEPTH}`);
    }
    this.#inside.push(value);
    if (Array.isArray(value)) this.#list(value);
    else if (value instanceof Set) this.#set(value);
    else if (value instanceof Map) this.#dict(value, [...value]);
    else this.#dict(value, this.#entries(value));
    this.#inside.pop();
  }

  #list(list: readonly unknown[]): void {
    const sink = this.#sink;
    sink.u8(Op.EMPTY_LIST);
    this.#memoize(list);
    if (list.length === 1) {
      this.#at(0, list[0]);
      return sink.u8(Op.APPEND);
    }
    for (let from = 0; from < list.length; from += BATCH) {
      sink.u8(Op.MARK);
      for (let at = from; at < Math.min(from + BATCH, list.length); at++) this.#at(at, list[at]);
      sink.u8(Op.APPENDS);
    }
  }

  #set(set: ReadonlySet<unknown>): void {
    const sink = this.#sink;
    sink.u8(Op.EMPTY_SET);
    this.#memoize(set);
    const items = [...set];
    if (items.length === 0) return;
    // As in dicts: a whole last batch is followed by an empty one.
    for (let from = 0; from <= items.length; from += BATCH) {
      sink.u8(Op.MARK);
      for (let at = from; at < Math.min(from + BATCH, items.length); at++) this.#key(at, items[at]);
      sink.u8(Op.ADDITEMS);
    }
  }

  #dict(dict: object, entries: readonly (readonly [unknown, unknown])[]): void {
    const sink = this.#sink;
    sink.u8(Op.EMPTY_DICT);
    this.#memoize(dict);
    if (entries.length === 0) return;
    if (entries.length === 1) {
      this.#entry(entries[0]);
      return sink.u8(Op.SETITEM);
    }
    for (let from = 0; from <= entries.length; from += BATCH) {
      sink.u8(Op.MARK);
      for (let at = from; at < Math.min(from + BATCH, entries.length); at++) this.#entry(entries[at]);
      sink.u8(Op.SETITEMS);
    }
  }

  #entry([key, value]: readonly [unknown, unknown]): void {
    const place = typeof key === "string" ? key : `a key that is a ${typeof key}`;
    this.#key(place, key);
    this.#at(place, value);
  }

  /** A key, or what stands in a set: Python cannot find lists, sets and dicts again, and its reader would end. */
  #key(place: string | number, key: unknown): void {
    const isPlain = key instanceof Uint8Array || key instanceof ArrayBuffer || key instanceof Float;
    if (typeof key === "object" && key !== null && !isPlain) {
      this.#path.push(place);
      throw this.#refuse("is an object, which Python takes for no key and for nothing in a set: pass text");
    }
    this.#at(place, key);
  }

  #at(place: string | number, value: unknown): void {
    this.#path.push(place);
    this.#value(value);
    this.#path.pop();
  }

  #entries(value: object): [string, unknown][] {
    const prototype = Object.getPrototypeOf(value);
    if (prototype !== Object.prototype && prototype !== null) {
      if (value instanceof Date) throw this.#refuse("is a Date: pass its getTime(), or toISOString()");
      const advice = adviceFor(value);
      if (advice !== undefined) throw this.#refuse(advice);
    }
    return Object.entries(value).filter(([, member]) => member !== undefined);
  }

  // ---- the memo

  #memoize(value: unknown): void {
    this.#memo.set(value, this.#memo.size);
    this.#sink.u8(Op.MEMOIZE);
  }

  #recall(value: unknown): boolean {
    const place = this.#memo.get(value);
    if (place === undefined) return false;
    if (place <= 0xff) {
      this.#sink.u8(Op.BINGET);
      this.#sink.u8(place);
    } else {
      this.#sink.u8(Op.LONG_BINGET);
      this.#sink.u32(place);
    }
    return true;
  }

  // ---- what cannot be said

  #refuse(reason: string): UsageTypeError {
    return new UsageTypeError(`Cannot pickle a message: ${this.#place()} ${reason}`);
  }

  #refuseRange(reason: string): UsageRangeError {
    return new UsageRangeError(`Cannot pickle a message: ${this.#place()} ${reason}`);
  }

  #place(): string {
    const steps = this.#path.map((step) => `[${JSON.stringify(step).slice(0, MAX_STEP_CHARS)}]`);
    return `value${steps.join("")}`;
  }
}

/** So many items are written in one go. */
const BATCH = 1000;
const MAX_STEP_CHARS = 40;
const ENCODER = new TextEncoder();
