/**
 * Values to msgpack bytes and back, on the library msgpackr.
 *
 * Everything that the library would take from the wire and we do not want (code generation, records, classes by
 * extension, deep nesting, huge counts) is kept from it by the scan before; what it would change on the way (`-0`,
 * a byte order mark) is put right here.
 *
 * @module
 */
import { Packr, RESET_BUFFER_MODE, REUSE_BUFFER_MODE, Unpackr } from "msgpackr";
import { ProtocolError, UsageTypeError } from "../../errors.ts";
import { type MarkedText, MsgPackScanner } from "./msgpack_scan.ts";

/**
 * Packs and unpacks single values. It remembers nothing of them, so that any number of links may share one.
 *
 * | value | on the wire | comes back as |
 * | --- | --- | --- |
 * | whole number from -2^31 to 2^32 - 1 | the shortest integer | number |
 * | any other number | float 64 | number |
 * | `bigint` | int 64, or uint 64 from 2^63 on | number up to ±2^53, else `bigint` |
 * | `Uint8Array`, `ArrayBuffer` | bin | `Uint8Array` of its own |
 * | `Date` | timestamp, to the millisecond | `Date` |
 * | `undefined` | left out of an object, elsewhere nil | `null` |
 */
export class MsgPack {
  readonly #scanner = new MsgPackScanner();
  readonly #packr = new Packr(OPTIONS);
  readonly #unpackr = new Unpackr(OPTIONS);
  readonly #range = { start: 0, end: 0 };

  /**
   * The bytes of `value`, which has to have passed `checkPackable`. They stay as they are until anything is packed
   * again, by this or by another packer: copy them before.
   *
   * @throws {UsageTypeError} code `usage`: a value that `checkPackable` refuses, though not each of them.
   */
  pack(value: unknown): Uint8Array {
    try {
      if (needsCare(value)) return this.#packWithCare(value);
      // In this mode the library hands out its own buffer, which has a class and properties of its own.
      const buffer: Packed = this.#packr.pack(value, REUSE_BUFFER_MODE | RESET_BUFFER_MODE);
      return new Uint8Array(buffer.buffer, buffer.byteOffset + buffer.start, buffer.end - buffer.start);
    } catch (cause) {
      throw new UsageTypeError(`Cannot pack a message: ${cause instanceof Error ? cause.message : cause}`, {
        cause,
      });
    }
  }

  /**
   * The one value that fills `bytes` from `start` to `end`. Nothing of it shares memory with `bytes`. Maps become
   * ordinary objects that have exactly the keys that were sent, as properties of their own. The library keeps a
   * `DataView` in a property of `bytes`, so that many values out of one array cost one view.
   *
   * @throws {ProtocolError} code `bad_msgpack`, not fatal; `scan` tells for what.
   */
  unpack(bytes: Uint8Array, start: number, end: number): unknown {
    this.#scanner.scan(bytes, start, end);
    const long = this.#scanner.marked?.filter(isLong);
    if (long !== undefined && long.length > 0) {
      bytes = doubleMarks(bytes, start, end, long);
      start = 0;
      end = bytes.length;
    }
    this.#range.start = start;
    this.#range.end = end;
    try {
      return this.#unpackr.unpack(bytes, this.#range);
    } catch (cause) {
      throw new ProtocolError(
        "bad_msgpack",
        `Refused a msgpack value of ${end - start} bytes: cannot unpack it`,
        {
          fatal: false,
          cause,
        },
      );
    }
  }

