/**
 * Frames that begin with their length.
 *
 * @module
 */
import { ProtocolError, UsageRangeError } from "../errors.ts";
import type { ReceiveBuffer } from "../receive_buffer.ts";
import { type Codec, type FrameLimit, frameTooLarge } from "./codec.ts";
import { checkFrame, flag, frameLimit } from "./options.ts";

/** The options of {@linkcode lengthPrefix}. */
export interface LengthPrefixOptions extends FrameLimit {
  /** The low byte of the length comes first. Default false: big-endian, network order. */
  littleEndian?: boolean;
  /** The length counts its own bytes too. Default false: it counts what follows it. */
  countsItself?: boolean;
}

/**
 * Each frame begins with its length in 1, 2 or 4 bytes, unsigned. A frame is what follows.
 *
 * ```text
 * INPUT                        FRAMES
 * 00 00 00 02 48 69            48 69      lengthPrefix()
 * 02 00 48 69                  48 69      lengthPrefix(2, { littleEndian: true })
 * 04 00 48 69                  48 69      lengthPrefix(2, { littleEndian: true, countsItself: true })
 * 00                           (empty)    lengthPrefix(1)
 * ```
 *
 * The limit of a frame is `maxFrameBytes` (default 1 MiB) or what the length can say, whichever is less. It is
 * checked as soon as the length is there, before anything is kept for the frame. There is no way to find the next
 * frame after a wrong length, so both errors of `decode` are fatal: {@linkcode ProtocolError} code `too_large`, and
 * `bad_length` for a length that is smaller than its own bytes (`countsItself`). `encode` throws
 * {@linkcode UsageRangeError} for a frame above the limit.
 *
 * @param size Bytes of the length: 1, 2 or 4 (default).
 * @throws {UsageTypeError} code `usage`: an unknown option, or a flag that is neither `true` nor `false`.
 * @throws {UsageRangeError} code `usage`: another `size`, or `maxFrameBytes` outside 1 byte to 64 MiB.
 *
 * @example Two bytes of length, low byte first
 * ```ts
 * import { lengthPrefix, ReceiveBuffer } from "@parley/parley";
 * import assert from "node:assert/strict";
 *
 * const codec = lengthPrefix(2, { littleEndian: true });
 * assert.deepEqual(codec.encode(Uint8Array.of(7, 8)), Uint8Array.of(2, 0, 7, 8));
 * const buffer = new ReceiveBuffer();
 * buffer.append(Uint8Array.of(2, 0, 7, 8));
 * assert.deepEqual(codec.decode(buffer), Uint8Array.of(7, 8));
 * ```
 */
export function lengthPrefix(size: 1 | 2 | 4 = 4, options: LengthPrefixOptions = {}): Codec<Uint8Array> {
  if (size !== 1 && size !== 2 && size !== 4) {
    throw new UsageRangeError(
      `Cannot use ${String(size)} as the size of a length: 1, 2 or 4 bytes are wanted`,
    );
  }
  const maxFrameBytes = frameLimit("lengthPrefix", options, ["littleEndian", "countsItself"]);
  const littleEndian = flag("littleEndian", options.littleEndian);
  const counted = flag("countsItself", options.countsItself) ? size : 0;
  return new LengthPrefixCodec(size, counted, littleEndian, maxFrameBytes);
}

class LengthPrefixCodec implements Codec<Uint8Array> {
  readonly #size: 1 | 2 | 4;
  /** Bytes of the prefix that the length counts: all of them or none. */
  readonly #counted: number;
  readonly #littleEndian: boolean;
  readonly #maxFrameBytes: number;

  constructor(size: 1 | 2 | 4, counted: number, littleEndian: boolean, maxFrameBytes: number) {
    this.#size = size;
    this.#counted = counted;
    this.#littleEndian = littleEndian;
    this.#maxFrameBytes = Math.min(maxFrameBytes, 2 ** (8 * size) - 1 - counted);
  }

  decode(buffer: ReceiveBuffer): Uint8Array | undefined {
    if (buffer.length < this.#size) return undefined;
    const said = this.#readLength(buffer);
    const length = said - this.#counted;
    if (length < 0) {
      throw new ProtocolError(
        "bad_length",
        `Length of ${said} is smaller than its own ${this.#size} bytes, which it has to count`,
        { fatal: true },
      );
    }
    if (length > this.#maxFrameBytes) throw frameTooLarge(length, this.#maxFrameBytes, { fatal: true });
    if (buffer.length < this.#size + length) return undefined;
    buffer.skip(this.#size);
    return buffer.take(length);
  }

  encode(frame: Uint8Array): Uint8Array {
    checkFrame(frame, this.#maxFrameBytes);
    const bytes = new Uint8Array(this.#size + frame.length);
    const length = frame.length + this.#counted;
    for (let index = 0; index < this.#size; index++) {
      const place = this.#littleEndian ? index : this.#size - 1 - index;
      bytes[index] = length >>> (8 * place);
    }
    bytes.set(frame, this.#size);
    return bytes;
  }

  #readLength(buffer: ReceiveBuffer): number {
    if (this.#size === 1) return buffer.byteAt(0);
    if (this.#size === 2) return buffer.uint16At(0, this.#littleEndian);
    return buffer.uint32At(0, this.#littleEndian);
  }
}
