import type { Patience } from "./patience.ts";

/** What there is to do about something that is not answered. */
export type Verdict = "wait" | "retry" | "lost";

/** Since when something has been waited for, when it is tried again, and when it is given up. */
export class RetryClock {
  readonly #patience: Patience;
  readonly #giveUpMs: number;
  /** Since when something has been under way without an answer; `Infinity` while there is nothing. */
  #since = Infinity;
  /** When it was asked for last. */
  #askedAt = 0;
  /** When the last words have had time enough. */
  #endAt = Infinity;
  readonly #lingerMs: number;

  /**
   * @param giveUpMs How long nothing may move, in milliseconds; longer where the line is too slow for that.
   * @param lingerMs How long the last words may take in all.
   */
  constructor(patience: Patience, giveUpMs: number, lingerMs: number) {
    this.#patience = patience;
    this.#lingerMs = lingerMs;
    this.#giveUpMs = patience.giveUpMs(giveUpMs);
  }

  /** When there is something to do next, with `wireBytes` bytes under way. */
  nextAt(wireBytes: number): number {
    return Math.min(this.#retryAt(wireBytes), this.#endAt);
  }

  /** For how long nothing has moved, in milliseconds. */
  waitedMs(now: number): number {
    return now - this.#since;
  }

  /** How long ago it was asked for last, in milliseconds. */
  askedMs(now: number): number {
    return now - this.#askedAt;
  }

  /** Something is under way that has to be answered. */
  start(now: number): void {
    if (this.#since === Infinity) this.#since = this.#askedAt = now;
  }

  /** Something was heard that goes on; `isWaiting` when more is under way. */
  moved(now: number, isWaiting: boolean): void {
    this.#patience.relax();
    this.#since = isWaiting ? now : Infinity;
    this.#askedAt = now;
  }

  /** The other side lives, and can do nothing for us now. */
  alive(now: number): void {
    if (this.#since !== Infinity) this.#since = now;
  }

  /** Nothing is waited for any more. */
  stop(): void {
    this.#since = Infinity;
  }

  /** From now on only the last words are waited for. */
  closing(now: number): void {
    this.#endAt = now + this.#lingerMs;
  }

  /** True when so much was waited for in vain that there is probably nobody: enough for who wants to leave. */
  isVain(now: number): boolean {
    return this.#patience.doublings >= MIN_VAIN_RETRIES && this.waitedMs(now) >= VAIN_MS;
  }

  /** What to do now. A retry counts from then on; with `isPatient` it is never given up. */
  tick(now: number, wireBytes: number, isPatient: boolean): Verdict {
    if (now >= this.#endAt) return "lost";
    if (now < this.#retryAt(wireBytes)) return "wait";
    if (!isPatient && this.#isHopeless(now)) return "lost";
    this.#patience.double();
    this.#askedAt = now;
    return "retry";
  }

  #retryAt(wireBytes: number): number {
    return this.#since === Infinity ? Infinity : this.#askedAt + this.#patience.waitMs(wireBytes);
  }

  #isHopeless(now: number): boolean {
    if (this.#endAt < Infinity) return this.isVain(now);
    // A program that stood still for a minute asks some times before it gives up.
    return this.#patience.doublings >= MIN_RETRIES && this.waitedMs(now) >= this.#giveUpMs;
  }
}

/** How often something is sent again at least before that is given up. */
const MIN_RETRIES = 4;
/** The same, and how long nothing has moved then, in milliseconds, for who wants to leave. */
const MIN_VAIN_RETRIES = 2;
const VAIN_MS = 2000;
