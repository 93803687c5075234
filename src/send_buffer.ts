/**
 * The bytes of one connection that wait to be written, in two buffers that change places: while the bytes of one
 * are being written, everything that is sent meanwhile gathers in the other and leaves in the next write.
 */
export class SendBuffer {
  #bytes: Uint8Array = EMPTY;
  #view: DataView = EMPTY_VIEW;
  #other: Uint8Array = EMPTY;
  #length = 0;
  /** The most that was taken at once since the last `trim`. */
  #peak = 0;

  /** Number of bytes waiting. */
  get length(): number {
    return this.#length;
  }

  /** The memory to write into, after {@linkcode SendBuffer.reserve}. */
  get bytes(): Uint8Array {
    return this.#bytes;
  }

  /** The same memory as `bytes`, for numbers. */
  get view(): DataView {
    return this.#view;
  }

  /** Makes room for `count` more bytes and returns the position to write them at; `advance` then counts them in. */
  reserve(count: number): number {
    const wanted = this.#length + count;
    if (wanted > this.#bytes.length) this.#grow(wanted);
    return this.#length;
  }

  /** Counts `count` bytes in that were written after `reserve`. */
  advance(count: number): void {
    this.#length += count;
  }

  /** Adds a copy of `bytes`. */
  append(bytes: Uint8Array): void {
    const at = this.reserve(bytes.length);
    this.#bytes.set(bytes, at);
    this.#length += bytes.length;
  }

  /** Forgets what was added after the buffer had `length` bytes: a message that could not be encoded leaves nothing. */
  rewind(length: number): void {
    this.#length = length;
  }

  /** A copy of what was added after the buffer had `length` bytes. */
  copyFrom(length: number): Uint8Array {
    return this.#bytes.slice(length, this.#length);
  }

  /** Hands over all that waits, without a copy. The bytes stay as they are until the next `take`. */
  take(): Uint8Array {
    const taken = this.#bytes.subarray(0, this.#length);
    const free = this.#other;
    if (this.#length > this.#peak) this.#peak = this.#length;
    this.#other = this.#bytes;
    this.#use(free);
    this.#length = 0;
    return taken;
  }

  /** True when it holds so much memory that a quiet connection should give it back: see `trim`. */
  get isLarge(): boolean {
    return this.#bytes.length > MAX_KEPT_BYTES || this.#other.length > MAX_KEPT_BYTES;
  }

  /**
   * Gives memory back that was not needed since the last call, so that a thousand idle links stay small: to be called
   * from time to time while `isLarge`, when nothing is being written.
   */
  trim(): void {
    const needed = 4 * this.#peak;
    this.#peak = 0;
    if (this.#other.length > MAX_KEPT_BYTES && needed < this.#other.length) this.#other = EMPTY;
    if (this.#length === 0 && this.#bytes.length > MAX_KEPT_BYTES && needed < this.#bytes.length) {
      this.#use(EMPTY);
    }
  }

  #grow(wanted: number): void {
    const grown = new Uint8Array(Math.max(MIN_BYTES, 2 ** Math.ceil(Math.log2(wanted))));
    grown.set(this.#bytes.subarray(0, this.#length));
    this.#use(grown);
  }

  #use(bytes: Uint8Array): void {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer);
  }
}

const MIN_BYTES = 256;
/** What a connection may keep after a burst. */
const MAX_KEPT_BYTES = 256 * 1024;
const EMPTY = new Uint8Array(0);
const EMPTY_VIEW = new DataView(EMPTY.buffer);
