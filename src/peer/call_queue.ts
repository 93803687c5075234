import { TimeoutError } from "../errors.ts";
import { WaitList } from "./wait_list.ts";

/** What a queue is told of a call. */
export interface QueuedCall {
  /** How sentences name it. */
  readonly what: string;
  readonly deadline: number;
  readonly timeoutMs: number;
  readonly signal?: AbortSignal;
  /** Makes the call: its turn has come. */
  run(): void;
  reject(error: unknown): void;
}

/**
 * Calls that wait because the other side has to acknowledge earlier ones first: in order, none of them sent. Each is
 * made in the same breath in which there is room for it.
 */
export class CallQueue {
  readonly #calls = new WaitList<void>();

  get size(): number {
    return this.#calls.size;
  }

  get nextDeadline(): number {
    return this.#calls.nextDeadline;
  }

  add({ what, deadline, timeoutMs, signal, run, reject }: QueuedCall): void {
    const text = `${what} was not sent within ${timeoutMs} ms: the other side has not acknowledged ` +
      `what was sent before (limits.maxReplayFrames, limits.maxReplayBytes)`;
    const timeout = () => new TimeoutError("timeout", text, { outcome: "not-sent" });
    this.#calls.enqueue({ deadline, timeout, signal, what, outcome: "not-sent" }, run, reject);
  }

  /** Makes the calls at the head while there is room. */
  advance(hasRoom: () => boolean): void {
    while (this.size > 0 && hasRoom()) this.#calls.resolveFirst();
  }

  /** Rejects those whose time has come. */
  expire(now: number): void {
    this.#calls.expire(now);
  }

  /** Nothing can be called any more. */
  end(error: (what: string) => unknown): void {
    this.#calls.rejectAll(error);
  }
}
