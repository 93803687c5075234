import type { Limits } from "../../limits.ts";

/**
 * When to ask a silent link for a sign of life, and when to give it up. Only what is *received* counts: bytes that
 * we could hand to the kernel say nothing about the other side.
 */
export class Heartbeat {
  readonly #heartbeatMs: number;
  readonly #silenceMs: number;
  #heardAt = 0;
  #askedAt = -Infinity;

  constructor(limits: Pick<Limits, "heartbeatMs" | "silenceMs">) {
    this.#silenceMs = limits.silenceMs;
    this.#heartbeatMs = Math.min(limits.heartbeatMs, limits.silenceMs / 2);
  }

  get nextTickAt(): number {
    return this.#asked ? this.#askedAt + this.#graceMs : this.#heardAt + this.#heartbeatMs;
  }

  /** Bytes have come. */
  heard(now: number): void {
    this.#heardAt = now;
  }

  /**
   * What to do now. The verdict follows a question by the whole grace time, so that a loop of ours that stood still
   * for a minute asks first and reads what has come meanwhile.
   */
  tick(now: number, listening: boolean): "ping" | "lost" | undefined {
    if (now < this.nextTickAt) return undefined;
    if (this.#asked && listening) return "lost";
    this.#askedAt = now;
    return "ping";
  }

  get #asked(): boolean {
    return this.#askedAt > this.#heardAt;
  }

  get #graceMs(): number {
    return this.#silenceMs - this.#heartbeatMs;
  }
}
