/**
 * Values to msgpack bytes, checked while they are written.
 *
 * @module
 */
import { UsageTypeError } from "../../errors.ts";
import { SendBuffer } from "../../send_buffer.ts";
import { MAX_DEPTH, MAX_ELEMENTS, MAX_NODES } from "./msgpack_limits.ts";
import {
  BINARY,
  headBytes,
  LIST,
  MAP,
  TEXT,
  writeBigint,
  writeDate,
  writeHead,
  writeNumber,
} from "./msgpack_scalars.ts";
import { adviceFor } from "./packable.ts";
import { SHORT_CHARS, writeAscii } from "./utf8.ts";

/**
 * Writes one value after the other straight into send buffers, in one walk and without memory of its own.
 *
 * It stops at the first thing that cannot travel or is too much, with no words for it: `checkPackable` finds them
 * by walking the value once more, so that what does travel pays nothing for them.
 */
export class MsgPackWriter {
  /** What is in hand between two values, so that the last one's does not stay in memory. */
  readonly #nowhere = new SendBuffer();
  #output: SendBuffer = this.#nowhere;
  #bytes: Uint8Array = this.#nowhere.bytes;
  #view: DataView = this.#nowhere.view;
  #start = 0;
  #at = 0;
  /** How far the bytes written are counted in by the output: the others are lost when it grows. */
  #counted = 0;
  #nodes = 0;
  #size = 0;
  #checkSize: (bytes: number) => void = anySize;
  readonly #encoder = new TextEncoder();

  /** The last size that `checkSize` was asked about, in bytes. */
  get size(): number {
    return this.#size;
  }

  /**
   * Adds the bytes of `value` to `output`. `checkSize` throws when so many bytes are too many: it is asked before
   * memory is taken, then the value may still grow, and at the end. After an error, `output` has to be rewound.
   *
   * @throws what `checkSize` and the getters of `value` throw.
   * @throws {UsageTypeError} code `usage`: it is more than may travel, or cannot travel at all.
   */
  write(output: SendBuffer, value: unknown, checkSize: (bytes: number) => void): void {
    this.#checkSize = checkSize;
    this.#nodes = 1;
    this.#start = this.#at = this.#counted = output.reserve(ROOM);
    this.#use(output);
    try {
      this.#value(value, 0);
      this.#check(0);
      this.#countIn();
    } finally {
      this.#checkSize = anySize;
      this.#use(this.#nowhere);
    }
  }

