/**
 * The memory that a connection reads into. It is small until a read fills it, so that thousands of silent
 * connections cost little, and 64 KiB while there is traffic, so that one read takes many frames.
 */
export class ReadMemory {
  #bytes = new Uint8Array(SMALL_BYTES);
  #quietReads = 0;

  /** Where the next read goes. */
  get bytes(): Uint8Array<ArrayBuffer> {
    return this.#bytes;
  }

  /** A read has brought `count` bytes: fits the memory for the next one, and returns those bytes. */
  took(count: number): Uint8Array {
    const taken = this.#bytes.subarray(0, count);
    if (this.#bytes.length === SMALL_BYTES) {
      if (count === SMALL_BYTES) this.#bytes = new Uint8Array(LARGE_BYTES);
    } else if (count > SMALL_BYTES) {
      this.#quietReads = 0;
    } else if (++this.#quietReads === QUIET_READS) {
      this.#bytes = new Uint8Array(SMALL_BYTES);
      this.#quietReads = 0;
    }
    return taken;
  }
}

/** Holds one frame of a request with a short argument. */
const SMALL_BYTES = 128;
/** What one read takes at most: larger ones gained little one way and lost in request and response. */
const LARGE_BYTES = 64 * 1024;
/** So many small reads in a row mean that the burst is over. */
const QUIET_READS = 64;
