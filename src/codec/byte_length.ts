/**
 * Frames of one length.
 *
 * @module
 */
import { UsageTypeError } from "../errors.ts";
import { checkCount, MAX_FRAME_BYTES_CEILING } from "../limits.ts";
import type { ReceiveBuffer } from "../receive_buffer.ts";
import type { Codec } from "./codec.ts";
import { checkFrame } from "./options.ts";

/**
 * Every frame has exactly `length` bytes: records of a sensor, samples of a converter. There are no marks, so a reader
 * that joins in the middle cuts in the wrong places for ever; where that may be, {@linkcode ready} finds a start.
 *
 * ```text
 * INPUT                 FRAMES
 * 01 02 03 04 05        01 02  ·  03 04       byteLength(2), "05" waits for the sixth byte
 * ```
 *
 * `decode` throws nothing. `encode` throws {@linkcode UsageTypeError} for a frame of another length.
 *
 * @param length Bytes of each frame: 1 to 64 MiB.
 * @throws {UsageTypeError} code `usage`: `length` is no number.
 * @throws {UsageRangeError} code `usage`: `length` is no whole number, or outside 1 byte to 64 MiB.
 *
 * @example Records of three bytes
 * ```ts
 * import { byteLength, ReceiveBuffer } from "@parley/parley";
 * import assert from "node:assert/strict";
 *
 * const codec = byteLength(3);
 * const buffer = new ReceiveBuffer();
 * buffer.append(Uint8Array.of(1, 2, 3, 4));
 * assert.deepEqual(codec.decode(buffer), Uint8Array.of(1, 2, 3));
 * assert.equal(codec.decode(buffer), undefined);
 * ```
 */
export function byteLength(length: number): Codec<Uint8Array> {
  checkCount("length", length, MAX_FRAME_BYTES_CEILING);
  return new ByteLengthCodec(length);
}

class ByteLengthCodec implements Codec<Uint8Array> {
  readonly #length: number;

  constructor(length: number) {
    this.#length = length;
  }

  decode(buffer: ReceiveBuffer): Uint8Array | undefined {
    return buffer.length < this.#length ? undefined : buffer.take(this.#length);
  }

  encode(frame: Uint8Array): Uint8Array {
    checkFrame(frame, Infinity); // its length is told in other words
    if (frame.length !== this.#length) {
      throw new UsageTypeError(
        `Cannot encode a frame of ${frame.length} bytes: each has to be exactly ${this.#length} bytes long`,
      );
    }
    return new Uint8Array(frame); // not `slice`: on a Node Buffer that one is a view
  }
}
