/**
 * SLIP, the framing of RFC 1055 ("Nonstandard for transmission of IP datagrams over serial lines", 1988), which
 * many boot loaders and small boards use.
 *
 * @module
 */
import { ProtocolError, UsageTypeError } from "../errors.ts";
import type { ReceiveBuffer } from "../receive_buffer.ts";
import { type Codec, type FrameLimit, frameTooLarge } from "./codec.ts";
import { FaultAllowance } from "./fault_allowance.ts";
import { checkFrame, flag, frameLimit } from "./options.ts";

/** The options of {@linkcode slip}. */
export interface SlipOptions extends FrameLimit {
  /**
   * Also writes an END in front of each frame, so that line noise before it becomes a frame of its own that the
   * reader can throw away. Default false. Reading takes both forms always.
   */
  leadingEnd?: boolean;
}

/**
 * Frames end with C0 (END). In a frame, C0 is written as DB DC and DB (ESC) as DB DD.
 *
 * ```text
 * INPUT                   FRAMES
 * 01 02 C0                01 02
 * C0 01 DB DC DB DD C0    01 C0 DB      an END in front; C0 and DB in the frame
 * C0 C0                   (nothing)     empty frames are passed over
 * ```
 *
 * `decode` throws {@linkcode ProtocolError}, never fatal: `bad_slip` for an ESC that DC or DD does not follow,
 * `too_large` for a frame above `maxFrameBytes` (default 1 MiB, counted without END and escapes), each once, at the
 * byte that shows it. Reading goes on behind the next END. Of bad frames that come thick and fast (noise, a wrong baud
 * rate) only some raise an error, which tells how many more there were. `encode` throws {@linkcode UsageTypeError} for an empty
 * frame, which no reader would see, and {@linkcode UsageRangeError} for one above `maxFrameBytes`.
 *
 * @throws {UsageTypeError} code `usage`: an unknown option, or a `leadingEnd` that is neither `true` nor `false`.
 * @throws {UsageRangeError} code `usage`: `maxFrameBytes` outside 1 byte to 64 MiB.
 *
 * @example An END inside a frame
 * ```ts
 * import { ReceiveBuffer, slip } from "@parley/parley";
 * import assert from "node:assert/strict";
 *
 * const codec = slip();
 * const bytes = codec.encode(Uint8Array.of(0x01, 0xc0));
 * assert.deepEqual(bytes, Uint8Array.of(0x01, 0xdb, 0xdc, 0xc0));
 * const buffer = new ReceiveBuffer();
 * buffer.append(bytes);
 * assert.deepEqual(codec.decode(buffer), Uint8Array.of(0x01, 0xc0));
 * ```
 */
export function slip(options: SlipOptions = {}): Codec<Uint8Array> {
  const maxFrameBytes = frameLimit("slip", options, ["leadingEnd"]);
  return new SlipCodec(flag("leadingEnd", options.leadingEnd), maxFrameBytes);
}

class SlipCodec implements Codec<Uint8Array> {
  readonly #leadingEnd: boolean;
  readonly #maxFrameBytes: number;
  /** Bytes at the front of the buffer that have been looked at, and how many of them are an ESC. */
  #scanned = 0;
  #escapes = 0;
  /** True when the last byte looked at is an ESC that waits for its second byte. */
  #escaped = false;
  #dropping = false;
  readonly #allowance = new FaultAllowance();
  /** A good frame that waits for the report of bad ones before it. */
  #held: Uint8Array | undefined;

  constructor(leadingEnd: boolean, maxFrameBytes: number) {
    this.#leadingEnd = leadingEnd;
    this.#maxFrameBytes = maxFrameBytes;
  }

