/**
 * The bytes of one connection that have arrived and are not consumed yet.
 *
 * A chunk appended to an empty buffer is only borrowed, not copied: most reads hold whole frames, and those
 * are decoded straight out of the transport's own memory. {@linkcode ReceiveBuffer.keep} then copies the few
 * bytes that are left before that memory is used again. Bytes are never moved one frame at a time.
 */
export class ReceiveBuffer {
  #bytes: Uint8Array = EMPTY;
  #view: DataView = EMPTY_VIEW;
  #start = 0;
  #end = 0;
  #borrowed = false;
  /** Large memory of our own that the last frame needed: the next one most often needs it again. */
  #spare: Uint8Array | undefined;
  #spareUsed = false;

  /** Number of bytes waiting. */
  get length(): number {
    return this.#end - this.#start;
  }

  /**
   * Adds bytes at the end. They must stay as they are until {@linkcode ReceiveBuffer.keep} is called.
   */
  append(chunk: Uint8Array): void {
    if (chunk.length === 0) return;
    if (this.#start === this.#end) {
      this.#use(chunk, 0, chunk.length);
      this.#borrowed = true;
      return;
    }
    this.#reserve(chunk.length);
    this.#bytes.set(chunk, this.#end);
    this.#end += chunk.length;
  }

  /** Copies what is still borrowed, so that the caller of `append` may use its memory again. */
  keep(): void {
    if (this.#start === this.#end) {
      // An idle connection holds no memory here: most connections are idle most of the time.
      if (!this.#borrowed && this.#bytes.length >= LARGE_BYTES) this.#spare = this.#bytes;
      this.#use(EMPTY, 0, 0);
      this.#borrowed = false;
    } else if (this.#borrowed) {
      this.#reserve(0);
    }
  }

  /** True when it holds memory that a quiet connection should give back: see `trim`. */
  get isLarge(): boolean {
    return this.#spare !== undefined;
  }

  /** Gives memory back that was not needed since the last call. To be called from time to time while `isLarge`. */
  trim(): void {
    if (!this.#spareUsed) this.#spare = undefined;
    this.#spareUsed = false;
  }

  /** The byte at `offset` from the first waiting one. The caller has checked `length`. */
  byteAt(offset: number): number {
    return this.#bytes[this.#start + offset];
  }

  /** Unsigned 16 bits at `offset`, big-endian unless `littleEndian`. The caller has checked `length`. */
  uint16At(offset: number, littleEndian = false): number {
    return this.#view.getUint16(this.#start + offset, littleEndian);
  }

  /** Unsigned 32 bits at `offset`, big-endian unless `littleEndian`. The caller has checked `length`. */
  uint32At(offset: number, littleEndian = false): number {
    return this.#view.getUint32(this.#start + offset, littleEndian);
  }

  /**
   * Where `byte` is found first at or after `from`, counted from the first waiting byte; -1 when it is not there.
   * A codec that remembers how far it has looked never looks at a byte twice.
   */
  indexOf(byte: number, from = 0): number {
    // Only what has arrived: the free room behind it would be searched again after every small chunk.
    const at = this.#bytes.subarray(this.#start + from, this.#end).indexOf(byte);
    return at === -1 ? -1 : at + from;
  }

  /** Where `byte` is found last, counted from the first waiting byte; -1 when it is not there. */
  lastIndexOf(byte: number): number {
    return this.#bytes.subarray(this.#start, this.#end).lastIndexOf(byte);
  }

  /**
   * A look at `count` bytes from `offset` on, without a copy. It is only good until the buffer is touched again.
   */
  peek(count: number, offset = 0): Uint8Array {
    return this.#bytes.subarray(this.#start + offset, this.#start + offset + count);
  }

  /** Takes `count` bytes out, as a copy that the caller owns. */
  take(count: number): Uint8Array {
    const taken = this.#bytes.slice(this.#start, this.#start + count);
    this.#start += count;
    return taken;
  }

  /** Drops `count` bytes from the front. */
  skip(count: number): void {
    this.#start += count;
  }

  /** Makes room for `more` bytes in memory of our own. */
  #reserve(more: number): void {
    const length = this.length;
    const wanted = length + more;
    if (!this.#borrowed && this.#end + more <= this.#bytes.length) return;
    if (!this.#borrowed && wanted <= this.#bytes.length && this.#start >= this.#bytes.length / 2) {
      this.#bytes.copyWithin(0, this.#start, this.#end); // at most once per half a buffer: O(1) a byte
      this.#start = 0;
      this.#end = length;
      return;
    }
    // Doubling what has arrived, never what a length field promises.
    const size = Math.max(MIN_BYTES, nextPowerOfTwo(wanted + (more === 0 ? 0 : wanted >> 1)));
    const grown = this.#takeSpare(size) ?? new Uint8Array(size);
    grown.set(this.#bytes.subarray(this.#start, this.#end));
    this.#use(grown, 0, length);
    this.#borrowed = false;
  }

  #takeSpare(size: number): Uint8Array | undefined {
    const spare = this.#spare;
    // Small rests of frames fit anywhere; the spare is for frames that would grow up to it again.
    if (spare === undefined || spare.length < size || size < LARGE_BYTES) return undefined;
    this.#spareUsed = true;
    this.#spare = undefined;
    return spare;
  }

  #use(bytes: Uint8Array, start: number, end: number): void {
    this.#bytes = bytes;
    this.#view = bytes === EMPTY
      ? EMPTY_VIEW
      : new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#start = start;
    this.#end = end;
  }
}

const MIN_BYTES = 256;
/** From here on memory is worth keeping for the next frame. */
const LARGE_BYTES = 64 * 1024;
const EMPTY = new Uint8Array(0);
const EMPTY_VIEW = new DataView(EMPTY.buffer);

function nextPowerOfTwo(count: number): number {
  return 2 ** Math.ceil(Math.log2(count));
}
