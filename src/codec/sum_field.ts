/**
 * The place of a checksum behind a frame: how it is written, read and compared.
 *
 * @module
 */
import { ProtocolError, UsageRangeError, UsageTypeError } from "../errors.ts";
import type { ChecksumOptions } from "./checksum.ts";
import { markBytes } from "./options.ts";
import type { Checksum } from "./sums.ts";

/** The most bytes at the front of a frame that may be left out of its sum; 1 and 2 are in use. */
const MAX_FROM = 1024;

/**
 * Checks what the user gave.
 *
 * @throws {UsageTypeError} code `usage`: no checksum, an unknown option, or one of another kind.
 * @throws {UsageRangeError} code `usage`: `from`, the mark, or the size of the sum is out of range.
 */
export function sumField(sum: Checksum, options: ChecksumOptions): SumField {
  if (typeof sum?.of !== "function" || typeof sum.name !== "string") {
    throw new UsageTypeError(
      `Cannot use a value of type ${typeof sum} as a checksum: crc16Modbus or { name, bytes, of } is wanted`,
    );
  }
  if (!Number.isInteger(sum.bytes) || sum.bytes < 1 || sum.bytes > 4) {
    throw new UsageRangeError(`Cannot use ${sum.bytes} as "bytes" of "${sum.name}": 1 to 4 are wanted`);
  }
  if (typeof options !== "object" || options === null) {
    throw new UsageTypeError(
      `Cannot use ${String(options)} as the options of checksum(): an object is wanted`,
    );
  }
  for (const name of Object.keys(options)) {
    if (OPTIONS.includes(name)) continue;
    throw new UsageTypeError(`Unknown option "${name}" of checksum(): the options are ${OPTIONS.join(", ")}`);
  }
  const { as, order, from = 0 } = options;
  oneOf("as", as, ["binary", "hex"]);
  oneOf("order", order, ["little", "big"]);
  if (!Number.isInteger(from) || from < 0 || from > MAX_FROM) {
    throw new UsageRangeError(
      `Cannot use ${String(from)} as "from": a whole number from 0 to ${MAX_FROM} is wanted`,
    );
  }
  return new SumField(sum, options);
}

const OPTIONS = ["order", "as", "mark", "from"];

function oneOf(name: string, value: string | undefined, known: readonly string[]): void {
  if (value === undefined || known.includes(value)) return;
  throw new UsageTypeError(
    `Cannot use ${JSON.stringify(value)} as "${name}": "${known.join('" or "')}" is wanted`,
  );
}

/** Writes the sum behind a frame, and checks and takes off the sum behind one. */
export class SumField {
  readonly #sum: Checksum;
  readonly #options: ChecksumOptions;
  readonly #mark: Uint8Array;
  readonly #from: number;

  /** The options have been checked: see {@linkcode sumField}. */
  constructor(sum: Checksum, options: ChecksumOptions) {
    this.#sum = sum;
    this.#options = { ...options };
    const { mark = "", from = 0 } = options;
    this.#mark = mark === "" ? new Uint8Array(0) : markBytes(mark);
    this.#from = from;
  }

  /** The frame with its mark and its sum behind it. */
  append(frame: string | Uint8Array): string | Uint8Array {
    const isText = typeof frame === "string";
    const bytes = isText ? ENCODER.encode(frame) : frame;
    const field = this.#write(this.#of(bytes), isText);
    if (isText) return frame + DECODER.decode(field);
    const whole = new Uint8Array(bytes.length + field.length);
    whole.set(bytes);
    whole.set(field, bytes.length);
    return whole;
  }

