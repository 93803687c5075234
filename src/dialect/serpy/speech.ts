import type { RequestId } from "../../message.ts";
import type { DialectHost } from "../dialect.ts";
import { type Block, UNIT_END } from "./block.ts";
import { isAcked, type Mode } from "./mode.ts";

/** A message that waits for its turn, or for its acknowledgement. */
export interface Said extends Block {
  /** Set when somebody waits for the acknowledgement. */
  readonly id?: RequestId;
  /** How long they do, in milliseconds. */
  readonly remainingMs: number;
}

/**
 * What this end says: one thing after the other. A change of mode waits for its answer, and so does every message in
 * mode 1, 3 or 5, because an acknowledgement carries no number: with two of them under way nobody could tell whose
 * it is.
 */
export class Speech {
  readonly #host: DialectHost;
  #mode: Mode = 0;
  /** The mode that was asked for and not answered yet. */
  #askedMode: Mode | undefined;
  /** The message that is not acknowledged yet. */
  #unacked: Said | undefined;
  #waiting: Said[] = [];
  /** How many at the front of those have left. */
  #left = 0;
  #waitingBytes = 0;
  /** How long the answer under way may take; 0 when there is none. */
  #patienceMs = 0;
  /** When it is given up; absent when the time of its question is not known yet. */
  #deadline: number | undefined;
  /** What was written since the last take will keep the other side busy for so long, where it does not answer. */
  #handlingMs = 0;

  constructor(host: DialectHost) {
    this.#host = host;
  }

  /** What waits for its turn, in bytes; each message counts some more, for the memory that it takes here. */
  get waitingBytes(): number {
    return this.#waitingBytes;
  }

  /** The acknowledged messages that wait for their turn. */
  unsent(): ReadonlySet<number> {
    const ids = new Set<number>();
    for (let at = this.#left; at < this.#waiting.length; at++) {
      const { id } = this.#waiting[at];
      if (id !== undefined) ids.add(Number(id));
    }
    return ids;
  }

  /** When `tick` has something to do: at once when it has to look at the clock. */
  get nextTickAt(): number {
    return this.#patienceMs === 0 ? Infinity : this.#deadline ?? 0;
  }

  /** How long the other side is busy with the messages that leave now and that it does not answer. */
  takeHandlingMs(): number {
    const ms = this.#handlingMs;
    this.#handlingMs = 0;
    return ms;
  }

  /** Says a message, now or in its turn. */
  say(said: Said): void {
    if (!this.#isBusy && this.#left === this.#waiting.length && said.mode === this.#mode) {
      return this.#write(said);
    }
    this.#waiting.push(said);
    this.#waitingBytes += costOf(said);
    if (!this.#isBusy) this.#next();
  }

  /** The other side says that it has changed the mode. False when nobody has asked it to. */
  modeChanged(now: number): boolean {
    if (this.#askedMode === undefined) return false;
    this.#mode = this.#askedMode;
    this.#askedMode = undefined;
    this.#goOn(now);
    return true;
  }

  /** The other side has taken the message. False when there is none that it could mean. */
  acked(now: number): boolean {
    if (this.#unacked === undefined) return false;
    const { id } = this.#unacked;
    this.#unacked = undefined;
    if (id !== undefined) this.#host.deliver({ kind: "answer", id, value: undefined }, 0);
    this.#goOn(now);
    return true;
  }

  /** Looks at the clock. True when the other side was waited for long enough: the link is of no use any more. */
  tick(now: number, listening: boolean): boolean {
    if (this.#patienceMs === 0) return false;
    if (this.#deadline === undefined || !listening) {
      this.#deadline = now + this.#patienceMs; // what is not read may be the answer
      return false;
    }
    if (now < this.#deadline) return false;
    this.#giveUp();
    return true;
  }

  get #isBusy(): boolean {
    return this.#patienceMs > 0;
  }

  /** An answer has come. */
  #goOn(now: number): void {
    this.#patienceMs = 0;
    this.#deadline = undefined;
    this.#next(now);
    if (this.#isBusy) this.#deadline = now + this.#patienceMs;
  }

  /** Says what waits, until something has to be answered first. */
  #next(now?: number): void {
    while (!this.#isBusy && this.#left < this.#waiting.length) {
      const said = this.#waiting[this.#left];
      const isWanted = now === undefined || said.id === undefined ||
        this.#host.repeats(Number(said.id), false, now) !== undefined;
      if (isWanted && said.mode !== this.#mode) return this.#askForMode(said.mode);
      this.#waitingBytes -= costOf(said);
      this.#left++;
      if (isWanted) this.#write(said);
    }
    if (this.#left === this.#waiting.length || this.#left > MAX_LEFT) {
      this.#waiting = this.#waiting.slice(this.#left);
      this.#left = 0;
    }
  }

  #askForMode(mode: Mode): void {
    this.#askedMode = mode;
    this.#patienceMs = this.#host.limits.ackMs;
    this.#host.output.append(ENCODER.encode(`\x01SETMODE${mode}\x1f`));
  }

  #write(said: Said): void {
    const { output, limits } = this.#host;
    output.append(said.bytes);
    output.append(END);
    if (!isAcked(said.mode)) {
      this.#handlingMs += BLOCK_MS + said.bytes.length / BYTES_A_MS;
      return;
    }
    this.#unacked = said;
    this.#patienceMs = Math.max(said.remainingMs, limits.ackMs);
    this.#deadline = undefined;
  }

  #giveUp(): void {
    const within = `within ${Math.round(this.#patienceMs)} ms (limits.ackMs)`;
    this.#patienceMs = 0;
    if (this.#askedMode !== undefined) {
      return this.#host.lost(
        "no_mode",
        `No answer to the change to mode ${this.#askedMode} ${within}, and nothing can be said before it: ` +
          `a serpy peer is silent once its program does not fetch its messages, or its interpreting thread has died`,
      );
    }
    this.#host.lost(
      "unsure",
      `No acknowledgement of a message in mode ${this.#unacked!.mode} ${within}: acknowledgements carry no ` +
        `number, so a late one would be taken for that of the next message; connect anew`,
    );
  }
}

/** A message that waits costs its bytes, and about as many for the object around them. */
function costOf({ bytes }: Said): number {
  return bytes.length + OBJECT_BYTES;
}

/** Measured with an original, which takes about ten blocks and then sleeps for 50 ms: 1000 small ones take 5.1 s. */
const BLOCK_MS = 5.5;
/** Measured: an original decodes 14 KiB of base 85 a millisecond; small computers are slower. */
const BYTES_A_MS = 4096;
const OBJECT_BYTES = 128;
/** So many messages that have left are forgotten in one go. */
const MAX_LEFT = 1024;
const END = Uint8Array.of(UNIT_END);
const ENCODER = new TextEncoder();
