/**
 * msgpack bytes to values, checked while they are read.
 *
 * No length and no count is believed before the bytes for it are there, so a peer cannot make the reader spend
 * memory that the peer did not send. Offsets in messages count from the first byte of the value.
 *
 * @module
 */
import { ProtocolError } from "../../errors.ts";
import { KeyCache } from "./key_cache.ts";
import { MAX_DEPTH, MAX_ELEMENTS, MAX_NODES, TIMESTAMP } from "./msgpack_limits.ts";
import { readTimestamp, readUnsigned } from "./msgpack_fields.ts";
import { readUtf8 } from "./utf8.ts";

/**
 * Reads one value after the other, of any number of links: of a value it remembers at most short keys.
 *
 * It holds to the limits of `msgpack_limits.ts`, and besides: map keys are strings, no key twice in a map and none
 * called `__proto__`, strings are UTF-8, the only extension is the timestamp (within the range of a `Date`).
 */
export class MsgPackReader {
  #bytes: Uint8Array = NOTHING;
  #start = 0;
  #end = 0;
  #at = 0;
  #nodes = 0;
  /** The keys of the small maps that are being read, the innermost map last. */
  readonly #keys: string[] = [];
  #keysUsed = 0;
  #hasLongKeys = false;
  readonly #cache = new KeyCache();
  readonly #decoder = new TextDecoder("utf-8", { ignoreBOM: true });
  /** Eight bytes of a number, to be read as one. */
  readonly #eight = new DataView(new ArrayBuffer(8));
  /** The bytes in hand, once they have shown to hold many floats. */
  #view: DataView | undefined;
  #floats = 0;

  /**
   * The one value that fills `bytes` from `start` to `end`. Nothing of it shares memory with `bytes`.
   *
   * @throws {ProtocolError} code `bad_msgpack`, not fatal: the reason and the offset are in the message.
   */
  read(bytes: Uint8Array, start: number, end: number): unknown {
    this.#bytes = bytes;
    this.#start = start;
    this.#end = end;
    this.#at = start;
    this.#nodes = 1;
    this.#keysUsed = 0;
    this.#floats = 0;
    try {
      const value = this.#value(0);
      if (this.#at !== end) {
        this.#refuse(this.#at, `${end - this.#at} bytes follow the value, none are allowed`);
      }
      return value;
    } finally {
      // A message must not stay in memory because it was the last one read.
      this.#bytes = NOTHING;
      this.#view = undefined;
      if (this.#hasLongKeys) {
        this.#keys.length = 0;
        this.#hasLongKeys = false;
      }
    }
  }

  /** Reads the value that begins here, inside of `depth` containers. */
  #value(depth: number): unknown {
    const at = this.#at;
    if (at >= this.#end) this.#refuse(at, "the value is cut off");
    const token = this.#bytes[at];
    this.#at = at + 1;
    if (token < 0x80) return token;
    if (token >= 0xe0) return token - 0x100;
    if (token >= 0xa0 && token < 0xc0) return this.#text(at, token & 0x1f);
    if (token < 0x90) return this.#map(at, token & 0x0f, depth);
    if (token < 0xa0) return this.#list(at, token & 0x0f, depth);
    switch (token) {
      case 0xc0:
        return null;
      case 0xc2:
        return false;
      case 0xc3:
        return true;
      case 0xc4:
        return this.#binary(at, this.#uint(at, 1));
      case 0xc5:
        return this.#binary(at, this.#uint(at, 2));
      case 0xc6:
        return this.#binary(at, this.#uint(at, 4));
      case 0xca:
        return this.#float32(at);
      case 0xcb:
        return this.#float64(at);
      case 0xcc:
        return this.#whole(at, 1);
      case 0xcd:
        return this.#whole(at, 2);
      case 0xce:
        return this.#whole(at, 4);
      case 0xcf:
        return this.#wide(at, false);
      case 0xd0:
        return this.#whole(at, 1) << 24 >> 24;
      case 0xd1:
        return this.#whole(at, 2) << 16 >> 16;
      case 0xd2:
        return this.#whole(at, 4) | 0;
      case 0xd3:
        return this.#wide(at, true);
      case 0xd9:
        return this.#text(at, this.#uint(at, 1));
      case 0xda:
        return this.#text(at, this.#uint(at, 2));
      case 0xdb:
        return this.#text(at, this.#uint(at, 4));
      case 0xdc:
        return this.#list(at, this.#uint(at, 2), depth);
      case 0xdd:
        return this.#list(at, this.#uint(at, 4), depth);
      case 0xde:
        return this.#map(at, this.#uint(at, 2), depth);
      case 0xdf:
        return this.#map(at, this.#uint(at, 4), depth);
      case 0xc1:
        return this.#refuse(at, "0xc1 is reserved");
      default:
        return this.#extension(at, token);
    }
  }

