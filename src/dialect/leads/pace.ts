import type { SendBuffer } from "../../send_buffer.ts";

/** The longest pause that can be asked for, in milliseconds: more is a mistake of unit. */
export const MAX_GAP_MS = 60_000;

/** What the original reads at a time, in bytes. */
const READ_BYTES = 512;

/** The pause where none is asked for, in milliseconds: none of 15,000 messages was cut with it. */
const USUAL_GAP_MS = 10;

/**
 * Without a pause that was asked for: when so much waits, in bytes, whoever speaks is too fast for pauses. At the usual
 * pace it is what leaves in 1.5 s.
 */
const FLOOD_BYTES = 64 * 1024;

/**
 * Keeps messages whole for a reader that takes 512 bytes at a time and believes that they end with a message: no more
 * than that leaves before a pause, in whole messages. A longer message leaves by itself, since of the first one the
 * reader waits for the end. A flood is let go as it is, until it pauses by itself, unless the pause was asked for.
 */
export class Pace {
  readonly #output: SendBuffer;
  readonly #gapMs: number;
  readonly #mostHeldBytes: number;
  /** More is said than can be given with pauses. */
  #isFlood = false;
  /** How long the pauses may take once the link is to close, in milliseconds. */
  readonly #closingMs: number;
  /** When what is still held leaves as it is: the link closes; `-Infinity` until the time is known. */
  #closeAt = Infinity;
  readonly #held: Uint8Array[] = [];
  #heldFrom = 0;
  #heldBytes = 0;
  /** Bytes that have left since the last pause. */
  #burstBytes = 0;
  /** When the pause is long enough; `Infinity` while the last bytes are still leaving. */
  #quietAt = Infinity;

  /** @param askedMs The pause that was asked for, if one was; 0 for none. */
  constructor(output: SendBuffer, askedMs: number | undefined, closeMs: number) {
    const gapMs = askedMs ?? USUAL_GAP_MS;
    this.#output = output;
    this.#gapMs = gapMs;
    this.#mostHeldBytes = askedMs === undefined ? FLOOD_BYTES : Infinity;
    this.#closingMs = closeMs / 2;
  }

  /** Bytes that wait for a pause. */
  get heldBytes(): number {
    return this.#heldBytes;
  }

  /** When `tick` wants to be called. */
  get nextTickAt(): number {
    return this.#heldBytes > 0 ? Math.min(this.#quietAt, this.#closeAt) : this.#quietAt;
  }

  /** Takes one message or more, whole; the bytes stay as they are. */
  write(bytes: Uint8Array): void {
    if (this.#gapMs === 0) return this.#output.append(bytes);
    if (this.#heldBytes === 0 && this.#hasRoomFor(bytes)) return this.#say(bytes);
    this.#held.push(bytes);
    this.#heldBytes += bytes.length;
    if (this.#heldBytes <= this.#mostHeldBytes) return;
    this.#isFlood = true;
    this.#sayAll();
  }

  /** All that was said was handed to the system: the pause begins. */
  written(now: number): void {
    if (this.#burstBytes > 0) this.#quietAt = now + this.#gapMs;
  }

  /** Lets go what is held, when there was a pause. */
  tick(now: number): void {
    if (this.#closeAt === -Infinity) this.#closeAt = now + this.#closingMs;
    if (now >= this.#closeAt) this.#sayAll();
    if (now < this.#quietAt) return;
    this.#burstBytes = 0;
    this.#quietAt = Infinity;
    this.#isFlood = false;
    while (this.#heldBytes > 0 && this.#hasRoomFor(this.#held[this.#heldFrom])) this.#sayHeld();
    if (this.#heldBytes === 0) this.forget();
  }

  /** The link is to close: what cannot leave in time leaves as it is, since a message in two parts is better than none. */
  hurry(): void {
    this.#closeAt = -Infinity;
  }

  /** Nobody reads any more: what is held never leaves. */
  forget(): void {
    this.#held.length = 0;
    this.#heldFrom = 0;
    this.#heldBytes = 0;
  }

  #hasRoomFor(bytes: Uint8Array): boolean {
    return this.#isFlood || this.#burstBytes === 0 || this.#burstBytes + bytes.length <= READ_BYTES;
  }

  #sayAll(): void {
    while (this.#heldBytes > 0) this.#sayHeld();
    this.forget();
  }

  #sayHeld(): void {
    const bytes = this.#held[this.#heldFrom++];
    this.#heldBytes -= bytes.length;
    if (this.#heldFrom < COMPACT_AT) return this.#say(bytes);
    this.#held.splice(0, this.#heldFrom);
    this.#heldFrom = 0;
    this.#say(bytes);
  }

  #say(bytes: Uint8Array): void {
    this.#output.append(bytes);
    this.#burstBytes += bytes.length;
    this.#quietAt = Infinity;
  }
}

/** Messages that have left are cut off the list by so many at a time, which costs little for each. */
const COMPACT_AT = 1024;
