/**
 * The check that every msgpack value of a peer passes before anything is built from it.
 *
 * The reader behind it may then trust each length and each count, so a peer cannot make it spend memory
 * that the peer did not send. Offsets in messages count from the first byte of the value.
 *
 * @module
 */
import { ProtocolError } from "../../errors.ts";

/** Deepest nesting of arrays and maps: deep enough for real data, far from the end of the call stack. */
export const MAX_DEPTH = 32;
/** Most elements of one array, most entries of one map. */
export const MAX_ELEMENTS = 65_536;
/** Most values in one message, containers included and map keys not. */
export const MAX_NODES = 100_000;
/** The first and last whole second that a `Date` can hold, counted from 1970: 100 million days. */
export const MAX_DATE_SECONDS = 8_640_000_000_000;

/**
 * Checks that exactly one well-formed value fills `bytes` from `start` to `end`.
 *
 * It holds to the limits above, and besides: map keys are strings, no key twice in a map and none called
 * `__proto__`, strings are UTF-8, the only extension is the timestamp (within the range of a `Date`).
 *
 * @throws {ProtocolError} code `bad_msgpack`, not fatal: the reason and the offset are in the message.
 */
export function scan(bytes: Uint8Array, start: number, end: number): void {
  new MsgPackScanner().scan(bytes, start, end);
}

/** {@linkcode scan} with its memory kept from call to call: nothing is allocated for an ordinary value. */
export class MsgPackScanner {
  #bytes: Uint8Array = NOTHING;
  #start = 0;
  #end = 0;
  #nodes = 0;
  /** Offset and length of each key of the small maps that are being read, the innermost map last. */
  #keys: number[] = [];
  #keysUsed = 0;
  #marked: MarkedText[] | undefined;

  /** The strings of the value last checked that begin with a byte order mark; `undefined` when there are none. */
  get marked(): readonly MarkedText[] | undefined {
    return this.#marked;
  }

  /** See {@linkcode scan}. */
  scan(bytes: Uint8Array, start: number, end: number): void {
    this.#bytes = bytes;
    this.#start = start;
    this.#end = end;
    this.#nodes = 1;
    this.#keysUsed = 0;
    this.#marked = undefined;
    try {
      const next = this.#value(start, 0);
      if (next !== end) this.#refuse(next, `${end - next} bytes follow the value, none are allowed`);
    } finally {
      this.#bytes = NOTHING; // a message must not stay in memory because it was the last one checked
    }
  }

  /** Checks the value at `at` inside of `depth` containers; returns the offset behind it. */
  #value(at: number, depth: number): number {
    if (at >= this.#end) this.#refuse(at, "the value is cut off");
    const token = this.#bytes[at];
    if (token < 0x80 || token >= 0xe0) return at + 1; // small integers
    if (token >= 0xa0 && token < 0xc0) return this.#text(at, at + 1, token & 0x1f);
    if (token < 0x90) return this.#map(at, at + 1, token & 0x0f, depth);
    if (token < 0xa0) return this.#array(at, at + 1, token & 0x0f, depth);
    if (token >= 0xcc && token < 0xd4) return this.#skip(at, 1 + (1 << (token & 3))); // integers of 1, 2, 4, 8 bytes
    switch (token) {
      case 0xc0: // nil
      case 0xc2: // false
      case 0xc3: // true
        return at + 1;
      case 0xca: // float 32
        return this.#skip(at, 5);
      case 0xcb: // float 64
        return this.#skip(at, 9);
      case 0xd9:
        return this.#text(at, at + 2, this.#uint(at, 1));
      case 0xda:
        return this.#text(at, at + 3, this.#uint(at, 2));
      case 0xdb:
        return this.#text(at, at + 5, this.#uint(at, 4));
      case 0xc4:
        return this.#skip(at, 2 + this.#uint(at, 1));
      case 0xc5:
        return this.#skip(at, 3 + this.#uint(at, 2));
      case 0xc6:
        return this.#skip(at, 5 + this.#uint(at, 4));
      case 0xdc:
        return this.#array(at, at + 3, this.#uint(at, 2), depth);
      case 0xdd:
        return this.#array(at, at + 5, this.#uint(at, 4), depth);
      case 0xde:
        return this.#map(at, at + 3, this.#uint(at, 2), depth);
      case 0xdf:
        return this.#map(at, at + 5, this.#uint(at, 4), depth);
      case 0xc1:
        return this.#refuse(at, "0xc1 is reserved");
      default:
        return this.#extension(at, token);
    }
  }

  #skip(at: number, count: number): number {
    if (count > this.#end - at) this.#refuse(at, `${count} bytes are declared, ${this.#end - at} are left`);
    return at + count;
  }

