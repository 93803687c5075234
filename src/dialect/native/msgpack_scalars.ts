/**
 * How single numbers, times and heads are written: each of these writes at `at` into `bytes`, of which `view` is a
 * view, and returns the offset behind it. Eighteen bytes of room are enough for any of them.
 *
 * @module
 */
import { TIMESTAMP } from "./msgpack_limits.ts";

/** The shortest integer for a whole number from -2^31 to 2^32 - 1, float 64 for any other one and for -0. */
export function writeNumber(bytes: Uint8Array, view: DataView, at: number, value: number): number {
  if (value >>> 0 === value && (value !== 0 || Object.is(value, 0))) {
    if (value < 0x80) {
      bytes[at] = value;
      return at + 1;
    }
    if (value < 0x10000) return writeHead(bytes, view, at, value, INTEGER);
    bytes[at] = 0xce;
    view.setUint32(at + 1, value);
    return at + 5;
  }
  if (value < 0 && (value | 0) === value) {
    if (value >= -0x20) {
      bytes[at] = value;
      return at + 1;
    }
    if (value >= -0x80) {
      bytes[at] = 0xd0;
      bytes[at + 1] = value;
      return at + 2;
    }
    if (value >= -0x8000) {
      bytes[at] = 0xd1;
      bytes[at + 1] = value >> 8;
      bytes[at + 2] = value;
      return at + 3;
    }
    bytes[at] = 0xd2;
    view.setInt32(at + 1, value);
    return at + 5;
  }
  bytes[at] = 0xcb;
  view.setFloat64(at + 1, value);
  return at + 9;
}

/** Int 64, or uint 64 from 2^63 on. `value` has to fit one of them. */
export function writeBigint(bytes: Uint8Array, view: DataView, at: number, value: bigint): number {
  bytes[at] = value < 2n ** 63n ? 0xd3 : 0xcf;
  view.setBigUint64(at + 1, value); // takes the low 64 bits, which are the two's complement
  return at + 9;
}

/** A timestamp of 4 bytes for whole seconds from 1970 to 2106, of 8 with milliseconds, otherwise of 12. */
export function writeDate(bytes: Uint8Array, view: DataView, at: number, time: number): number {
  const seconds = Math.floor(time / 1000);
  const nanoseconds = (time - seconds * 1000) * 1e6;
  const fits = seconds >= 0 && seconds < 0x1_0000_0000;
  if (fits && nanoseconds === 0) {
    bytes[at] = 0xd6;
    bytes[at + 1] = TIMESTAMP;
    view.setUint32(at + 2, seconds);
    return at + 6;
  }
  if (fits) {
    bytes[at] = 0xd7;
    bytes[at + 1] = TIMESTAMP;
    view.setUint32(at + 2, nanoseconds * 4); // 30 bits, then 2 bits of seconds that are 0 here
    view.setUint32(at + 6, seconds);
    return at + 10;
  }
  bytes[at] = 0xc7;
  bytes[at + 1] = 12;
  bytes[at + 2] = TIMESTAMP;
  view.setUint32(at + 3, nanoseconds);
  view.setInt32(at + 7, Math.floor(seconds / 0x1_0000_0000));
  view.setUint32(at + 11, seconds);
  return at + 15;
}

/** How many bytes {@linkcode writeNumber} writes. */
export function numberBytes(value: number): number {
  if (value >>> 0 === value && (value !== 0 || Object.is(value, 0))) {
    return value < 0x80 ? 1 : value < 0x100 ? 2 : value < 0x10000 ? 3 : 5;
  }
  if (value < 0 && (value | 0) === value) {
    return value >= -0x20 ? 1 : value >= -0x80 ? 2 : value >= -0x8000 ? 3 : 5;
  }
  return 9;
}

/** How many bytes {@linkcode writeDate} writes. */
export function dateBytes(time: number): number {
  if (time < 0 || time >= 0x1_0000_0000 * 1000) return 15;
  return time % 1000 === 0 ? 6 : 10;
}

/** The tokens of a kind that begins with a length, a count, or an unsigned number. */
export interface HeadTokens {
  /** Counts below this are a part of the token `short`. */
  readonly below: number;
  readonly short: number;
  /** Tokens before one byte, two bytes, and four bytes of count; 0 when there is none. */
  readonly one: number;
  readonly two: number;
  readonly four: number;
}

/** Unsigned integers that are no token of their own. */
export const INTEGER: HeadTokens = Object.freeze({ below: 0, short: 0, one: 0xcc, two: 0xcd, four: 0xce });
/** Bytes. */
export const BINARY: HeadTokens = Object.freeze({ below: 0, short: 0, one: 0xc4, two: 0xc5, four: 0xc6 });
/** Text, counted in bytes. */
export const TEXT: HeadTokens = Object.freeze({ below: 32, short: 0xa0, one: 0xd9, two: 0xda, four: 0xdb });
/** Lists. */
export const LIST: HeadTokens = Object.freeze({ below: 16, short: 0x90, one: 0, two: 0xdc, four: 0xdd });
/** Maps, counted in entries. */
export const MAP: HeadTokens = Object.freeze({ below: 16, short: 0x80, one: 0, two: 0xde, four: 0xdf });

/** The shortest head for `count`. */
export function writeHead(
  bytes: Uint8Array,
  view: DataView,
  at: number,
  count: number,
  tokens: HeadTokens,
): number {
  if (count < tokens.below) {
    bytes[at] = tokens.short | count;
    return at + 1;
  }
  if (count < 0x100 && tokens.one !== 0) {
    bytes[at] = tokens.one;
    bytes[at + 1] = count;
    return at + 2;
  }
  if (count < 0x10000) {
    bytes[at] = tokens.two;
    bytes[at + 1] = count >> 8;
    bytes[at + 2] = count;
    return at + 3;
  }
  bytes[at] = tokens.four;
  view.setUint32(at + 1, count);
  return at + 5;
}

/** How many bytes {@linkcode writeHead} writes. */
export function headBytes(count: number, tokens: HeadTokens): number {
  if (count < tokens.below) return 1;
  if (count < 0x100 && tokens.one !== 0) return 2;
  return count < 0x10000 ? 3 : 5;
}
