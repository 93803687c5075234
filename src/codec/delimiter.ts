/**
 * Frames that end with a mark of one or more bytes.
 *
 * @module
 */
import { UsageTypeError } from "../errors.ts";
import type { ReceiveBuffer } from "../receive_buffer.ts";
import { type Codec, type FrameLimit, frameTooLarge } from "./codec.ts";
import { fallbackTable, MarkSearch } from "./mark_search.ts";
import { checkFrame, frameLimit, markBytes } from "./options.ts";

/** The options of {@linkcode delimiter}. */
export type DelimiterOptions = FrameLimit;

/**
 * Each frame is what stands before the next mark.
 *
 * ```text
 * INPUT                  FRAMES
 * "a;bc;;d"              "a"  "bc"  ""          delimiter(";"), "d" waits for its mark
 * 41 00 42 00            41  ·  42              delimiter(0)
 * "x\r\ny\r" "\n"        "x"  "y"               delimiter("\r\n"), a mark may come in two parts
 * ```
 *
 * A frame above `maxFrameBytes` (default 1 MiB, counted without its mark) raises {@linkcode ProtocolError} code
 * `too_large`, not fatal, once, as soon as that much has come without a mark; its bytes are dropped as they arrive,
 * its mark included. `encode` throws {@linkcode UsageTypeError} for a frame that holds the mark, or whose last bytes
 * would form one together with the mark behind them, and {@linkcode UsageRangeError} for one above `maxFrameBytes`.
 *
 * @param mark Text (as UTF-8), bytes, or one byte as a number from 0 to 255: 1 to 64 bytes in all.
 * @throws {UsageTypeError} code `usage`: an unknown option, or a mark of another kind.
 * @throws {UsageRangeError} code `usage`: a mark that is empty, too long or no byte, or `maxFrameBytes` outside 1 byte
 *   to 64 MiB.
 *
 * @example Fields that end with a semicolon
 * ```ts
 * import { delimiter, ReceiveBuffer } from "@parley/parley";
 * import assert from "node:assert/strict";
 *
 * const codec = delimiter(";");
 * const buffer = new ReceiveBuffer();
 * buffer.append(new TextEncoder().encode("42;43"));
 * assert.deepEqual(codec.decode(buffer), new TextEncoder().encode("42"));
 * assert.equal(codec.decode(buffer), undefined);
 * ```
 */
export function delimiter(
  mark: string | Uint8Array | number,
  options: DelimiterOptions = {},
): Codec<Uint8Array> {
  return new DelimiterCodec(markBytes(mark), frameLimit("delimiter", options));
}

class DelimiterCodec implements Codec<Uint8Array> {
  readonly #mark: Uint8Array;
  readonly #fallback: Uint8Array;
  readonly #maxFrameBytes: number;
  readonly #search: MarkSearch;
  /** Bytes at the front of the buffer that the search has been through. */
  #scanned = 0;
  #dropping = false;

  constructor(mark: Uint8Array, maxFrameBytes: number) {
    this.#mark = mark;
    this.#fallback = fallbackTable(mark);
    this.#maxFrameBytes = maxFrameBytes;
    this.#search = new MarkSearch(mark, this.#fallback);
  }

  decode(buffer: ReceiveBuffer): Uint8Array | undefined {
    for (;;) {
      const found = this.#search.next(buffer.peek(buffer.length - this.#scanned, this.#scanned));
      const end = found === -1 ? buffer.length : this.#scanned + found;
      // Of what is no mark yet, the part that may become one is not counted as frame.
      const length = end - (found === -1 ? this.#search.matched : this.#mark.length);
      this.#scanned = found === -1 ? end : 0;
      if (this.#dropping || length > this.#maxFrameBytes) {
        const reported = this.#dropping;
        buffer.skip(end);
        this.#scanned = 0;
        this.#dropping = found === -1;
        if (!reported) throw frameTooLarge(this.#maxFrameBytes + 1, this.#maxFrameBytes, { fatal: false });
        if (found === -1) return undefined;
        continue;
      }
      if (found === -1) return undefined;
      const frame = buffer.take(length);
      buffer.skip(this.#mark.length);
      return frame;
    }
  }

  encode(frame: Uint8Array): Uint8Array {
    checkFrame(frame, this.#maxFrameBytes);
    const bytes = new Uint8Array(frame.length + this.#mark.length);
    bytes.set(frame);
    bytes.set(this.#mark, frame.length);
    // The end is searched as well: with the mark "--", a frame "a-" would be read as "a".
    const end = new MarkSearch(this.#mark, this.#fallback).next(bytes);
    if (end !== bytes.length) {
      throw new UsageTypeError(
        `Cannot encode a frame of ${frame.length} bytes: its mark of ${this.#mark.length} bytes` +
          ` appears at byte ${end - this.#mark.length} already, and would end it there`,
      );
    }
    return bytes;
  }

  fresh(): Codec<Uint8Array> {
    return new DelimiterCodec(this.#mark, this.#maxFrameBytes);
  }
}
