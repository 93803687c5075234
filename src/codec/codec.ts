/**
 * What a codec is: bytes to frames and back, for one connection, without input or output of its own.
 *
 * @module
 */
import { ProtocolError } from "../errors.ts";
import type { ReceiveBuffer } from "../receive_buffer.ts";

/**
 * Cuts the bytes of one connection into frames, and frames into bytes. Make a new one for each connection:
 * a codec may remember how far it has looked.
 *
 * **The contract.** The driver is essentially this loop, run after every chunk that arrives:
 *
 * ```ts ignore
 * buffer.append(chunk);
 * while ((frame = codec.decode(buffer)) !== undefined) handle(frame);
 * buffer.keep();
 * ```
 *
 * - Fewer bytes than a frame: `decode` returns `undefined` and is called again when more have arrived. Missing
 *   bytes are never an error.
 * - A frame or more: `decode` returns one frame a call. What it returns belongs to the caller: it must not be a
 *   view into the buffer (`take` copies, `peek` does not). A codec may consume several frames at once and hand
 *   them over one by one (`lines` decodes a whole read in one go), as long as it has handed over all of them
 *   before it returns `undefined`.
 * - Between two calls nobody but the driver touches the buffer, and the driver only appends.
 * - The size limit is checked before memory is spent: a frame known to be too large is refused when its length
 *   is known or when `maxFrameBytes` have arrived without an end, whichever is first.
 * - `decode` throws nothing but {@linkcode ProtocolError}. When it is not `fatal`, the codec has passed over
 *   the bad frame (or will, as its bytes arrive), and `decode` may be called again at once.
 * - The same bytes give the same frames and errors, however they are cut into chunks. Not every bad frame has to
 *   raise an error of its own: a codec may count those that noise brings by the thousand.
 * - A codec for wires where a pause means something has `quietMs` and `decodeQuiet`, both or neither. The same bytes
 *   with the same pauses between them give the same frames and errors. Codecs without them never hear of pauses.
 *
 * `checkCodec` in `@parley/parley/testing` checks all of this on a codec of your own.
 *
 * @typeParam Frame What one frame is: `Uint8Array` for the byte codecs, `string` for `lines`.
 */
export interface Codec<Frame = Uint8Array> {
  /** Takes the next frame out of `buffer`, or returns `undefined` when more bytes are needed. */
  decode(buffer: ReceiveBuffer): Frame | undefined;
  /** After how much silence `decodeQuiet` is called, in milliseconds: a whole number from 1 on. */
  readonly quietMs?: number;
  /**
   * Bytes have come, `decode` returned `undefined`, and then no byte came for `quietMs`. May return a frame that the
   * pause ends; called again until it returns `undefined`, and then not before more bytes have come. Throws what
   * `decode` throws.
   */
  decodeQuiet?(buffer: ReceiveBuffer): Frame | undefined;
  /**
   * Called at the end of the stream, after `decode` returned `undefined`. May return a last frame that ends with the
   * stream, and is called again while it does and bytes are left; without this method bytes left over raise
   * {@linkcode truncated}.
   */
  decodeEnd?(buffer: ReceiveBuffer): Frame | undefined;
  /**
   * One frame as bytes, the marks or the length included: one array, so that one write carries it.
   *
   * @throws {UsageTypeError} code `usage`: the frame cannot be written in this framing.
   * @throws {UsageRangeError} code `usage`: the frame is larger than the limit; the message has both numbers.
   */
  encode(frame: Frame): Uint8Array;
  /** Another codec with the same settings, for another connection. A codec without state may leave it out. */
  fresh?(): Codec<Frame>;
}

/** The option that every codec of Parley takes. */
export interface FrameLimit {
  /** Largest frame, in bytes, without its marks or its length field. Default 1 MiB (1,048,576). */
  maxFrameBytes?: number;
}

/** The error for a frame above the limit that has arrived or was announced. */
export function frameTooLarge(
  bytes: number,
  maxFrameBytes: number,
  options: { fatal: boolean },
): ProtocolError {
  return new ProtocolError(
    "too_large",
    `Frame of ${
      options.fatal ? bytes : `at least ${bytes}`
    } bytes exceeds the limit of ${maxFrameBytes} bytes` +
      ` (limits.maxFrameBytes)${options.fatal ? "" : "; it is dropped up to the next frame"}`,
    options,
  );
}

/** The error for bytes that are left over when the stream ends inside a frame. */
export function truncated(bytes: number): ProtocolError {
  return new ProtocolError(
    "truncated",
    `Connection ended in mid-frame: ${bytes} bytes of an unfinished frame dropped`,
  );
}