  #use(output: SendBuffer): void {
    this.#output = output;
    this.#bytes = output.bytes;
    this.#view = output.view;
  }

  #value(value: unknown, depth: number): void {
    this.#room(ROOM);
    switch (typeof value) {
      case "number":
        this.#at = writeNumber(this.#bytes, this.#view, this.#at, value);
        return;
      case "string":
        return this.#text(value);
      case "object":
        if (value === null) this.#bytes[this.#at++] = 0xc0;
        else this.#object(value, depth);
        return;
      case "boolean":
        this.#bytes[this.#at++] = value ? 0xc3 : 0xc2;
        return;
      case "undefined":
        this.#bytes[this.#at++] = 0xc0;
        return;
      case "bigint":
        if (BigInt.asIntN(64, value) !== value && BigInt.asUintN(64, value) !== value) this.#refuse();
        this.#at = writeBigint(this.#bytes, this.#view, this.#at, value);
        return;
      default:
        this.#refuse();
    }
  }

  #object(value: object, depth: number): void {
    if (Array.isArray(value)) return this.#list(value, depth);
    const prototype = Object.getPrototypeOf(value);
    if (prototype === Object.prototype || prototype === null) return this.#record(value, depth);
    if (value instanceof Uint8Array) return this.#binary(value);
    if (value instanceof ArrayBuffer) return this.#binary(new Uint8Array(value));
    if (value instanceof Date) return this.#date(value);
    if (adviceFor(value) !== undefined) this.#refuse();
    this.#record(value, depth);
  }

  #list(list: readonly unknown[], depth: number): void {
    const count = list.length;
    if (depth === MAX_DEPTH || count > MAX_ELEMENTS) this.#refuse();
    this.#countNodes(count);
    this.#at = writeHead(this.#bytes, this.#view, this.#at, count, LIST);
    for (let index = 0; index < count; index++) this.#value(list[index], depth + 1);
  }

  #record(record: object, depth: number): void {
    if (depth === MAX_DEPTH) this.#refuse();
    const headAt = this.#at++; // long enough for most; how many members are there is known at the end
    let count = 0;
    // The engine leaves this very call out where it can, then the pair costs a third of Object.keys.
    for (const key in record) {
      if (!hasOwnProperty.call(record, key)) continue;
      const member = (record as Record<string, unknown>)[key];
      if (member === undefined) continue;
      if (key === "__proto__" || count++ === MAX_ELEMENTS) this.#refuse();
      this.#countNodes(1);
      this.#room(ROOM);
      this.#text(key);
      this.#value(member, depth + 1);
    }
    if (count < MAP.below) this.#bytes[headAt] = MAP.short | count;
    else this.#widenHead(headAt, count);
  }

  /** Moves the `count` members of a map along to make room for a longer head. */
  #widenHead(headAt: number, count: number): void {
    this.#room(ROOM);
    const more = headBytes(count, MAP) - 1;
    this.#bytes.copyWithin(headAt + 1 + more, headAt + 1, this.#at);
    writeHead(this.#bytes, this.#view, headAt, count, MAP);
    this.#at += more;
  }

  #date(date: Date): void {
    const time = date.getTime();
    if (Number.isNaN(time)) this.#refuse();
    this.#at = writeDate(this.#bytes, this.#view, this.#at, time);
  }

  #binary(binary: Uint8Array): void {
    this.#at = writeHead(this.#bytes, this.#view, this.#at, binary.length, BINARY);
    this.#append(binary);
  }

  #append(part: Uint8Array): void {
    const length = part.length;
    if (this.#bytes.length - this.#at < length) {
      this.#check(length);
      this.#grow(length);
    }
    this.#bytes.set(part, this.#at);
    this.#at += length;
  }

  #text(text: string): void {
    const length = text.length;
    if (length > SHORT_CHARS) return this.#longText(text);
    const bytes = this.#bytes;
    const from = this.#at + (length < TEXT.below ? 1 : 2);
    if (!writeAscii(bytes, from, text)) return this.#wideText(text);
    if (length < TEXT.below) {
      bytes[from - 1] = TEXT.short | length;
    } else {
      bytes[from - 2] = TEXT.one;
      bytes[from - 1] = length;
    }
    this.#at = from + length;
  }

  /** A short text that is not all ASCII. */
  #wideText(text: string): void {
    const bytes = this.#bytes;
    const from = this.#at + 2;
    let at = from;
    for (let index = 0; index < text.length; index++) {
      const code = text.charCodeAt(index);
      if (code < 0x80) {
        bytes[at++] = code;
      } else if (code < 0x800) {
        bytes[at++] = 0xc0 | code >> 6;
        bytes[at++] = 0x80 | code & 0x3f;
      } else if (code < 0xd800 || code > 0xdfff) {
        bytes[at++] = 0xe0 | code >> 12;
        bytes[at++] = 0x80 | code >> 6 & 0x3f;
        bytes[at++] = 0x80 | code & 0x3f;
      } else {
        return this.#longText(text);
      }
    }
    this.#endText(from, at - from);
  }

  /** A text that is long or holds surrogates. */
  #longText(text: string): void {
    if (!text.isWellFormed()) this.#refuse(); // the encoder would put other characters in
    const length = text.length;
    if (length > LONG_CHARS) {
      this.#check(length); // UTF-8 is never shorter
      const encoded = this.#encoder.encode(text);
      this.#at = writeHead(this.#bytes, this.#view, this.#at, encoded.length, TEXT);
      return this.#append(encoded);
    }
    this.#room(ROOM + 3 * length);
    const from = this.#at + headBytes(length, TEXT);
    const { written } = this.#encoder.encodeInto(text, this.#bytes.subarray(from));
    this.#endText(from, written);
  }

  /** Puts the head before the `length` bytes of text that were written at `from`. */
  #endText(from: number, length: number): void {
    const at = this.#at;
    const to = at + headBytes(length, TEXT);
    if (to !== from) this.#bytes.copyWithin(to, from, from + length);
    writeHead(this.#bytes, this.#view, at, length, TEXT);
    this.#at = to + length;
  }

  #countNodes(count: number): void {
    this.#nodes += count;
    if (this.#nodes > MAX_NODES) this.#refuse();
  }

  #room(count: number): void {
    if (this.#bytes.length - this.#at < count) this.#grow(count);
  }

  /** Takes memory for `count` more bytes and what follows them. */
  #grow(count: number): void {
    this.#check(0);
    this.#countIn();
    this.#output.reserve(count + ROOM);
    this.#use(this.#output);
  }

  #countIn(): void {
    if (this.#output.length !== this.#counted) this.#refuse(); // a getter has sent something in between
    this.#output.advance(this.#at - this.#counted);
    this.#counted = this.#at;
  }

  #check(more: number): void {
    this.#size = this.#at - this.#start + more;
    this.#checkSize(this.#size);
  }

  #refuse(): never {
    throw new UsageTypeError("Cannot pack a message: its content changes while it is read");
  }
}

function anySize(): void {}

const { hasOwnProperty } = Object.prototype;
/** Above this, making room for three bytes for each character costs more than encoding apart. */
const LONG_CHARS = 16 * 1024;
/** What is free before each value and each key: a short text in three bytes a character, or anything smaller. */
const ROOM = 160;
