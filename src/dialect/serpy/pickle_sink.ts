import { Op } from "./pickle_values.ts";

/**
 * The bytes of a pickle in the making, in frames as Python writes them: a frame ends with the first value after
 * 64 KiB, a longer text or byte string stands between two frames, and fewer than 4 bytes have no head.
 */
export class PickleSink {
  #bytes = new Uint8Array(256);
  #view = new DataView(this.#bytes.buffer);
  #length = 0;
  /** Where the head of the frame in hand stands; -1 between two frames. */
  #frame = -1;

  /** Bytes written so far. */
  get length(): number {
    return this.#length;
  }

  /** The protocol, before the first frame. */
  protocol(version: number): void {
    const at = this.#reserve(2);
    this.#bytes[at] = Op.PROTO;
    this.#bytes[at + 1] = version;
  }

  /** A value begins: the place where a long frame ends. */
  boundary(): void {
    if (this.#frame !== -1 && this.#length - this.#frame - FRAME_HEAD_BYTES >= FRAME_BYTES) this.#endFrame();
  }

  u8(value: number): void {
    const at = this.#room(1); // first, since it may take other memory
    this.#bytes[at] = value;
  }

  u16(value: number): void {
    const at = this.#room(2);
    this.#view.setUint16(at, value, true);
  }

  u32(value: number): void {
    const at = this.#room(4);
    this.#view.setUint32(at, value, true);
  }

  float(value: number): void {
    const at = this.#room(8);
    this.#view.setFloat64(at, value);
  }

  bytes(bytes: Uint8Array): void {
    const at = this.#room(bytes.length);
    this.#bytes.set(bytes, at);
  }

  /** A text or byte string: with a head of one byte of length or of four. */
  string(short: number, long: number, bytes: Uint8Array): void {
    const isLarge = bytes.length >= FRAME_BYTES;
    if (isLarge) {
      this.#endFrame();
      const at = this.#reserve(5);
      this.#bytes[at] = long;
      this.#view.setUint32(at + 1, bytes.length, true);
      const from = this.#reserve(bytes.length);
      this.#bytes.set(bytes, from);
      return;
    }
    if (bytes.length <= 0xff) {
      this.u8(short);
      this.u8(bytes.length);
    } else {
      this.u8(long);
      this.u32(bytes.length);
    }
    this.bytes(bytes);
  }

  /** The whole pickle. */
  take(): Uint8Array {
    this.#endFrame();
    return this.#bytes.subarray(0, this.#length);
  }

  #endFrame(): void {
    const frame = this.#frame;
    if (frame === -1) return;
    this.#frame = -1;
    const length = this.#length - frame - FRAME_HEAD_BYTES;
    if (length < MIN_FRAME_BYTES) {
      this.#bytes.copyWithin(frame, frame + FRAME_HEAD_BYTES, this.#length);
      this.#length -= FRAME_HEAD_BYTES;
      return;
    }
    this.#bytes[frame] = Op.FRAME;
    this.#view.setUint32(frame + 1, length, true);
    this.#view.setUint32(frame + 5, 0, true); // the upper half of the length
  }

  /** Room for `count` bytes in a frame. */
  #room(count: number): number {
    if (this.#frame === -1) this.#frame = this.#reserve(FRAME_HEAD_BYTES);
    return this.#reserve(count);
  }

  #reserve(count: number): number {
    const at = this.#length;
    this.#length += count;
    if (this.#length > this.#bytes.length) {
      const grown = new Uint8Array(2 ** Math.ceil(Math.log2(this.#length)));
      grown.set(this.#bytes);
      this.#bytes = grown;
      this.#view = new DataView(grown.buffer);
    }
    return at;
  }
}

const FRAME_HEAD_BYTES = 9;
const FRAME_BYTES = 64 * 1024;
const MIN_FRAME_BYTES = 4;
