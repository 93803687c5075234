/**
 * The values of serpy2: what the data of a block says, by its type.
 *
 * @module
 */
import { UsageRangeError, UsageTypeError } from "../../errors.ts";
import { decodeText } from "../text_encoding.ts";
import { Float } from "../float.ts";
import { readFloatHex, writeFloatHex } from "./float_hex.ts";

/** What arrives: an int or a float as a number, an int beyond 2^53 as a bigint, a str, or bytes. */
export type Serpy2Value = number | bigint | string | Uint8Array;

/** The data of a block, and its type. */
export interface TypedData {
  /** One of {@linkcode INT}, {@linkcode FLOAT}, {@linkcode STR} and {@linkcode BYTES}. */
  readonly type: number;
  /** As it stands on the wire. */
  readonly data: Uint8Array;
}

/** The type of an int: 8 bytes, signed, little endian. */
export const INT = 0x01;
/** The type of a float: the text of Python's `float.hex()`. */
export const FLOAT = 0x11;
/** The type of a str: UTF-8. */
export const STR = 0x21;
/** The type of bytes, as they are. */
export const BYTES = 0x81;

/**
 * A value as the data of a block. Whole numbers that a number holds exactly are ints, all others floats, and so is -0;
 * {@linkcode Float} makes a float of any.
 *
 * @throws {UsageTypeError} code `usage`: a value of another kind, or text with half a surrogate pair.
 * @throws {UsageRangeError} code `usage`: a bigint beyond 64 bits.
 */
export function writeValue(value: unknown): TypedData {
  if (typeof value === "number") {
    const isInt = Number.isSafeInteger(value) && !Object.is(value, -0);
    return isInt ? { type: INT, data: writeInt(BigInt(value)) } : floatData(value);
  }
  if (typeof value === "bigint") return { type: INT, data: writeInt(value) };
  if (value instanceof Float) return floatData(value.value);
  if (value instanceof Uint8Array) return { type: BYTES, data: value };
  if (typeof value !== "string") throw new UsageTypeError(cannotSend(kindOf(value)));
  if (value.isWellFormed()) return { type: STR, data: ENCODER.encode(value) };
  throw new UsageTypeError(
    `Cannot send text with half a surrogate pair in the dialect "serpy2": UTF-8 cannot say it; toWellFormed() replaces it`,
  );
}

/** What the data of a block says; `undefined` when it says nothing: it is of no type, no float, or no text. */
export function readValue(type: number, data: Uint8Array): Serpy2Value | undefined {
  switch (type) {
    case INT:
      return readInt(data);
    case FLOAT:
      return readFloatHex(data);
    case STR:
      return readText(data);
    case BYTES:
      return data.slice();
  }
  return undefined;
}

const ENCODER = new TextEncoder();
const INT_BYTES = 8;

function floatData(value: number): TypedData {
  return { type: FLOAT, data: ENCODER.encode(writeFloatHex(value)) };
}

function writeInt(value: bigint): Uint8Array {
  if (BigInt.asIntN(8 * INT_BYTES, value) !== value) {
    throw new UsageRangeError(
      `Cannot send an int beyond 64 bits in the dialect "serpy2": -2^63 to 2^63 - 1 are allowed; send it as text or bytes`,
    );
  }
  const data = new Uint8Array(INT_BYTES);
  new DataView(data.buffer).setBigInt64(0, value, true);
  return data;
}

/** Any number of bytes, signed, little endian: none is 0. */
function readInt(data: Uint8Array): number | bigint {
  let value: bigint;
  if (data.length === INT_BYTES) {
    value = new DataView(data.buffer, data.byteOffset).getBigInt64(0, true);
  } else {
    // Through text: shifting byte by byte takes time that grows with the square of the length.
    value = BigInt.asIntN(8 * data.length, BigInt(`0x${data.toReversed().toHex() || "0"}`));
  }
  return value >= Number.MIN_SAFE_INTEGER && value <= Number.MAX_SAFE_INTEGER ? Number(value) : value;
}

function readText(data: Uint8Array): string | undefined {
  const { text, invalid } = decodeText(data, "utf-8");
  return invalid ? undefined : text;
}

function kindOf(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  return typeof value === "object" ? "an object" : `a ${typeof value}`;
}

function cannotSend(kind: string): string {
  return `Cannot send ${kind} in the dialect "serpy2": it carries numbers, bigints, text and Uint8Array, ` +
    `one a message; JSON.stringify makes text of an object`;
}
