/** Bytes that grow: what inputs are built in. All numbers are big-endian. */
export class ByteWriter {
  #bytes = new Uint8Array(256);
  #view = new DataView(this.#bytes.buffer);
  #length = 0;

  /** Number of bytes written. */
  get length(): number {
    return this.#length;
  }

  /** One byte; higher bits are dropped. */
  u8(value: number): this {
    const at = this.#reserve(1); // first, since it may take other memory
    this.#bytes[at] = value;
    return this;
  }

  u16(value: number): this {
    const at = this.#reserve(2);
    this.#view.setUint16(at, value);
    return this;
  }

  u32(value: number): this {
    const at = this.#reserve(4);
    this.#view.setUint32(at, value);
    return this;
  }

  /** Copies `bytes`. */
  bytes(bytes: ArrayLike<number>): this {
    const at = this.#reserve(bytes.length);
    this.#bytes.set(bytes, at);
    return this;
  }

  /** `text` as UTF-8; half a surrogate pair becomes U+FFFD. */
  text(text: string): this {
    return this.bytes(ENCODER.encode(text));
  }

  /** The same byte `count` times. */
  repeat(byte: number, count: number): this {
    const at = this.#reserve(count);
    this.#bytes.fill(byte, at, at + count);
    return this;
  }

  /** Writes over the 32 bits at `at`. */
  putU32(at: number, value: number): void {
    this.#view.setUint32(at, value);
  }

  /** A copy of everything written, or of its first `most` bytes. */
  take(most = Infinity): Uint8Array {
    return this.#bytes.slice(0, Math.min(this.#length, most));
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

const ENCODER = new TextEncoder();