  /** The frame without its mark and its sum, or `undefined` when the sum is wrong or missing. */
  check(frame: string | Uint8Array): string | Uint8Array | undefined {
    const isText = typeof frame === "string";
    const bytes = isText ? ENCODER.encode(frame) : frame;
    const end = this.#fieldAt(bytes, isText);
    if (end === undefined) return undefined;
    const expected = this.#write(this.#of(bytes.subarray(0, end)), isText);
    for (let at = this.#mark.length; at < expected.length; at++) {
      if (capital(bytes[end + at], isText || this.#isHex) !== expected[at]) return undefined;
    }
    // Mark and sum are ASCII: as many characters as bytes.
    return isText ? frame.slice(0, frame.length - expected.length) : bytes.subarray(0, end);
  }

  /** The error for a frame that `check` did not take; `more` is added to the first part. */
  fault(frame: string | Uint8Array, more: string): ProtocolError {
    const isText = typeof frame === "string";
    const bytes = isText ? ENCODER.encode(frame) : frame;
    const end = this.#fieldAt(bytes, isText);
    const { name } = this.#sum;
    const what = end === undefined
      ? `Frame of ${bytes.length} bytes has no ${name} behind it${this.#wanted(isText)}`
      : `Frame of ${bytes.length} bytes has the ${name} ${this.#shown(bytes.subarray(end), isText)}, ` +
        `its bytes give ${this.#shown(this.#write(this.#of(bytes.subarray(0, end)), isText), isText)}`;
    return new ProtocolError("bad_checksum", `${what}${more}; it is dropped`, { fatal: false });
  }

  get #isHex(): boolean {
    return this.#options.as === "hex";
  }

  /** The bytes of mark and sum. */
  #fieldBytes(isText: boolean): number {
    return this.#mark.length + this.#sum.bytes * (isText || this.#isHex ? 2 : 1);
  }

  /** Where mark and sum begin; `undefined` when there is no room or another mark. */
  #fieldAt(bytes: Uint8Array, isText: boolean): number | undefined {
    const at = bytes.length - this.#fieldBytes(isText);
    if (at < 0) return undefined;
    for (let index = 0; index < this.#mark.length; index++) {
      if (bytes[at + index] !== this.#mark[index]) return undefined;
    }
    return at;
  }

  #of(bytes: Uint8Array): number {
    return this.#sum.of(this.#from === 0 ? bytes : bytes.subarray(this.#from));
  }

  /** Mark and sum as they are on the wire. */
  #write(value: number, isText: boolean): Uint8Array {
    const { bytes, order: own = "big" } = this.#sum;
    const isHex = isText || this.#isHex;
    const order = this.#options.order ?? (isHex ? "big" : own);
    const field = new Uint8Array(this.#fieldBytes(isText));
    field.set(this.#mark);
    let at = this.#mark.length;
    for (let index = 0; index < bytes; index++) {
      const byte = value >>> 8 * (order === "little" ? index : bytes - 1 - index) & 0xff;
      if (isHex) {
        field[at++] = DIGITS[byte >> 4];
        field[at++] = DIGITS[byte & 15];
      } else {
        field[at++] = byte;
      }
    }
    return field;
  }

  /** A sum as it is on the wire, for people: in hexadecimal, without its mark. */
  #shown(field: Uint8Array, isText: boolean): string {
    const sum = field.subarray(this.#mark.length);
    if ((isText || this.#isHex) && sum.every(isDigit)) return DECODER.decode(sum);
    return Array.from(sum, (byte) => byte.toString(16).toUpperCase().padStart(2, "0")).join(" ");
  }

  #wanted(isText: boolean): string {
    const mark = this.#mark.length > 0 ? `${JSON.stringify(this.#options.mark)} and ` : "";
    return ` (${mark}${this.#fieldBytes(isText) - this.#mark.length} ${
      isText || this.#isHex ? "digits" : "bytes"
    } are wanted)`;
  }
}

/** A small hexadecimal digit as a capital one, where case does not count. */
function capital(byte: number, isHex: boolean): number {
  return isHex && byte >= 0x61 && byte <= 0x66 ? byte - 0x20 : byte;
}

function isDigit(byte: number): boolean {
  return DIGITS.includes(capital(byte, true));
}

const DIGITS = new TextEncoder().encode("0123456789ABCDEF");
const ENCODER = new TextEncoder();
const DECODER = new TextDecoder();
