import { frameTooLarge } from "../../codec/codec.ts";
import type { ReceiveBuffer } from "../../receive_buffer.ts";
import { UNIT_END } from "./block.ts";

/** Cuts the bytes of one connection into blocks. Empty ones are passed over: they mean nothing. */
export class BlockReader {
  readonly #maxFrameBytes: number;
  /** Bytes at the front of the buffer that hold no end. */
  #scanned = 0;
  /** A block that is too large is dropped as it comes. */
  #dropping = false;

  constructor(maxFrameBytes: number) {
    this.#maxFrameBytes = maxFrameBytes;
  }

  /**
   * The next block, without its 1f and never empty; `undefined` when more bytes are needed.
   *
   * @throws {ProtocolError} code `too_large`, not fatal: once for each block above the limit, as soon as so much of it
   * has come.
   */
  next(buffer: ReceiveBuffer): Uint8Array | undefined {
    for (;;) {
      if (this.#scanned === 0 && !this.#dropping) skipEmpty(buffer);
      const found = buffer.indexOf(UNIT_END, this.#scanned);
      const end = found === -1 ? buffer.length : found;
      this.#scanned = found === -1 ? end : 0;
      if (this.#dropping || end > this.#maxFrameBytes) {
        const isNew = !this.#dropping;
        buffer.skip(found === -1 ? end : end + 1);
        this.#scanned = 0;
        this.#dropping = found === -1;
        if (isNew) throw frameTooLarge(this.#maxFrameBytes + 1, this.#maxFrameBytes, { fatal: false });
        if (found === -1) return undefined;
        continue;
      }
      if (found === -1) return undefined;
      const block = buffer.take(end);
      buffer.skip(1);
      return block;
    }
  }
}

function skipEmpty(buffer: ReceiveBuffer): void {
  let count = 0;
  while (count < buffer.length && buffer.byteAt(count) === UNIT_END) count++;
  buffer.skip(count);
}
