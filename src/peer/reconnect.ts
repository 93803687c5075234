import { UsageTypeError } from "../errors.ts";
import { checkCount } from "../limits.ts";
import type { World } from "./world.ts";

/** How a client that lost its link tries to get another: see the option `reconnect`. */
export interface ReconnectOptions {
  /** The longest wait before the first attempt, in milliseconds; it doubles with each that fails. Default 250, or `maxMs` when that is less. */
  minMs?: number;
  /** The longest wait before any attempt, in milliseconds. Default 15,000. */
  maxMs?: number;
  /** Attempts in a row that may fail before the client gives up. Default `Infinity`. */
  attempts?: number;
}

/** The names of {@linkcode ReconnectOptions}. */
export const RECONNECT_NAMES: readonly string[] = Object.freeze(["minMs", "maxMs", "attempts"]);

/**
 * Capped exponential back-off with full jitter: each wait is anything between nothing and its cap, so that a thousand
 * clients of a server that was started anew do not come all at once.
 */
export class BackOff {
  readonly #minMs: number;
  readonly #maxMs: number;
  readonly #attempts: number;
  readonly #world: World;
  #failed = 0;

  /** @throws {UsageTypeError} {@linkcode UsageRangeError} code `usage`. */
  constructor(options: ReconnectOptions, world: World) {
    const { maxMs = 15_000, attempts = Infinity } = options;
    checkCount("reconnect.maxMs", maxMs);
    const { minMs = Math.min(250, maxMs) } = options;
    checkCount("reconnect.minMs", minMs);
    if (attempts !== Infinity) checkCount("reconnect.attempts", attempts);
    if (minMs > maxMs) {
      throw new UsageTypeError(`Cannot use ${minMs} as "reconnect.minMs": it is above maxMs (${maxMs})`);
    }
    this.#minMs = minMs;
    this.#maxMs = maxMs;
    this.#attempts = attempts;
    this.#world = world;
  }

  /** Attempts that have failed in a row. */
  get failed(): number {
    return this.#failed;
  }

  /** How long to wait before the next attempt, in milliseconds; `undefined` when there were enough. */
  next(): number | undefined {
    if (this.#failed >= this.#attempts) return undefined;
    const cap = Math.min(this.#maxMs, this.#minMs * 2 ** Math.min(this.#failed, 30));
    return Math.round(this.#world.random() * cap);
  }

  /** An attempt has failed, or its link was of no use. */
  fail(): void {
    this.#failed++;
  }

  /** A link was of use. */
  reset(): void {
    this.#failed = 0;
  }
}
