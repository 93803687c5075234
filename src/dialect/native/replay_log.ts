import { ProtocolError } from "../../errors.ts";
import type { Limits } from "../../limits.ts";
import { ReceiveBuffer } from "../../receive_buffer.ts";
import { after, before, distance, isAfter } from "./seq.ts";
import { allFrames, eachFrame, frameSize, type WrittenFrame } from "./written_frame.ts";

/**
 * The numbered frames that we have said and the other side has not acknowledged, as they were written, the oldest
 * first: what is sent again when the session goes on with another link. Bytes are looked at once when they leave and
 * once when they are acknowledged, never moved one frame at a time.
 */
export class ReplayLog {
  readonly #limits: Pick<Limits, "maxReplayFrames" | "maxReplayBytes">;
  readonly #kept = new ReceiveBuffer();
  #frames = 0;
  #lastSeq = 0;
  /** The last one that is kept, or was and is acknowledged. */
  #lastKept = 0;
  /** The last one that has ever left. */
  #lastSent = 0;

  constructor(limits: Pick<Limits, "maxReplayFrames" | "maxReplayBytes">) {
    this.#limits = limits;
  }

  /** The number that was given out last. */
  get lastSeq(): number {
    return this.#lastSeq;
  }

  /** Bytes that are kept. */
  get bytes(): number {
    return this.#kept.length;
  }

  /** True when the other side should acknowledge before more is said; `waitingBytes` have not left yet. */
  isFull(waitingBytes: number): boolean {
    const frames = this.#frames + distance(this.#lastKept, this.#lastSeq);
    return frames >= this.#limits.maxReplayFrames || this.bytes + waitingBytes >= this.#limits.maxReplayBytes;
  }

  /** The number of the next frame. */
  next(): number {
    return this.#lastSeq = after(this.#lastSeq);
  }

  /** True when frame `seq` has left on some link: it may have arrived. */
  hasLeft(seq: number): boolean {
    return !isAfter(seq, this.#lastSent);
  }

  /** Takes numbers back that were given to frames which then could not be written. */
  rewind(lastSeq: number): void {
    this.#lastSeq = lastSeq;
  }

  /** Frames are on their way: keeps those among them that have a number. */
  keep(bytes: Uint8Array): void {
    let from = 0; // where a run of numbered frames begins
    let end = 0;
    eachFrame(bytes, (frame) => {
      end = frame.at + frame.size;
      if (frame.seq !== 0) {
        this.#frames++;
        this.#lastKept = frame.seq;
      } else {
        if (frame.at > from) this.#kept.append(bytes.subarray(from, frame.at));
        from = end;
      }
    });
    if (end > from) this.#kept.append(from === 0 && end === bytes.length ? bytes : bytes.subarray(from, end));
    this.#kept.keep();
    if (isAfter(this.#lastKept, this.#lastSent)) this.#lastSent = this.#lastKept;
  }

  /** Everything up to number `rx` has arrived. @throws {ProtocolError} fatal, code `bad_ack`: it was never sent. */
  acknowledge(rx: number): void {
    if (isAfter(rx, this.#lastSent)) {
      throw new ProtocolError(
        "bad_ack",
        `Frame ${rx} was acknowledged, but the last one sent is ${this.#lastSent}`,
      );
    }
    if (isAfter(rx, this.#lastKept)) this.#lastKept = rx; // it waits to be sent again, and has come already
    let passed = 0;
    const { length } = this.#kept;
    while (passed < length && !isAfter(this.#kept.uint32At(passed + SEQ_AT), rx)) {
      passed += frameSize(this.#kept.uint32At(passed));
      this.#frames--;
    }
    this.#kept.skip(passed);
    if (passed === length) this.#kept.keep(); // an idle connection holds no memory here
  }

  /** Takes out all that is kept, in order: to be said again, and kept again when it leaves. */
  takeAll(): WrittenFrame[] {
    const frames = allFrames(this.#kept.take(this.#kept.length));
    this.#kept.keep();
    this.#lastKept = frames.length > 0 ? before(frames[0].seq) : this.#lastKept;
    this.#frames = 0;
    return frames;
  }

  /** Forgets everything: the numbers begin at 1 again. */
  reset(): void {
    this.takeAll();
    this.#lastSeq = 0;
    this.#lastKept = 0;
    this.#lastSent = 0;
  }
}

const SEQ_AT = 6;
