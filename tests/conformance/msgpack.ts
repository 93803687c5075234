/**
 * As much msgpack as the table needs, apart from the code under test. Writing takes the shortest form of everything
 * and the keys of a map in the order in which they stand.
 *
 * @module
 */

/** The bytes of one value. */
export function pack(value: unknown): number[] {
  if (value === null || value === undefined) return [0xc0];
  if (typeof value === "boolean") return [value ? 0xc3 : 0xc2];
  if (typeof value === "bigint") return value < 0n ? [0xd3, ...big(value, 8)] : [0xcf, ...big(value, 8)];
  if (typeof value === "number") return packNumber(value);
  if (typeof value === "string") {
    const text = [...new TextEncoder().encode(value)];
    if (text.length < 32) return [0xa0 | text.length, ...text];
    return [...head([0xd9, 0xda, 0xdb], text.length), ...text];
  }
  if (value instanceof Uint8Array) return [...head([0xc4, 0xc5, 0xc6], value.length), ...value];
  if (value instanceof Date) return packDate(value);
  if (Array.isArray(value)) return [...container(0x90, 0xdc, value.length), ...value.flatMap(pack)];
  const entries = Object.entries(value as object);
  return [...container(0x80, 0xde, entries.length), ...entries.flat().flatMap(pack)];
}

/** The one value that fills `bytes`. */
export function unpack(bytes: Uint8Array): unknown {
  const reader = new Reader(bytes);
  const value = reader.value();
  if (reader.at !== bytes.length) throw new Error(`${bytes.length - reader.at} bytes follow a msgpack value`);
  return value;
}

function packNumber(value: number): number[] {
  if (!Number.isInteger(value) || Object.is(value, -0) || Math.abs(value) > 0xffff_ffff) {
    const bytes = new Uint8Array(8);
    new DataView(bytes.buffer).setFloat64(0, value);
    return [0xcb, ...bytes];
  }
  if (value >= 0) {
    return value < 0x80 ? [value] : head([0xcc, 0xcd, 0xce], value);
  }
  if (value >= -32) return [value & 0xff];
  if (value >= -0x80) return [0xd0, ...big(BigInt(value), 1)];
  if (value >= -0x8000) return [0xd1, ...big(BigInt(value), 2)];
  return [0xd2, ...big(BigInt(value), 4)];
}

function packDate(date: Date): number[] {
  const ms = date.getTime();
  const seconds = Math.floor(ms / 1000);
  const nanoseconds = BigInt((ms - seconds * 1000) * 1_000_000);
  if (nanoseconds === 0n && seconds >= 0 && seconds <= 0xffff_ffff) {
    return [0xd6, 0xff, ...big(BigInt(seconds), 4)];
  }
  if (seconds >= 0 && seconds < 2 ** 34) {
    return [0xd7, 0xff, ...big(nanoseconds << 34n | BigInt(seconds), 8)];
  }
  return [0xc7, 12, 0xff, ...big(nanoseconds, 4), ...big(BigInt(seconds), 8)];
}

function container(short: number, long: number, count: number): number[] {
  if (count < 16) return [short | count];
  return count < 0x1_0000 ? [long, ...big(BigInt(count), 2)] : [long + 1, ...big(BigInt(count), 4)];
}

function head(tokens: [number, number, number], count: number): number[] {
  const size = count < 0x100 ? 0 : count < 0x1_0000 ? 1 : 2;
  return [tokens[size], ...big(BigInt(count), 1 << size)];
}

/** The lowest `size` bytes of a whole number, the highest of them first. */
function big(value: bigint, size: number): number[] {
  return Array.from({ length: size }, (_, index) => Number(value >> BigInt(8 * (size - 1 - index)) & 0xffn));
}

class Reader {
  at = 0;
  readonly #bytes: Uint8Array;
  readonly #view: DataView;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  }

  value(): unknown {
    const token = this.#uint(1);
    if (token < 0x80) return token;
    if (token >= 0xe0) return token - 0x100;
    if (token < 0x90) return this.#map(token & 0x0f);
    if (token < 0xa0) return this.#list(token & 0x0f);
    if (token < 0xc0) return this.#text(token & 0x1f);
    if (token === 0xc0) return null;
    if (token === 0xc2 || token === 0xc3) return token === 0xc3;
    if (token >= 0xc4 && token <= 0xc6) return this.#take(this.#uint(1 << token - 0xc4)).slice();
    if (token === 0xca) return this.#float(4);
    if (token === 0xcb) return this.#float(8);
    if (token >= 0xcc && token <= 0xce) return this.#uint(1 << token - 0xcc);
    if (token === 0xcf) return exact(this.#view.getBigUint64(this.#skip(8)));
    if (token === 0xd0) return this.#uint(1) << 24 >> 24;
    if (token === 0xd1) return this.#uint(2) << 16 >> 16;
    if (token === 0xd2) return this.#uint(4) | 0;
    if (token === 0xd3) return exact(this.#view.getBigInt64(this.#skip(8)));
    if (token >= 0xd9 && token <= 0xdb) return this.#text(this.#uint(1 << token - 0xd9));
    if (token >= 0xdc && token <= 0xdd) return this.#list(this.#uint(2 << token - 0xdc));
    if (token >= 0xde && token <= 0xdf) return this.#map(this.#uint(2 << token - 0xde));
    return this.#date(token);
  }

  #date(token: number): Date {
    const length = token === 0xd6 ? 4 : token === 0xd7 ? 8 : token === 0xc7 ? this.#uint(1) : NaN;
    if (this.#uint(1) !== 0xff) throw new Error(`Token 0x${token.toString(16)} is no timestamp`);
    if (length === 4) return new Date(this.#uint(4) * 1000);
    if (length === 8) {
      const all = this.#view.getBigUint64(this.#skip(8));
      return new Date(Number(all & 0x3_ffff_ffffn) * 1000 + Number(all >> 34n) / 1e6);
    }
    const nanoseconds = this.#uint(4);
    return new Date(Number(this.#view.getBigInt64(this.#skip(8))) * 1000 + nanoseconds / 1e6);
  }

  #list(count: number): unknown[] {
    return Array.from({ length: count }, () => this.value());
  }

  #map(count: number): Record<string, unknown> {
    return Object.fromEntries(Array.from({ length: count }, () => [String(this.value()), this.value()]));
  }

  #text(length: number): string {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(this.#take(length));
  }

  #float(size: 4 | 8): number {
    const at = this.#skip(size);
    return size === 4 ? this.#view.getFloat32(at) : this.#view.getFloat64(at);
  }

  #uint(size: number): number {
    return this.#take(size).reduce((value, byte) => value * 0x100 + byte, 0);
  }

  #take(length: number): Uint8Array {
    const at = this.#skip(length);
    return this.#bytes.subarray(at, at + length);
  }

  #skip(length: number): number {
    const at = this.at;
    if (at + length > this.#bytes.length) throw new Error("A msgpack value is cut off");
    this.at += length;
    return at;
  }
}

function exact(value: bigint): number | bigint {
  return Number.isSafeInteger(Number(value)) ? Number(value) : value;
}