  decode(buffer: ReceiveBuffer): Uint8Array | undefined {
    if (this.#held !== undefined) {
      const frame = this.#held;
      this.#held = undefined;
      return frame;
    }
    for (;;) {
      if (this.#dropping && !this.#drop(buffer)) return undefined;
      const end = this.#findEnd(buffer);
      if (end === BAD) continue;
      if (end === MISSING) return undefined;
      const frame = end > 0 ? unescape(buffer.peek(end), end - this.#escapes) : undefined;
      buffer.skip(end + 1);
      this.#allowance.pass(end + 1);
      this.#restart();
      if (frame === undefined) continue;
      if (!this.#allowance.isDue) return frame;
      this.#held = frame;
      throw this.#allowance.rest("bad_slip", "with an ESC that DC or DD does not follow");
    }
  }

  encode(frame: Uint8Array): Uint8Array {
    checkFrame(frame, this.#maxFrameBytes);
    if (frame.length === 0) {
      throw new UsageTypeError(
        "Cannot encode an empty frame in SLIP: readers pass over it, 1 byte at least is wanted",
      );
    }
    let length = frame.length + (this.#leadingEnd ? 2 : 1);
    for (const byte of frame) if (byte === END || byte === ESC) length++;
    const bytes = new Uint8Array(length);
    let at = 0;
    if (this.#leadingEnd) bytes[at++] = END;
    for (const byte of frame) {
      if (byte === END || byte === ESC) {
        bytes[at++] = ESC;
        bytes[at++] = byte === END ? ESC_END : ESC_ESC;
      } else {
        bytes[at++] = byte;
      }
    }
    bytes[at] = END;
    return bytes;
  }

  fresh(): Codec<Uint8Array> {
    return new SlipCodec(this.#leadingEnd, this.#maxFrameBytes);
  }

  /**
   * Looks at the bytes that are new, in order, so that an error is the same however they were cut. `MISSING` when the
   * END has not come, `BAD` for a frame that is passed over without a report.
   */
  #findEnd(buffer: ReceiveBuffer): number {
    const fresh = buffer.peek(buffer.length - this.#scanned, this.#scanned);
    for (let index = 0; index < fresh.length; index++) {
      const byte = fresh[index];
      const at = this.#scanned + index;
      if (this.#escaped) {
        if (byte !== ESC_END && byte !== ESC_ESC) {
          this.#giveUp(buffer, at);
          if (this.#allowance.spend()) throw badEscape(byte, this.#allowance.silent());
          return BAD;
        }
        this.#escaped = false;
      } else if (byte === END) {
        return at;
      } else if (byte === ESC) {
        this.#escaped = true;
        this.#escapes++;
      }
      if (at + 1 - this.#escapes > this.#maxFrameBytes) {
        const max = this.#maxFrameBytes;
        this.#giveUp(buffer, at);
        throw frameTooLarge(max + 1, max, { fatal: false });
      }
    }
    this.#scanned += fresh.length;
    return MISSING;
  }

  /** Drops what has come of this frame before `at`; an END that is there already is found by the next call. */
  #giveUp(buffer: ReceiveBuffer, at: number): void {
    buffer.skip(at);
    this.#allowance.pass(at);
    this.#restart();
    this.#dropping = true;
  }

  /** Passes over the rest of a bad frame; false while its END has not come. */
  #drop(buffer: ReceiveBuffer): boolean {
    const end = buffer.indexOf(END);
    buffer.skip(end === -1 ? buffer.length : end + 1);
    this.#dropping = end === -1;
    return end !== -1;
  }

  #restart(): void {
    this.#scanned = 0;
    this.#escapes = 0;
    this.#escaped = false;
  }
}

const END = 0xc0;
const ESC = 0xdb;
const ESC_END = 0xdc;
const ESC_ESC = 0xdd;

/** There is no END yet. */
const MISSING = -1;
/** The frame is bad, and was counted. */
const BAD = -2;

/** The frame that checked bytes stand for. */
function unescape(stuffed: Uint8Array, length: number): Uint8Array {
  const frame = new Uint8Array(length);
  let from = 0;
  for (let to = 0; to < length; to++) {
    const byte = stuffed[from++];
    frame[to] = byte !== ESC ? byte : stuffed[from++] === ESC_END ? END : ESC;
  }
  return frame;
}

function badEscape(byte: number, more: string): ProtocolError {
  const found = byte.toString(16).toUpperCase().padStart(2, "0");
  return new ProtocolError("bad_slip", `Byte DB (ESC) is followed by ${found}: DC or DD is wanted${more}`, {
    fatal: false,
  });
}
