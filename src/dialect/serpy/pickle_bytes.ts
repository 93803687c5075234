import { badPickle } from "./pickle_error.ts";
import { MAX_INT_BYTES } from "./pickle_values.ts";

/** The bytes of a pickle from front to back: no length is believed before the bytes for it are there. */
export class PickleBytes {
  /** Where the next byte is read. */
  at = 0;
  readonly #bytes: Uint8Array;
  readonly #view: DataView;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  get length(): number {
    return this.#bytes.length;
  }

  /** An unsigned number of 1, 2 or 4 bytes, little endian. */
  uint(size: 1 | 2 | 4): number {
    const at = this.#pass(size);
    if (size === 1) return this.#bytes[at];
    return size === 2 ? this.#view.getUint16(at, true) : this.#view.getUint32(at, true);
  }

  /** A signed number of 4 bytes, little endian. */
  int32(): number {
    return this.#view.getInt32(this.#pass(4), true);
  }

  /** A length of 1, 4 or 8 bytes, of bytes that are there. */
  size(bytes: 1 | 4 | 8): number {
    const low = this.uint(bytes === 8 ? 4 : bytes);
    const size = bytes === 8 ? low + this.uint(4) * 2 ** 32 : low;
    const left = this.length - this.at;
    if (size > left) throw badPickle(`${size} bytes are declared at byte ${this.at}, ${left} are left`);
    return size;
  }

  /** A float of 8 bytes, big endian. */
  float(): number {
    return this.#view.getFloat64(this.#pass(8));
  }

  /** The next `size` bytes as a copy. */
  take(size: number): Uint8Array {
    const from = this.#pass(size);
    return this.#bytes.slice(from, from + size);
  }

  /** The next `size` bytes as UTF-8; half a surrogate pair may stand in it as in Python, which has them in file names. */
  text(size: number): string {
    const from = this.#pass(size);
    const bytes = this.#bytes.subarray(from, from + size);
    try {
      return UTF8.decode(bytes);
    } catch {
      const text = textWithSurrogates(bytes);
      if (text === undefined) throw badPickle(`the text at byte ${from} is no UTF-8`);
      return text;
    }
  }

  /** The next `size` bytes as ASCII: what Python 2 called text. */
  ascii(size: number): string {
    const bytes = this.#bytes.subarray(this.at, this.at + size);
    if (bytes.some((byte) => byte > 0x7f)) throw badPickle(`the text at byte ${this.at} is no ASCII`);
    return this.text(size);
  }

  /** An int of `size` bytes, little endian, the highest bit being its sign; a number where it is exact. */
  int(size: number): number | bigint {
    if (size > MAX_INT_BYTES) {
      throw badPickle(`an int of ${size} bytes stands at byte ${this.at}, at most ${MAX_INT_BYTES} are read`);
    }
    const from = this.#pass(size);
    if (size === 0) return 0;
    let hex = "0x";
    for (let at = from + size - 1; at >= from; at--) hex += this.#bytes[at].toString(16).padStart(2, "0");
    const exact = BigInt.asIntN(8 * size, BigInt(hex));
    return asNumber(exact);
  }

  /** What stands before the next LF, without it, one character a byte; at most `most` characters. */
  line(most: number): string {
    const from = this.at;
    const end = this.#bytes.indexOf(0x0a, from);
    if (end === -1) throw badPickle(`the line at byte ${from} has no end`);
    if (end - from > most) {
      throw badPickle(`the line at byte ${from} has ${end - from} characters, at most ${most} are read`);
    }
    this.at = end + 1;
    let text = "";
    for (let at = from; at < end; at++) text += String.fromCharCode(this.#bytes[at]);
    return text;
  }

  #pass(size: number): number {
    const { at } = this;
    if (size > this.length - at) throw badPickle(`it is cut off at byte ${this.length}`);
    this.at = at + size;
    return at;
  }
}

/** A number where it is exact, as ints are in Python of any size. */
export function asNumber(exact: bigint): number | bigint {
  const near = Number(exact);
  return Number.isSafeInteger(near) ? near : exact;
}

/** Text in which surrogates stand as three bytes each, ED A0..BF xx; `undefined` when the rest is no UTF-8. */
function textWithSurrogates(bytes: Uint8Array): string | undefined {
  if (!bytes.includes(0xed)) return undefined; // a second attempt costs as much as the first
  const parts: string[] = [];
  let from = 0;
  try {
    for (let at = bytes.indexOf(0xed); at !== -1; at = bytes.indexOf(0xed, at + 1)) { // it only begins characters
      const [, second, third] = bytes.subarray(at, at + 3);
      if (!(second >= 0xa0 && second <= 0xbf && third >= 0x80 && third <= 0xbf)) continue;
      const half = 0xd000 | (second & 0x3f) << 6 | third & 0x3f;
      parts.push(UTF8.decode(bytes.subarray(from, at)), String.fromCharCode(half));
      from = at + 3;
    }
    parts.push(UTF8.decode(bytes.subarray(from)));
  } catch {
    return undefined;
  }
  return parts.join("");
}

const UTF8 = new TextDecoder("utf-8", { ignoreBOM: true, fatal: true });