  /** Packs part by part what {@linkcode needsCare}. */
  #packWithCare(value: unknown): Uint8Array {
    const parts: Uint8Array[] = [];
    this.#addParts(value, parts);
    const packed = new Uint8Array(parts.reduce((total, part) => total + part.length, 0));
    let at = 0;
    for (const part of parts) {
      packed.set(part, at);
      at += part.length;
    }
    return packed;
  }

  #addParts(value: unknown, parts: Uint8Array[]): void {
    if (Object.is(value, -0)) {
      parts.push(NEGATIVE_ZERO);
    } else if (!needsCare(value)) {
      parts.push(this.#packr.pack(value)); // the library packs the next part behind this one
    } else if (Array.isArray(value)) {
      parts.push(head(0x90, 0xdc, value.length));
      for (let index = 0; index < value.length; index++) this.#addParts(value[index], parts);
    } else {
      const members = Object.entries(value as object).filter(([, member]) => member !== undefined);
      parts.push(head(0x80, 0xde, members.length));
      for (const [key, member] of members) {
        parts.push(this.#packr.pack(key));
        this.#addParts(member, parts);
      }
    }
  }
}

/** The library's own buffer and where in it the last message is. */
interface Packed extends Uint8Array {
  readonly start: number;
  readonly end: number;
}

const OPTIONS = Object.freeze({
  useRecords: false, // plain maps: a record is a program for the other side's reader
  variableMapSize: true, // the shortest map head
  skipValues: [undefined],
  encodeUndefinedAsNil: true,
  useToJSON: false,
  moreTypes: false,
  mapsAsObjects: true,
  copyBuffers: true, // a view into the receive buffer would change under the user's hands
  int64AsType: "auto", // a number while that is exact, then a bigint
});

/** Whether the library would change `value`: it writes -0 as 0, and it may take inherited properties for own ones. */
function needsCare(value: unknown): boolean {
  if (typeof value === "number") return value === 0 && Object.is(value, -0);
  if (typeof value !== "object" || value === null) return false;
  if (Array.isArray(value)) {
    for (let index = 0; index < value.length; index++) {
      if (needsCare(value[index])) return true;
    }
    return false;
  }
  if (value instanceof Uint8Array || value instanceof ArrayBuffer || value instanceof Date) return false;
  // Without a working hasOwnProperty the library takes every property that for…in finds.
  if (typeof value.hasOwnProperty !== "function" && Object.getPrototypeOf(value) !== null) return true;
  for (const key of Object.keys(value)) {
    if (needsCare((value as Record<string, unknown>)[key])) return true;
  }
  return false;
}

function head(short: number, long: number, count: number): Uint8Array {
  if (count < 16) return Uint8Array.of(short | count);
  if (count < 0x10000) return Uint8Array.of(long, count >> 8, count & 0xff);
  return Uint8Array.of(long + 1, count >> 24, count >> 16 & 0xff, count >> 8 & 0xff, count & 0xff);
}

/** Strings of more bytes than this are read by a `TextDecoder` of the library's that drops a byte order mark. */
const MARK_KEPT_BYTES = 64;

function isLong(marked: MarkedText): boolean {
  return marked.end - marked.text > MARK_KEPT_BYTES;
}

/** A copy in which each of these strings begins with two marks, so that one of them is left after reading. */
function doubleMarks(
  bytes: Uint8Array,
  start: number,
  end: number,
  marked: readonly MarkedText[],
): Uint8Array {
  const copy = new Uint8Array(end - start + marked.length * (LONGEST_HEAD_BYTES + MARK.length));
  let from = start;
  let to = 0;
  const add = (part: Uint8Array): void => {
    copy.set(part, to);
    to += part.length;
  };
  for (const { at, text, end: textEnd } of marked) {
    add(bytes.subarray(from, at));
    const length = textEnd - text + MARK.length;
    add(Uint8Array.of(0xdb, length >> 24, length >> 16 & 0xff, length >> 8 & 0xff, length & 0xff));
    add(MARK);
    add(bytes.subarray(text, textEnd));
    from = textEnd;
  }
  add(bytes.subarray(from, end));
  return copy.subarray(0, to);
}

const LONGEST_HEAD_BYTES = 5;
const MARK = Uint8Array.of(0xef, 0xbb, 0xbf);
/** Float 64, since integers have no sign of zero. */
const NEGATIVE_ZERO = Uint8Array.of(0xcb, 0x80, 0, 0, 0, 0, 0, 0, 0);
