import { SendBuffer } from "../../send_buffer.ts";
import type { DialectHost } from "../dialect.ts";
import { FrameType } from "./frame.ts";
import type { FrameWriter } from "./frame_writer.ts";
import type { SessionName } from "./handshake.ts";
import { Receipts } from "./receipts.ts";
import { ReplayLog } from "./replay_log.ts";
import { isAfter } from "./seq.ts";
import { allFrames, frameAt, renumbered, wantsAnswer, type WrittenFrame } from "./written_frame.ts";

/** What of a conversation outlives its link: the numbers of both directions, and all that may have to be said again. */
export class Lifeline {
  readonly session: SessionName;
  /** Frames that are said while there is no link, and those that had not left when the last one was lost. */
  readonly waiting: SendBuffer = new SendBuffer();
  readonly #host: DialectHost;
  readonly #log: ReplayLog;
  readonly #receipts = new Receipts();
  /** Links in a row that ended by a fault of the other side, and what had come until then. */
  #faults = 0;
  #rxAtFault = -1;

  constructor(host: DialectHost, session: SessionName) {
    this.#host = host;
    this.session = session;
    this.#log = new ReplayLog(host.limits);
  }

  // ---- what comes

  /** The number of the last frame that has come. */
  get rx(): number {
    return this.#receipts.rx;
  }

  /** When the other side has to hear what has come. */
  get ackDueAt(): number {
    return this.#receipts.dueAt;
  }

  /** True when it has to hear it at once. */
  get isAckDue(): boolean {
    return this.#receipts.isDue;
  }

  /** The number for an acknowledgement that is written now. */
  acknowledge(): number {
    this.#receipts.told();
    return this.#receipts.rx;
  }

  /** A numbered frame has come; false when it came before. @throws {ProtocolError} fatal, code `seq_gap`. */
  admit(seq: number, size: number, now: number): boolean {
    return this.#receipts.admit(seq, size, now);
  }

  // ---- what is said

  /** The number that was given out last. */
  get lastSeq(): number {
    return this.#log.lastSeq;
  }

  /** Bytes that are kept to be said again, or for the first time. */
  get keptBytes(): number {
    return this.#log.bytes + this.waiting.length;
  }

  /** True when no more should be said before some of it is acknowledged; `outputBytes` have not left yet. */
  isFull(outputBytes: number): boolean {
    return this.#log.isFull(outputBytes + this.waiting.length);
  }

  nextSeq(): number {
    return this.#log.next();
  }

  rewind(lastSeq: number): void {
    this.#log.rewind(lastSeq);
  }

  /** Frames are on their way. */
  left(bytes: Uint8Array): void {
    this.#log.keep(bytes);
  }

  /** @throws {ProtocolError} fatal, code `bad_ack`. */
  acknowledged(rx: number): void {
    this.#log.acknowledge(rx);
  }

  // ---- from link to link

  /** A link has ended by a fault of the other side; true when that happens again and again, and nothing comes of it. */
  failsAgain(): boolean {
    this.#faults = this.rx === this.#rxAtFault ? this.#faults + 1 : 1;
    this.#rxAtFault = this.rx;
    return this.#faults >= MANY_FAULTS;
  }

  /** The link is lost: of what had not left yet, the numbered frames wait for the next one. */
  hold(output: SendBuffer, from: number): void {
    for (const frame of allFrames(output.copyFrom(from))) {
      if (frame.seq !== 0) this.waiting.append(bytesOf(frame));
    }
  }

  /** Requests that wait for a link and have never left on one. */
  unsent(): Set<number> {
    return new Set(this.#neverLeft(allFrames(this.waiting.copyFrom(0))).keys());
  }

  /**
   * Says again what came after frame `rx`, under the same numbers; returns how many frames of it had left before. A
   * request that nobody waits for any more leaves its number to a CANCEL.
   */
  replay(rx: number, now: number, writer: FrameWriter): number {
    this.#log.acknowledge(rx);
    const frames = [...this.#log.takeAll(), ...this.#takeWaiting()];
    const { output } = writer;
    let replayed = 0;
    for (const frame of frames) {
      if (!isAfter(frame.seq, rx)) continue;
      const mayHaveArrived = this.#log.hasLeft(frame.seq);
      if (mayHaveArrived) replayed++;
      const remainingMs = wantsAnswer(frame) ? this.#host.repeats(frame.id, mayHaveArrived, now) : Infinity;
      if (remainingMs === undefined) writer.bare(FrameType.CANCEL, frame.id, frame.seq);
      else if (remainingMs === Infinity) output.append(bytesOf(frame));
      else output.append(renumbered(frame, frame.seq, remainingMs));
    }
    this.#receipts.told();
    return replayed;
  }

  /** The session could not go on: says in another one what may be said there, numbered by `nextSeq`. */
  restart(now: number, output: SendBuffer, nextSeq: () => number): void {
    const unsent = this.#neverLeft(this.#takeWaiting());
    for (const { id, frame: kept } of this.#host.restart(new Set(unsent.keys()))) {
      const frame = kept === undefined ? unsent.get(id)! : frameAt(kept, 0);
      output.append(renumbered(frame, nextSeq(), this.#host.repeats(id, false, now)));
    }
  }

  /** Those that wait for an answer and have never left on a link, by their ids. */
  #neverLeft(frames: readonly WrittenFrame[]): Map<number, WrittenFrame> {
    const calls = frames.filter((frame) => wantsAnswer(frame) && !this.#log.hasLeft(frame.seq));
    return new Map(calls.map((frame) => [frame.id, frame]));
  }

  #takeWaiting(): WrittenFrame[] {
    const frames = allFrames(this.waiting.copyFrom(0));
    this.waiting.rewind(0);
    return frames;
  }
}

/** So many faults in a row mean that another link does not mend the session. */
const MANY_FAULTS = 3;

function bytesOf({ bytes, at, size }: WrittenFrame): Uint8Array {
  return bytes.subarray(at, at + size);
}
