/**
 * No framing at all: bytes as they come.
 *
 * @module
 */
import type { ReceiveBuffer } from "../receive_buffer.ts";
import type { Codec, FrameLimit } from "./codec.ts";
import { checkFrame, frameLimit } from "./options.ts";

/** The options of {@linkcode raw}. */
export type RawOptions = FrameLimit;

/**
 * Whatever has arrived is a frame: for looking at unknown devices, and for streams without frames.
 *
 * ```text
 * INPUT             FRAMES
 * 01 02 | 03        01 02  ·  03         as the network happened to cut them: never rely on where
 * 01 02 03 04 05    01 02 03 04  ·  05   with maxFrameBytes 4
 * ```
 *
 * Where frames begin and end carries no meaning; only the bytes and their order do. A frame holds at most
 * `maxFrameBytes` (default 1 MiB); more is handed over as several. `decode` throws nothing. `encode` gives a copy of
 * the bytes, and throws {@linkcode UsageRangeError} for more than `maxFrameBytes`.
 *
 * @throws {UsageTypeError} code `usage`: an unknown option.
 * @throws {UsageRangeError} code `usage`: `maxFrameBytes` outside 1 byte to 64 MiB.
 *
 * @example Bytes in, bytes out
 * ```ts
 * import { raw, ReceiveBuffer } from "@parley/parley";
 * import assert from "node:assert/strict";
 *
 * const codec = raw();
 * const buffer = new ReceiveBuffer();
 * buffer.append(Uint8Array.of(1, 2, 3));
 * assert.deepEqual(codec.decode(buffer), Uint8Array.of(1, 2, 3));
 * assert.equal(codec.decode(buffer), undefined);
 * ```
 */
export function raw(options: RawOptions = {}): Codec<Uint8Array> {
  return new RawCodec(frameLimit("raw", options));
}

class RawCodec implements Codec<Uint8Array> {
  readonly #maxFrameBytes: number;

  constructor(maxFrameBytes: number) {
    this.#maxFrameBytes = maxFrameBytes;
  }

  decode(buffer: ReceiveBuffer): Uint8Array | undefined {
    if (buffer.length === 0) return undefined;
    return buffer.take(Math.min(buffer.length, this.#maxFrameBytes));
  }

  encode(frame: Uint8Array): Uint8Array {
    checkFrame(frame, this.#maxFrameBytes);
    return new Uint8Array(frame); // not `slice`: on a Node Buffer that one is a view
  }
}
