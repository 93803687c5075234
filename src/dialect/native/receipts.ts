import { ProtocolError } from "../../errors.ts";
import { after, isAfter } from "./seq.ts";

/** Which numbered frames of the other side have come, and when it has to hear of that. */
export class Receipts {
  #rx = 0;
  #frames = 0;
  #bytes = 0;
  #dueAt = Infinity;

  /** The number of the last frame that has come without a gap. */
  get rx(): number {
    return this.#rx;
  }

  /** When an acknowledgement has to be sent; `Infinity` while nothing new has come. */
  get dueAt(): number {
    return this.#dueAt;
  }

  /** True when so much has come that the other side should hear of it at once. */
  get isDue(): boolean {
    return this.#frames >= ACK_FRAMES || this.#bytes >= ACK_BYTES;
  }

  /**
   * Frame `seq` of `size` bytes has come; false when it came before.
   *
   * @throws {ProtocolError} fatal, code `seq_gap`: a frame before it is missing.
   */
  admit(seq: number, size: number, now: number): boolean {
    if (seq !== after(this.#rx)) {
      if (!isAfter(seq, this.#rx)) {
        this.#dueAt = Math.min(this.#dueAt, now + ACK_MS); // who says it again does not know that it has come
        return false;
      }
      throw new ProtocolError("seq_gap", `Frame ${seq} came after frame ${this.#rx}: some are missing`);
    }
    this.#rx = seq;
    this.#bytes += size;
    if (this.#frames++ === 0) this.#dueAt = Math.min(this.#dueAt, now + ACK_MS);
    return true;
  }

  /** The other side has been told of all that has come. */
  told(): void {
    this.#frames = 0;
    this.#bytes = 0;
    this.#dueAt = Infinity;
  }

  /** The other side begins at 1 again. */
  reset(): void {
    this.#rx = 0;
    this.told();
  }
}

/** The most that comes before it is acknowledged: in frames, in bytes, in milliseconds. */
const ACK_FRAMES = 64;
const ACK_BYTES = 64 * 1024;
const ACK_MS = 50;
