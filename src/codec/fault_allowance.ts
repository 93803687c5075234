/**
 * Which of many bad frames are reported, so that noise costs no more than a read of good frames.
 *
 * @module
 */
import { ProtocolError } from "../errors.ts";

/** Bad frames that are reported one by one, however close to each other they come. */
const BURST = 16;
/** Bytes of the stream that earn one more report. An error costs some microseconds here, and a line on a screen there. */
const BYTES_EACH = 256;

/**
 * Counts the bad frames of one connection. The first {@linkcode BURST} are reported one by one; noise, where every
 * other byte may be a bad frame, is reported once in {@linkcode BYTES_EACH} bytes, with the number of those between.
 * It goes by the bytes of the frames alone, so it is the same however they were cut.
 */
export class FaultAllowance {
  /** Bytes whose reports have not been used. */
  #earned = BURST * BYTES_EACH;
  /** Bad frames since the last report that nobody has heard of. */
  #silent = 0;

  /** A frame, good or bad, took so many bytes of the stream. */
  pass(bytes: number): void {
    this.#earned = Math.min(this.#earned + bytes, BURST * BYTES_EACH);
  }

  /** True when a bad frame may be reported now; otherwise it has been counted, and is to be passed over. */
  spend(): boolean {
    if (this.#earned < BYTES_EACH) {
      this.#silent++;
      return false;
    }
    this.#earned -= BYTES_EACH;
    return true;
  }

  /**
   * Asked before a good frame is handed over: true when bad frames before it are to be told of first, as `rest` does.
   */
  get isDue(): boolean {
    return this.#silent > 0 && this.#earned >= BYTES_EACH;
  }

  /** The error for the bad frames that were passed over, before a good frame. */
  rest(code: string, what: string): ProtocolError {
    this.#earned -= BYTES_EACH;
    const count = this.#silent;
    this.#silent = 0;
    const message = `Frames passed over, too close to each other to report each: ${count} ${what}`;
    return new ProtocolError(code, message, { fatal: false });
  }

  /** What an error says of the bad frames before it that were passed over: nothing, or their number. */
  silent(): string {
    const count = this.#silent;
    this.#silent = 0;
    return count === 0 ? "" : ` (others like it since the last report: ${count})`;
  }
}