  /** The unsigned number of `size` bytes behind the token at `at`. */
  #uint(at: number, size: 1 | 2 | 4): number {
    if (size >= this.#end - at) this.#refuse(at, "the value is cut off");
    const bytes = this.#bytes;
    if (size === 1) return bytes[at + 1];
    const high = bytes[at + 1] << 8 | bytes[at + 2];
    if (size === 2) return high;
    return high * 0x10000 + (bytes[at + 3] << 8 | bytes[at + 4]);
  }

  #array(at: number, first: number, count: number, depth: number): number {
    this.#container(at, first, count, 1, depth);
    let next = first;
    for (let index = 0; index < count; index++) next = this.#value(next, depth + 1);
    return next;
  }

  #map(at: number, first: number, count: number, depth: number): number {
    this.#container(at, first, count, 2, depth);
    // Comparing a few keys pairwise costs less than hashing them; more of them would let a peer buy n² work.
    const seen = count > FEW_KEYS ? new Set<string>() : undefined;
    const keysFrom = this.#keysUsed;
    let next = first;
    for (let index = 0; index < count; index++) {
      const keyAt = next;
      const text = this.#keyText(keyAt);
      next = this.#text(keyAt, text, this.#keyLength(keyAt, text));
      const length = next - text;
      if (length === 9 && this.#isProto(text)) this.#refuse(keyAt, 'the key "__proto__" is not allowed');
      if (seen === undefined) {
        if (count > 1) this.#addKey(keyAt, text, length, keysFrom);
      } else {
        seen.add(KEY_DECODER.decode(this.#bytes.subarray(text, next)));
        if (seen.size === index) {
          this.#refuse(keyAt, `the key ${this.#quote(text, length)} stands there twice`);
        }
      }
      next = this.#value(next, depth + 1);
    }
    this.#keysUsed = keysFrom;
    return next;
  }

  #container(at: number, first: number, count: number, bytesEach: number, depth: number): void {
    if (depth === MAX_DEPTH) this.#refuse(at, `nesting is deeper than ${MAX_DEPTH}`);
    if (count > MAX_ELEMENTS) {
      this.#refuse(at, `${count} elements are declared, at most ${MAX_ELEMENTS} are allowed`);
    }
    if (count * bytesEach > this.#end - first) {
      this.#refuse(at, `${count} elements are declared, ${this.#end - first} bytes are left`);
    }
    this.#nodes += count;
    if (this.#nodes > MAX_NODES) this.#refuse(at, `it holds more than ${MAX_NODES} values`);
  }

  /** Where the text of the key at `at` starts. */
  #keyText(at: number): number {
    if (at >= this.#end) this.#refuse(at, "the map is cut off");
    const token = this.#bytes[at];
    if (token >= 0xa0 && token < 0xc0) return at + 1;
    if (token === 0xd9) return at + 2;
    if (token === 0xda) return at + 3;
    if (token === 0xdb) return at + 5;
    return this.#refuse(at, "a map key is no string");
  }

  #keyLength(at: number, text: number): number {
    const size = text - at - 1;
    return size === 0 ? this.#bytes[at] & 0x1f : this.#uint(at, size as 1 | 2 | 4);
  }

  #addKey(at: number, text: number, length: number, keysFrom: number): void {
    const keys = this.#keys;
    const used = this.#keysUsed;
    const bytes = this.#bytes;
    for (let index = keysFrom; index < used; index += 2) {
      if (keys[index + 1] !== length) continue;
      const other = keys[index];
      let rest = length - 1; // backwards: names in a family differ at their ends
      while (rest >= 0 && bytes[other + rest] === bytes[text + rest]) rest--;
      if (rest < 0) this.#refuse(at, `the key ${this.#quote(text, length)} stands there twice`);
    }
    keys[used] = text;
    keys[used + 1] = length;
    this.#keysUsed = used + 2;
  }

  #isProto(text: number): boolean {
    for (let index = 0; index < PROTO.length; index++) {
      if (this.#bytes[text + index] !== PROTO[index]) return false;
    }
    return true;
  }

  /** Checks the `length` bytes of text at `text` of the string at `at`; returns the offset behind them. */
  #text(at: number, text: number, length: number): number {
    if (length > this.#end - text) {
      this.#refuse(at, `a string of ${length} bytes is declared, ${this.#end - text} are left`);
    }
    const bytes = this.#bytes;
    const end = text + length;
    if (length >= 3 && bytes[text] === 0xef && bytes[text + 1] === 0xbb && bytes[text + 2] === 0xbf) {
      (this.#marked ??= []).push({ at, text, end });
    }
    let next = text;
    while (next < end - 7) {
      const any = bytes[next] | bytes[next + 1] | bytes[next + 2] | bytes[next + 3] | bytes[next + 4] |
        bytes[next + 5] | bytes[next + 6] | bytes[next + 7];
      if (any >= 0x80) break;
      next += 8;
    }
    while (next < end) {
      if (bytes[next] < 0x80) next++;
      else next = this.#character(next, end);
    }
    return end;
  }

  /** Checks one character of two to four bytes; returns the offset behind it. */
  #character(at: number, end: number): number {
    const bytes = this.#bytes;
    const lead = bytes[at];
    // Beside the pattern of the bytes, UTF-8 forbids longer forms than needed, surrogates, and more than U+10FFFF.
    const size = lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
    if (lead < 0xc2 || lead > 0xf4 || size > end - at) this.#refuse(at, "a string is not valid UTF-8");
    const second = bytes[at + 1];
    const least = lead === 0xe0 ? 0xa0 : lead === 0xf0 ? 0x90 : 0x80;
    const most = lead === 0xed ? 0x9f : lead === 0xf4 ? 0x8f : 0xbf;
    if (second < least || second > most) this.#refuse(at, "a string is not valid UTF-8");
    for (let index = 2; index < size; index++) {
      if ((bytes[at + index] & 0xc0) !== 0x80) this.#refuse(at, "a string is not valid UTF-8");
    }
    return at + size;
  }

  /** Only the timestamp is known: 4, 8 or 12 bytes that make a `Date`. */
  #extension(at: number, token: number): number {
    const fixed = token >= 0xd4;
    const size = token === 0xc7 ? 1 : token === 0xc8 ? 2 : 4;
    const length = fixed ? 1 << (token - 0xd4) : this.#uint(at, size);
    const typeAt = fixed ? at + 1 : at + 1 + size;
    const end = this.#skip(typeAt, 1 + length);
    const bytes = this.#bytes;
    const type = bytes[typeAt] << 24 >> 24;
    if (type !== TIMESTAMP) this.#refuse(at, `extension ${type} is unknown, only ${TIMESTAMP} is known`);
    if (length !== 4 && length !== 8 && length !== 12) {
      this.#refuse(at, `a timestamp has ${length} bytes, only 4, 8 and 12 are allowed`);
    }
    if (length === 4) return end;
    const first = this.#uint(typeAt, 4);
    const nanoseconds = length === 8 ? Math.floor(first / 4) : first;
    if (nanoseconds >= 1e9) {
      this.#refuse(at, `a timestamp has ${nanoseconds} nanoseconds, at most 999999999 are allowed`);
    }
    if (length === 8) return end; // 34 bits of seconds always fit
    const seconds = (this.#uint(typeAt + 4, 4) | 0) * 0x1_0000_0000 + this.#uint(typeAt + 8, 4);
    if (Math.abs(seconds) > MAX_DATE_SECONDS || (seconds === MAX_DATE_SECONDS && nanoseconds > 0)) {
      this.#refuse(
        at,
        `a timestamp has ${seconds} seconds, a date has at most ${MAX_DATE_SECONDS} either way`,
      );
    }
    return end;
  }

  #quote(text: number, length: number): string {
    const shown = Math.min(length, MAX_SHOWN_BYTES);
    const key = KEY_DECODER.decode(this.#bytes.subarray(text, text + shown));
    return JSON.stringify(key) + (shown < length ? `… (${length} bytes)` : "");
  }

  #refuse(at: number, reason: string): never {
    const place = `at byte ${at - this.#start} of ${this.#end - this.#start}`;
    throw new ProtocolError("bad_msgpack", `Refused a msgpack value ${place}: ${reason}`, { fatal: false });
  }
}

/** Where a string begins with a byte order mark: its token, its text, and the offset behind it. */
export interface MarkedText {
  /** Offset of the token. */
  readonly at: number;
  /** Offset of the first byte of the text, which is the mark. */
  readonly text: number;
  /** Offset behind the last byte of the text. */
  readonly end: number;
}

const TIMESTAMP = -1;
/** Up to this many keys, comparing them pairwise costs less than a `Set` of strings. */
const FEW_KEYS = 32;
/** How much of a key an error message shows, in bytes. */
const MAX_SHOWN_BYTES = 40;
const NOTHING = new Uint8Array(0);
const PROTO = new TextEncoder().encode("__proto__");
/** With the mark left in, equal strings mean equal bytes. */
const KEY_DECODER = new TextDecoder("utf-8", { ignoreBOM: true });
