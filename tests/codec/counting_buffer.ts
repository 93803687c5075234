import { ReceiveBuffer } from "../../src/receive_buffer.ts";

/** A buffer that counts the bytes a codec looks at, so that "linear" can be asserted without a clock. */
export class CountingBuffer extends ReceiveBuffer {
  /** Bytes looked at so far. */
  lookedAt = 0;

  override byteAt(offset: number): number {
    this.lookedAt++;
    return super.byteAt(offset);
  }

  override indexOf(byte: number, from = 0): number {
    const at = super.indexOf(byte, from);
    this.lookedAt += (at === -1 ? this.length : at + 1) - from;
    return at;
  }

  override lastIndexOf(byte: number): number {
    const at = super.lastIndexOf(byte);
    this.lookedAt += this.length - Math.max(at, 0);
    return at;
  }

  override peek(count: number, offset?: number): Uint8Array {
    this.lookedAt += count;
    return super.peek(count, offset);
  }

  override take(count: number): Uint8Array {
    this.lookedAt += count;
    return super.take(count);
  }
}
