import type { Limits } from "../../limits.ts";

/** What there is to do about a silent link: ask, tell that it did not answer and ask again, or give it up. */
export type Verdict = "ping" | "stale" | "lost";

/**
 * When to ask a silent link for a sign of life, and when to give it up. Only what is *received* counts: bytes that
 * we could hand to the kernel say nothing about the other side.
 */
export class Heartbeat {
  readonly #heartbeatMs: number;
  readonly #silenceMs: number;
  #heardAt = 0;
  /** When it was asked first since it was heard last, and how often. */
  #askedAt = 0;
  #asked = 0;

  constructor(limits: Pick<Limits, "heartbeatMs" | "silenceMs">) {
    this.#silenceMs = limits.silenceMs;
    this.#heartbeatMs = Math.min(limits.heartbeatMs, limits.silenceMs / 2);
  }

  get nextTickAt(): number {
    if (this.#asked === 0) return this.#heardAt + this.#heartbeatMs;
    const giveUpAt = this.#askedAt + this.#silenceMs - this.#heartbeatMs;
    return this.#asked > 1 ? giveUpAt : Math.min(giveUpAt, this.#askedAt + this.#heartbeatMs);
  }

  /** For how long nothing was heard, in milliseconds. */
  silentFor(now: number): number {
    return now - this.#heardAt;
  }

  /** Bytes have come. */
  heard(now: number): void {
    this.#heardAt = now;
    this.#asked = 0;
  }

  /**
   * What to do now. The verdict follows the first question by the whole grace time, so that a loop of ours that
   * stood still for a minute asks first and reads what has come meanwhile; and nothing is lost while we do not
   * listen.
   */
  tick(now: number, listening: boolean): Verdict | undefined {
    if (now < this.nextTickAt) return undefined;
    if (this.#asked === 0 || !listening) {
      this.#askedAt = now;
      this.#asked = 1;
      return "ping";
    }
    if (now >= this.#askedAt + this.#silenceMs - this.#heartbeatMs) return "lost";
    this.#asked = 2;
    return "stale";
  }
}
