/**
 * Frames that carry a checksum, whatever the framing.
 *
 * @module
 */
import { type ProtocolError, UsageTypeError } from "../errors.ts";
import type { ReceiveBuffer } from "../receive_buffer.ts";
import type { Codec } from "./codec.ts";
import { FaultAllowance } from "./fault_allowance.ts";
import { checkCodecGiven } from "./options.ts";
import { type SumField, sumField } from "./sum_field.ts";
import type { Checksum } from "./sums.ts";

/** The options of {@linkcode checksum}. */
export interface ChecksumOptions {
  /** Which byte of the sum goes first. Default: as the sum has it for `"binary"`, `"big"` for `"hex"`. */
  order?: "little" | "big";
  /**
   * How the sum is written: as bytes, or as two hexadecimal digits for each (written in capitals, read in any case).
   * Default `"binary"` for frames of bytes; frames of text always have `"hex"`.
   */
  as?: "binary" | "hex";
  /** What stands between the frame and its sum, such as `"*"`; it is not summed. Default nothing. */
  mark?: string;
  /** How many bytes at the front of the frame are not summed, such as 1 for a `$`. Default 0. */
  from?: number;
}

/**
 * Wraps a codec: what is sent gets its sum behind it, within the framing of `codec`; of what is received the sum is
 * checked and taken off.
 *
 * ```text
 * Modbus RTU   checksum(interByteTimeout(), crc16Modbus)                              01 03 00 00 00 0A C5 CD
 * NMEA 0183    checksum(lines({ newline: "\r\n" }), xor, { mark: "*", from: 1 })      $GPGLL,,,,,,V,N*64
 * over COBS    checksum(cobs(), crc32)                                                4 bytes behind each frame
 * ```
 *
 * A sum that is wrong or missing raises {@linkcode ProtocolError} code `bad_checksum`, not fatal, with both sums in
 * hexadecimal: the frame is dropped, and the next one is read. Where they come thick and fast (noise, a wrong baud
 * rate) one error tells of many. `maxFrameBytes` of `codec` counts the frame with its sum. Everything else, such as
 * pauses and what ends with the stream, is up to `codec`.
 *
 * @throws {UsageTypeError} code `usage`: no codec, no checksum, an unknown option, or one of another kind.
 * @throws {UsageRangeError} code `usage`: `from` outside 0 to 1024, a mark above 64 bytes, a sum of no 1 to 4 bytes.
 *
 * @example Positions from a GPS receiver
 * ```ts
 * import { checksum, lines, ReceiveBuffer, xor } from "@parley/parley";
 * import assert from "node:assert/strict";
 *
 * const codec = checksum(lines({ newline: "\r\n" }), xor, { mark: "*", from: 1 });
 * const buffer = new ReceiveBuffer();
 * buffer.append(new TextEncoder().encode("$GPGLL,,,,,,V,N*64\r\n$GPGLL,,,,,,V,N*65\r\n"));
 * assert.equal(codec.decode(buffer), "$GPGLL,,,,,,V,N");
 * assert.throws(() => codec.decode(buffer), { code: "bad_checksum" });
 * ```
 */
export function checksum<Frame extends string | Uint8Array>(
  codec: Codec<Frame>,
  sum: Checksum,
  options: ChecksumOptions = {},
): Codec<Frame> {
  checkCodecGiven("checksum", codec);
  return new ChecksumCodec(codec, sumField(sum, options));
}

class ChecksumCodec<Frame extends string | Uint8Array> implements Codec<Frame> {
  readonly quietMs?: number;
  readonly decodeQuiet?: (buffer: ReceiveBuffer) => Frame | undefined;
  readonly decodeEnd?: (buffer: ReceiveBuffer) => Frame | undefined;
  readonly #codec: Codec<Frame>;
  readonly #field: SumField;
  readonly #allowance = new FaultAllowance();
  /** A good frame that waits for the report of bad ones before it. */
  #held: Frame | undefined;

  constructor(codec: Codec<Frame>, field: SumField) {
    this.#codec = codec;
    this.#field = field;
    // Only what the codec has as well: bytes left over at the end mean something else without it.
    if (codec.decodeQuiet !== undefined) {
      this.quietMs = codec.quietMs;
      this.decodeQuiet = (buffer) => this.#next(() => codec.decodeQuiet!(buffer));
    }
    if (codec.decodeEnd !== undefined) {
      this.decodeEnd = (buffer) => this.#next(() => codec.decodeEnd!(buffer));
    }
  }

  decode(buffer: ReceiveBuffer): Frame | undefined {
    return this.#next(() => this.#codec.decode(buffer));
  }

  encode(frame: Frame): Uint8Array {
    if (typeof frame !== "string" && !(frame instanceof Uint8Array)) {
      throw new UsageTypeError(
        `Cannot encode a value of type ${typeof frame} with a checksum: text or a Uint8Array is wanted`,
      );
    }
    return this.#codec.encode(this.#field.append(frame) as Frame);
  }

  fresh(): Codec<Frame> {
    return new ChecksumCodec(this.#codec.fresh?.() ?? this.#codec, this.#field);
  }

  /** The next frame with a good sum. */
  #next(take: () => Frame | undefined): Frame | undefined {
    if (this.#held !== undefined) {
      const frame = this.#held;
      this.#held = undefined;
      return frame;
    }
    for (;;) {
      const frame = take();
      if (frame === undefined) return undefined;
      this.#allowance.pass(frame.length + 1); // its mark, or what ends it: 1 byte at least
      const checked = this.#field.check(frame);
      if (checked !== undefined) return this.#handOver(checked as Frame);
      if (this.#allowance.spend()) throw this.#bad(frame);
    }
  }

  #handOver(frame: Frame): Frame {
    if (!this.#allowance.isDue) return frame;
    this.#held = frame;
    throw this.#allowance.rest("bad_checksum", "with a wrong checksum");
  }

  #bad(frame: Frame): ProtocolError {
    return this.#field.fault(frame, this.#allowance.silent());
  }
}
