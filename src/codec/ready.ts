/**
 * Passes over what a device says before it is ready.
 *
 * @module
 */
import type { ReceiveBuffer } from "../receive_buffer.ts";
import type { Codec } from "./codec.ts";
import { fallbackTable, MarkSearch } from "./mark_search.ts";
import { checkCodecGiven, markBytes } from "./options.ts";

/**
 * Reads nothing until `mark` has come, and then as `codec` does: for boards that print boot messages at another speed
 * before they say "READY". What comes before the mark is dropped as it comes and never kept; the mark itself is not
 * part of a frame. Each connection begins anew. What is sent is written by `codec`, before the mark as well.
 *
 * ```text
 * INPUT                                FRAMES of ready("READY\r\n", lines())
 * "\xff~boot v3 REA" "DY\r\n" "21.5\n"     "21.5"
 * ```
 *
 * When the stream ends before the mark there is no frame and no error. A wait for the mark has no limit here:
 * `receive` and `ask` have theirs.
 *
 * @param mark Text (as UTF-8), bytes, or one byte as a number from 0 to 255: 1 to 64 bytes in all.
 * @param codec Reads what comes after the mark, and writes.
 * @throws {UsageTypeError} code `usage`: a mark of another kind, or no codec.
 * @throws {UsageRangeError} code `usage`: a mark that is empty, too long or no byte.
 *
 * @example Boot messages passed over
 * ```ts
 * import { lines, ready, ReceiveBuffer } from "@parley/parley";
 * import assert from "node:assert/strict";
 *
 * const codec = ready("READY\r\n", lines());
 * const buffer = new ReceiveBuffer();
 * buffer.append(new TextEncoder().encode("boot v3\r\nREADY\r\n21.5\r\n"));
 * assert.equal(codec.decode(buffer), "21.5");
 * ```
 */
export function ready<Frame>(mark: string | Uint8Array | number, codec: Codec<Frame>): Codec<Frame> {
  const bytes = markBytes(mark);
  checkCodecGiven("ready", codec);
  return new ReadyCodec(bytes, fallbackTable(bytes), codec);
}

class ReadyCodec<Frame> implements Codec<Frame> {
  readonly quietMs?: number;
  readonly decodeQuiet?: (buffer: ReceiveBuffer) => Frame | undefined;
  readonly decodeEnd?: (buffer: ReceiveBuffer) => Frame | undefined;
  readonly #mark: Uint8Array;
  readonly #fallback: Uint8Array;
  readonly #codec: Codec<Frame>;
  /** Looks for the mark; gone when it has come. */
  #search: MarkSearch | undefined;

  constructor(mark: Uint8Array, fallback: Uint8Array, codec: Codec<Frame>) {
    this.#mark = mark;
    this.#fallback = fallback;
    this.#codec = codec;
    this.#search = new MarkSearch(mark, fallback);
    // Only what the codec has as well: a link must not ask for pauses that mean nothing.
    if (codec.decodeQuiet !== undefined) {
      this.quietMs = codec.quietMs;
      this.decodeQuiet = (buffer) => this.#search === undefined ? codec.decodeQuiet!(buffer) : undefined;
    }
    if (codec.decodeEnd !== undefined) {
      this.decodeEnd = (buffer) => this.#search === undefined ? codec.decodeEnd!(buffer) : undefined;
    }
  }

  decode(buffer: ReceiveBuffer): Frame | undefined {
    if (this.#search !== undefined) {
      const end = this.#search.next(buffer.peek(buffer.length));
      buffer.skip(end === -1 ? buffer.length : end); // the search remembers how much of the mark that was
      if (end === -1) return undefined;
      this.#search = undefined;
    }
    return this.#codec.decode(buffer);
  }

  encode(frame: Frame): Uint8Array {
    return this.#codec.encode(frame);
  }

  fresh(): Codec<Frame> {
    return new ReadyCodec(this.#mark, this.#fallback, this.#codec.fresh?.() ?? this.#codec);
  }
}
