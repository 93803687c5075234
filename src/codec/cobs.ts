/**
 * Consistent Overhead Byte Stuffing: packets over a serial line that any reader can join in the middle.
 *
 * The format: Stuart Cheshire and Mary Baker, "Consistent Overhead Byte Stuffing", IEEE/ACM Transactions on
 * Networking 7 (2), April 1999.
 *
 * @module
 */
import { ProtocolError } from "../errors.ts";
import type { ReceiveBuffer } from "../receive_buffer.ts";
import { type Codec, type FrameLimit, frameTooLarge } from "./codec.ts";
import { FaultAllowance } from "./fault_allowance.ts";
import { checkFrame, frameLimit } from "./options.ts";

/** The options of {@linkcode cobs}. */
export type CobsOptions = FrameLimit;

/**
 * Frames are rewritten without zero bytes and end with one. Each group begins with a code: the distance to the next
 * zero, or FF for 254 bytes without one. The cost is 1 byte in 254 at most, and two.
 *
 * ```text
 * INPUT                          FRAMES
 * 03 11 22 02 33 00              11 22 00 33
 * 01 01 00                       00
 * 01 00                          (empty)
 * 00 00 02 55 00                 55             zeros between frames are passed over
 * FF (254 bytes) 00              the 254 bytes  also read with a closing 01, as some writers send it
 * ```
 *
 * `decode` throws {@linkcode ProtocolError}, never fatal: `bad_cobs` for a group that reaches beyond the zero,
 * `too_large` for a frame above `maxFrameBytes` (default 1 MiB, counted without codes and zero), raised once, as soon
 * as that much has come without a zero. Reading goes on behind the next zero. Of bad frames that come thick and fast
 * (noise, a wrong baud rate) only some raise an error, which tells how many more there were. `encode` throws
 * {@linkcode UsageRangeError} for a frame above `maxFrameBytes`.
 *
 * @throws {UsageTypeError} code `usage`: an unknown option.
 * @throws {UsageRangeError} code `usage`: `maxFrameBytes` outside 1 byte to 64 MiB.
 *
 * @example There and back
 * ```ts
 * import { cobs, ReceiveBuffer } from "@parley/parley";
 * import assert from "node:assert/strict";
 *
 * const codec = cobs();
 * const bytes = codec.encode(Uint8Array.of(0x11, 0x22, 0x00, 0x33));
 * assert.deepEqual(bytes, Uint8Array.of(0x03, 0x11, 0x22, 0x02, 0x33, 0x00));
 * const buffer = new ReceiveBuffer();
 * buffer.append(bytes);
 * assert.deepEqual(codec.decode(buffer), Uint8Array.of(0x11, 0x22, 0x00, 0x33));
 * ```
 */
export function cobs(options: CobsOptions = {}): Codec<Uint8Array> {
  return new CobsCodec(frameLimit("cobs", options));
}

class CobsCodec implements Codec<Uint8Array> {
  readonly #maxFrameBytes: number;
  /** The most that the codes and bytes of a frame within the limit can take, its zero left out. */
  readonly #maxStuffedBytes: number;
  /** Bytes at the front of the buffer that are known to hold no zero. */
  #scanned = 0;
  #dropping = false;
  readonly #allowance = new FaultAllowance();
  /** A good frame that waits for the report of bad ones before it. */
  #held: Uint8Array | undefined;

  constructor(maxFrameBytes: number) {
    this.#maxFrameBytes = maxFrameBytes;
    this.#maxStuffedBytes = stuffedBytes(maxFrameBytes);
  }