  /** Goes over `count` bytes of the value at `at`; returns where they begin. */
  #take(at: number, count: number): number {
    const from = this.#at;
    if (count > this.#end - from) {
      this.#refuse(at, `${count} bytes are declared, ${this.#end - from} are left`);
    }
    this.#at = from + count;
    return from;
  }

  /** The unsigned length or count of `size` bytes behind the token at `at`. */
  #uint(at: number, size: 1 | 2 | 4): number {
    const from = this.#at;
    if (size > this.#end - from) this.#refuse(at, "the value is cut off");
    this.#at = from + size;
    return readUnsigned(this.#bytes, from, size);
  }

  /** The unsigned number of `size` bytes that is the value at `at`. */
  #whole(at: number, size: 1 | 2 | 4): number {
    return readUnsigned(this.#bytes, this.#take(at, size), size);
  }

  #float32(at: number): number {
    this.#eight.setUint32(0, this.#whole(at, 4));
    return this.#eight.getFloat32(0);
  }

  #float64(at: number): number {
    const from = this.#take(at, 8);
    // A view of the bytes costs as much as some floats do without one, then half of the time is saved.
    if (this.#view === undefined && ++this.#floats > FEW_FLOATS) {
      this.#view = new DataView(this.#bytes.buffer, this.#bytes.byteOffset, this.#end);
    }
    if (this.#view !== undefined) return this.#view.getFloat64(from);
    this.#eightBytes(from);
    return this.#eight.getFloat64(0);
  }

  /** An integer of 64 bits: a number while that is exact. */
  #wide(at: number, isSigned: boolean): number | bigint {
    this.#eightBytes(this.#take(at, 8));
    const high = isSigned ? this.#eight.getInt32(0) : this.#eight.getUint32(0);
    const number = high * 0x1_0000_0000 + this.#eight.getUint32(4);
    // 2^53 + 1 would round to 2^53: only what is closer to 0 is certain to be exact.
    if (number > -EXACT && number < EXACT) return number;
    const exact = isSigned ? this.#eight.getBigInt64(0) : this.#eight.getBigUint64(0);
    return exact === BigInt(EXACT) || exact === -BigInt(EXACT) ? number : exact;
  }

  #eightBytes(from: number): void {
    const bytes = this.#bytes;
    this.#eight.setInt32(
      0,
      bytes[from] << 24 | bytes[from + 1] << 16 | bytes[from + 2] << 8 | bytes[from + 3],
    );
    from += 4;
    this.#eight.setInt32(
      4,
      bytes[from] << 24 | bytes[from + 1] << 16 | bytes[from + 2] << 8 | bytes[from + 3],
    );
  }

  #binary(at: number, length: number): Uint8Array {
    const from = this.#take(at, length);
    // A Buffer's own slice is a view: it would change under the user's hands.
    return slice.call(this.#bytes, from, from + length);
  }

  #list(at: number, count: number, depth: number): unknown[] {
    this.#container(at, count, 1, depth);
    const list: unknown[] = new Array(count); // as many bytes are there, so this is a few times what was sent
    for (let index = 0; index < count; index++) list[index] = this.#value(depth + 1);
    return list;
  }

  #map(at: number, count: number, depth: number): Record<string, unknown> {
    this.#container(at, count, 2, depth);
    const map: Record<string, unknown> = {};
    const keys = this.#keys;
    const keysFrom = this.#keysUsed;
    const few = count <= FEW_KEYS;
    for (let index = 0; index < count; index++) {
      const keyAt = this.#at;
      const key = this.#key(keyAt);
      if (few) {
        // Comparing a few keys pairwise costs less than asking the map; more would let a peer buy n² work.
        for (let other = keysFrom; other < keysFrom + index; other++) {
          if (keys[other] === key) this.#refuseTwice(keyAt, key);
        }
        keys[keysFrom + index] = key;
        this.#keysUsed = keysFrom + index + 1;
      } else if (Object.hasOwn(map, key)) {
        this.#refuseTwice(keyAt, key);
      }
      map[key] = this.#value(depth + 1);
    }
    this.#keysUsed = keysFrom;
    return map;
  }

  #container(at: number, count: number, bytesEach: number, depth: number): void {
    if (depth === MAX_DEPTH) this.#refuse(at, `nesting is deeper than ${MAX_DEPTH}`);
    if (count > MAX_ELEMENTS) {
      this.#refuse(at, `${count} elements are declared, at most ${MAX_ELEMENTS} are allowed`);
    }
    const left = this.#end - this.#at;
    if (count * bytesEach > left) {
      this.#refuse(at, `${count} elements are declared, ${left} bytes are left`);
    }
    this.#nodes += count;
    if (this.#nodes > MAX_NODES) this.#refuse(at, `it holds more than ${MAX_NODES} values`);
  }

  #key(at: number): string {
    if (at >= this.#end) this.#refuse(at, "the map is cut off");
    const token = this.#bytes[at];
    this.#at = at + 1;
    let length = token & 0x1f;
    if (token < 0xa0 || token >= 0xc0) {
      if (token === 0xd9) length = this.#uint(at, 1);
      else if (token === 0xda) length = this.#uint(at, 2);
      else if (token === 0xdb) length = this.#uint(at, 4);
      else this.#refuse(at, "a map key is no string");
    }
    const from = this.#at;
    if (length <= this.#end - from) {
      const known = this.#cache.find(this.#bytes, from, length);
      if (known !== undefined) {
        this.#at = from + length;
        return known;
      }
    }
    const key = this.#text(at, length);
    if (key === "__proto__") this.#refuse(at, 'the key "__proto__" is not allowed');
    if (length > MAX_KEPT_KEY_BYTES) this.#hasLongKeys = true;
    this.#cache.keep(this.#bytes, from, length, key);
    return key;
  }

  /** The `length` bytes of text behind the head of the string at `at`. */
  #text(at: number, length: number): string {
    const from = this.#at;
    const end = from + length;
    if (end > this.#end) {
      this.#refuse(at, `a string of ${length} bytes is declared, ${this.#end - from} are left`);
    }
    this.#at = end;
    const text = readUtf8(this.#bytes, from, end, this.#decoder);
    return typeof text === "number" ? this.#refuse(text, "a string is not valid UTF-8") : text;
  }

  /** Only the timestamp is known. */
  #extension(at: number, token: number): Date {
    const length = token >= 0xd4
      ? 1 << (token - 0xd4)
      : this.#uint(at, token === 0xc7 ? 1 : token === 0xc8 ? 2 : 4);
    const from = this.#take(at, 1 + length);
    const type = this.#bytes[from] << 24 >> 24;
    if (type !== TIMESTAMP) this.#refuse(at, `extension ${type} is unknown, only ${TIMESTAMP} is known`);
    const date = readTimestamp(this.#bytes, from + 1, length);
    return typeof date === "string" ? this.#refuse(at, date) : date;
  }

  #refuseTwice(at: number, key: string): never {
    const shown = key.slice(0, MAX_SHOWN_CHARS).toWellFormed();
    const rest = key.length > MAX_SHOWN_CHARS ? `… (${new TextEncoder().encode(key).length} bytes)` : "";
    this.#refuse(at, `the key ${JSON.stringify(shown)}${rest} stands there twice`);
  }

  #refuse(at: number, reason: string): never {
    const place = `at byte ${at - this.#start} of ${this.#end - this.#start}`;
    throw new ProtocolError("bad_msgpack", `Refused a msgpack value ${place}: ${reason}`, { fatal: false });
  }
}

/** Up to this many floats are turned over one by one. */
const FEW_FLOATS = 8;
const EXACT = 2 ** 53;
/** Up to this many keys are compared pairwise. */
const FEW_KEYS = 16;
/** Longer keys are forgotten with the value that has them. */
const MAX_KEPT_KEY_BYTES = 64;
/** How much of a key an error message shows. */
const MAX_SHOWN_CHARS = 40;
const NOTHING = new Uint8Array(0);
const { slice } = Uint8Array.prototype;
