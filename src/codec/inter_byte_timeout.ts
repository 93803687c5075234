/**
 * Frames with a pause between them.
 *
 * @module
 */
import { UsageTypeError } from "../errors.ts";
import type { ReceiveBuffer } from "../receive_buffer.ts";
import { type Codec, type FrameLimit, frameTooLarge } from "./codec.ts";
import { checkFrame, frameLimit, quietTime } from "./options.ts";

/** The options of {@linkcode interByteTimeout}. */
export interface InterByteTimeoutOptions extends FrameLimit {
  /**
   * How long the line is quiet between two frames, in milliseconds. Default 30: more than the 16 that common USB
   * adapters hold bytes back for, so that they do not cut a frame in two.
   */
  quietMs?: number;
}

/** Longer than a USB adapter holds bytes back (16 ms by default), and shorter than most devices pause. */
const QUIET_MS = 30;

/**
 * A frame is what came before the line was quiet for `quietMs`: Modbus RTU, and devices that say something and then
 * nothing. There is no other mark, so what is sent needs a pause behind it as well: send the next frame when the answer
 * to this one is there (`ask` does), or `quietMs` later.
 *
 * ```text
 * INPUT                                   FRAMES
 * 01 03 … pause … 01 83 … pause           01 03  ·  01 83
 * 01 03 … end of the stream               01 03        the end of the stream is a pause, too
 * ```
 *
 * A frame above `maxFrameBytes` (default 1 MiB) raises {@linkcode ProtocolError} code `too_large`, not fatal, once, as
 * soon as that much has come without a pause; bytes are dropped up to the next pause. `encode` gives the bytes as they
 * are, and throws {@linkcode UsageTypeError} for an empty frame, {@linkcode UsageRangeError} for one above
 * `maxFrameBytes`.
 *
 * A pause is what this program sees. A busy machine or an adapter may deliver late what was sent in time, so choose
 * `quietMs` well above the pauses within a frame.
 *
 * @throws {UsageTypeError} code `usage`: an unknown option.
 * @throws {UsageRangeError} code `usage`: `quietMs` outside 1 to 60,000, or `maxFrameBytes` outside 1 byte to 64 MiB.
 *
 * @example What came before the pause
 * ```ts
 * import { interByteTimeout, ReceiveBuffer } from "@parley/parley";
 * import assert from "node:assert/strict";
 *
 * const codec = interByteTimeout({ quietMs: 10 });
 * const buffer = new ReceiveBuffer();
 * buffer.append(Uint8Array.of(1, 3));
 * assert.equal(codec.decode(buffer), undefined);
 * assert.deepEqual(codec.decodeQuiet?.(buffer), Uint8Array.of(1, 3)); // called by the link after 10 ms of silence
 * ```
 */
export function interByteTimeout(options: InterByteTimeoutOptions = {}): Codec<Uint8Array> {
  const maxFrameBytes = frameLimit("interByteTimeout", options, ["quietMs"]);
  return new InterByteTimeoutCodec(quietTime(options.quietMs, QUIET_MS), maxFrameBytes);
}

class InterByteTimeoutCodec implements Codec<Uint8Array> {
  readonly quietMs: number;
  readonly #maxFrameBytes: number;
  #dropping = false;

  constructor(quietMs: number, maxFrameBytes: number) {
    this.quietMs = quietMs;
    this.#maxFrameBytes = maxFrameBytes;
  }

  decode(buffer: ReceiveBuffer): undefined {
    if (buffer.length <= this.#maxFrameBytes && !this.#dropping) return undefined;
    buffer.skip(buffer.length);
    if (this.#dropping) return undefined;
    this.#dropping = true;
    throw frameTooLarge(this.#maxFrameBytes + 1, this.#maxFrameBytes, { fatal: false });
  }

  decodeQuiet(buffer: ReceiveBuffer): Uint8Array | undefined {
    this.#dropping = false;
    return buffer.length === 0 ? undefined : buffer.take(buffer.length);
  }

  decodeEnd(buffer: ReceiveBuffer): Uint8Array | undefined {
    return this.decodeQuiet(buffer);
  }

  encode(frame: Uint8Array): Uint8Array {
    checkFrame(frame, this.#maxFrameBytes);
    if (frame.length === 0) {
      throw new UsageTypeError("Cannot encode an empty frame between pauses: 1 byte at least is wanted");
    }
    return new Uint8Array(frame); // not `slice`: on a Node Buffer that one is a view
  }

  fresh(): Codec<Uint8Array> {
    return new InterByteTimeoutCodec(this.quietMs, this.#maxFrameBytes);
  }
}