  decode(buffer: ReceiveBuffer): Uint8Array | undefined {
    if (this.#held !== undefined) {
      const frame = this.#held;
      this.#held = undefined;
      return frame;
    }
    for (;;) {
      const end = buffer.indexOf(0, this.#scanned);
      if (this.#dropping) {
        buffer.skip(end === -1 ? buffer.length : end + 1);
        if (end === -1) return undefined;
        this.#dropping = false;
      } else if (end === -1) {
        this.#scanned = buffer.length;
        if (this.#scanned <= this.#maxStuffedBytes) return undefined;
        this.#dropping = true;
        throw this.#passOver(buffer, this.#scanned);
      } else {
        // Before the codes are looked at: in small pieces it is refused before they have all come.
        if (end > this.#maxStuffedBytes) throw this.#passOver(buffer, end + 1);
        this.#scanned = 0;
        const frame = this.#take(buffer, end);
        if (frame !== undefined) return frame;
      }
    }
  }

  encode(frame: Uint8Array): Uint8Array {
    checkFrame(frame, this.#maxFrameBytes);
    const bytes = new Uint8Array(stuffedBytes(frame.length) + 1);
    let codeAt = 0;
    let at = 1;
    for (let index = 0; index < frame.length; index++) {
      const byte = frame[index];
      if (byte !== 0) bytes[at++] = byte;
      const full = at - codeAt === FULL;
      // A full group at the very end stands alone: another code would say that a zero follows.
      if (byte === 0 || (full && index < frame.length - 1)) {
        bytes[codeAt] = at - codeAt;
        codeAt = at++;
      }
    }
    bytes[codeAt] = at - codeAt;
    return bytes.subarray(0, at + 1);
  }

  fresh(): Codec<Uint8Array> {
    return new CobsCodec(this.#maxFrameBytes);
  }

  /** Takes the frame out whose zero is at `end`; `undefined` for none, and for a bad one that is not reported. */
  #take(buffer: ReceiveBuffer, end: number): Uint8Array | undefined {
    this.#allowance.pass(end + 1);
    if (end === 0) {
      buffer.skip(1);
      return undefined;
    }
    const stuffed = buffer.peek(end);
    buffer.skip(end + 1); // a bad frame is passed over as well
    const length = unstuffedBytes(stuffed);
    if (length === -1) {
      if (this.#allowance.spend()) throw badGroup(stuffed, this.#allowance.silent());
      return undefined;
    }
    if (length > this.#maxFrameBytes) throw this.#tooLarge();
    const frame = unstuff(stuffed, length);
    if (!this.#allowance.isDue) return frame;
    this.#held = frame;
    throw this.#allowance.rest("bad_cobs", "with a group that reaches beyond the end");
  }

  #passOver(buffer: ReceiveBuffer, count: number): ProtocolError {
    buffer.skip(count);
    this.#scanned = 0;
    return this.#tooLarge();
  }

  #tooLarge(): ProtocolError {
    return frameTooLarge(this.#maxFrameBytes + 1, this.#maxFrameBytes, { fatal: false });
  }
}

/** The code of a group of 254 bytes that no zero follows. */
const FULL = 0xff;

/** The most bytes that codes and data of a frame can take: one code for each 254 bytes, and one more. */
function stuffedBytes(frameBytes: number): number {
  return frameBytes + Math.floor(frameBytes / 254) + 1;
}

/** Checks all codes of a frame and counts the bytes it stands for; -1 when a group reaches beyond the end. */
function unstuffedBytes(stuffed: Uint8Array): number {
  let length = 0;
  let code = 0;
  let codeAt = 0;
  for (; codeAt < stuffed.length; codeAt += code) {
    code = stuffed[codeAt];
    length += code < FULL ? code : code - 1;
  }
  if (codeAt > stuffed.length) return -1;
  return code < FULL ? length - 1 : length;
}

/** The frame that checked groups stand for. */
function unstuff(stuffed: Uint8Array, length: number): Uint8Array {
  const frame = new Uint8Array(length);
  let to = 0;
  for (let codeAt = 0; codeAt < stuffed.length;) {
    const next = codeAt + stuffed[codeAt];
    for (let from = codeAt + 1; from < next; from++) frame[to++] = stuffed[from];
    if (next - codeAt < FULL) to++; // the zero that the code stands for; the one after the last group falls off
    codeAt = next;
  }
  return frame;
}

/** The error for a group that reaches beyond the end of its frame; `more` tells of others that were passed over. */
function badGroup(stuffed: Uint8Array, more: string): ProtocolError {
  let code = 0;
  let codeAt = 0;
  for (; codeAt < stuffed.length; codeAt += code) code = stuffed[codeAt];
  return new ProtocolError(
    "bad_cobs",
    `Group of ${code} bytes reaches ${codeAt - stuffed.length} bytes beyond the end of its frame${more}`,
    { fatal: false },
  );
}
