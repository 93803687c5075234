import { CancelledError, TimeoutError } from "../errors.ts";

/** A call of ours that waits for its turn. */
interface Queued {
  readonly what: string;
  readonly deadline: number;
  readonly timeoutMs: number;
  readonly run: () => void;
  readonly reject: (error: unknown) => void;
  readonly stopListening: (() => void) | undefined;
}

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
  readonly #calls = new Set<Queued>();
  #nextDeadline = Infinity;

  get size(): number {
    return this.#calls.size;
  }

  get nextDeadline(): number {
    return this.#nextDeadline;
  }

  add(call: QueuedCall): void {
    const { what, deadline, timeoutMs, signal, run, reject } = call;
    const stop = () => {
      this.#calls.delete(queued);
      reject(new CancelledError(what, signal!, "not-sent"));
    };
    signal?.addEventListener("abort", stop);
    const stopListening = signal && (() => signal.removeEventListener("abort", stop));
    const queued: Queued = { what, deadline, timeoutMs, run, reject, stopListening };
    this.#calls.add(queued);
    if (deadline < this.#nextDeadline) this.#nextDeadline = deadline;
  }

  /** Makes the calls at the head while there is room. */
  advance(hasRoom: () => boolean): void {
    for (const call of this.#calls) {
      if (!hasRoom()) return;
      this.#remove(call);
      call.run();
    }
  }

  /** Rejects those whose time has come. */
  expire(now: number): void {
    if (now < this.#nextDeadline) return;
    this.#nextDeadline = Infinity;
    for (const call of this.#calls) {
      if (call.deadline <= now) {
        this.#remove(call);
        const text =
          `${call.what} was not sent within ${call.timeoutMs} ms: the other side has not acknowledged ` +
          `what was sent before (limits.maxReplayFrames, limits.maxReplayBytes)`;
        call.reject(new TimeoutError("timeout", text, { outcome: "not-sent" }));
      } else if (call.deadline < this.#nextDeadline) {
        this.#nextDeadline = call.deadline;
      }
    }
  }

  /** Nothing can be called any more. */
  end(error: (what: string) => unknown): void {
    for (const call of this.#calls) {
      this.#remove(call);
      call.reject(error(call.what));
    }
  }

  #remove(call: Queued): void {
    this.#calls.delete(call);
    call.stopListening?.();
  }
}
