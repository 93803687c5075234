import { CancelledError, type Outcome, type TimeoutError } from "../errors.ts";

interface Waiter<T> {
  readonly resolve: (value: T) => void;
  readonly reject: (error: unknown) => void;
  readonly deadline: number;
  readonly timeout: () => TimeoutError;
  readonly what: string;
  readonly endsWithLink: boolean;
  readonly stopListening: (() => void) | undefined;
}

/** How long one waits, and what else ends the wait. */
export interface Wait {
  /** When to give up, on the clock of the endpoint's alarm; `Infinity` for never. */
  readonly deadline: number;
  /** The error for having given up. */
  readonly timeout: () => TimeoutError;
  readonly signal?: AbortSignal;
  /** What is waited for, for the error when `signal` ends the wait. Default "Wait". */
  readonly what?: string;
  /** What is then known of the message that was under way. */
  readonly outcome?: Outcome;
  /** True when the wait is over when the link is lost, even if another follows. */
  readonly endsWithLink?: boolean;
}

/** Promises that wait for the same thing, in order, each with a deadline but none with a timer. */
export class WaitList<T> {
  #waiters: Set<Waiter<T>> = NOBODY;
  #nextDeadline = Infinity;

  get size(): number {
    return this.#waiters.size;
  }

  /** When {@linkcode WaitList.expire} has something to do at the earliest. */
  get nextDeadline(): number {
    return this.#nextDeadline;
  }

  /** Waits as the last in the row. */
  add(wait: Wait): Promise<T> {
    const { signal, what = "Wait", outcome } = wait;
    if (signal?.aborted) return Promise.reject(new CancelledError(what, signal, outcome));
    return new Promise((resolve, reject) => this.enqueue(wait, resolve, reject));
  }

  /** The same for who has to go on in the very moment in which the wait is over, and not a promise later. */
  enqueue(wait: Wait, resolve: (value: T) => void, reject: (error: unknown) => void): void {
    const { deadline, timeout, signal, what = "Wait", outcome, endsWithLink = false } = wait;
    const stop = () => {
      this.#waiters.delete(waiter);
      reject(new CancelledError(what, signal!, outcome));
    };
    const stopListening = signal && (() => signal.removeEventListener("abort", stop));
    signal?.addEventListener("abort", stop);
    const waiter: Waiter<T> = { resolve, reject, deadline, timeout, what, endsWithLink, stopListening };
    if (this.#waiters === NOBODY) this.#waiters = new Set();
    this.#waiters.add(waiter);
    if (deadline < this.#nextDeadline) this.#nextDeadline = deadline;
  }

  /** Gives `value` to the first in the row; false when nobody waits. */
  resolveFirst(value: T): boolean {
    for (const waiter of this.#waiters) {
      this.#remove(waiter);
      waiter.resolve(value);
      return true;
    }
    return false;
  }

  resolveAll(value: T): void {
    for (const waiter of this.#waiters) {
      this.#remove(waiter);
      waiter.resolve(value);
    }
  }

  /** @param error Makes the error of each, given what it waits for. */
  rejectAll(error: (what: string) => unknown): void {
    for (const waiter of this.#waiters) {
      this.#remove(waiter);
      waiter.reject(error(waiter.what));
    }
  }

  /** Rejects those whose wait ends with the link. */
  rejectLinked(error: () => unknown): void {
    for (const waiter of this.#waiters) {
      if (!waiter.endsWithLink) continue;
      this.#remove(waiter);
      waiter.reject(error());
    }
  }

  /** Rejects those whose time has come. */
  expire(now: number): void {
    if (now < this.#nextDeadline) return;
    this.#nextDeadline = Infinity;
    for (const waiter of this.#waiters) {
      if (waiter.deadline <= now) {
        this.#remove(waiter);
        waiter.reject(waiter.timeout());
      } else if (waiter.deadline < this.#nextDeadline) {
        this.#nextDeadline = waiter.deadline;
      }
    }
  }

  #remove(waiter: Waiter<T>): void {
    this.#waiters.delete(waiter);
    waiter.stopListening?.();
  }
}

/** What most lists hold most of the time; nothing is ever added to it. */
const NOBODY: Set<never> = new Set();
