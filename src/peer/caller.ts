import { CancelledError, ParleyError, TimeoutError } from "../errors.ts";
import type { Kwargs, RequestId } from "../message.ts";
import type { Resend } from "../pending.ts";
import type { CallTiming, RequestKind } from "../own_calls.ts";
import type { Session } from "../session.ts";
import { whatOf } from "../session_errors.ts";
import { CallQueue, type QueuedCall } from "./call_queue.ts";
import type { Endpoint } from "./endpoint.ts";
import { StreamReader } from "./stream_reader.ts";
import { WaitList } from "./wait_list.ts";

/** How long a call waits, and what else ends it. */
export interface Wait {
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
}

/** What a request may be besides its name and arguments. */
export interface RequestParts extends Wait, RequestKind {
  readonly kwargs?: Kwargs;
}

/** What waits for the answer to a call of ours. */
export interface Waiting {
  resolve(value: unknown): void;
  reject(error: unknown): void;
  /** The next part of a streaming answer. */
  part?(value: unknown, bytes: number): void;
}

/** What a caller needs of the conversation it works for. */
export interface CallerOwner {
  readonly endpoint: Endpoint;
  readonly session: Session;
  readonly label: string;
  /** True while calls are taken: there is a link, or the session waits for the next one. */
  readonly canCall: boolean;
  /** The error for a call that is not taken. */
  cannotSend(what: string): ParleyError;
  /** Somebody waits for an answer now, until `deadline` at most: what was said leaves, and reading goes on. */
  called(deadline: number): void;
  /** Milliseconds on a clock that never jumps. */
  now(): number;
  /** Something is due at `at`. */
  wake(at: number): void;
  /** Something was said. */
  flush(): void;
}

/** A stream that is being read. */
interface OpenStream {
  readonly waits: WaitList<void>;
}

/** The calls that this side makes: each is settled once, with an answer, an error, or at its deadline. */
export class Caller {
  readonly #owner: CallerOwner;
  #queue: CallQueue | undefined;
  #streams: Set<OpenStream> | undefined;

  constructor(owner: CallerOwner) {
    this.#owner = owner;
  }

  /** Calls that have not been sent because the other side must acknowledge others first. */
  get queued(): number {
    return this.#queue?.size ?? 0;
  }

  request(name: string, args: readonly unknown[], options: RequestParts): Promise<unknown> {
    const owner = this.#owner;
    const { session, endpoint } = owner;
    const { timeoutMs = endpoint.limits.requestMs } = options;
    if (owner.canCall && options.signal === undefined && this.queued === 0 && !session.isFull) {
      // The common case, by itself: without a closure for what seldom happens.
      const now = owner.now();
      const waiting = Promise.withResolvers<unknown>();
      try {
        session.request(name, args, options.kwargs, { now, timeoutMs }, waiting, options);
        owner.called(now + timeoutMs);
      } catch (error) {
        waiting.reject(error);
      }
      return waiting.promise;
    }
    return this.#call(whatOf({ kind: "request", name }), timeoutMs, options.signal, (timing, waiting) => {
      return session.request(name, args, options.kwargs, timing, waiting, options);
    });
  }

  sendAcked(value: unknown, options: Wait & { resend?: Resend; mode?: number }): Promise<unknown> {
    const { session, endpoint } = this.#owner;
    const { timeoutMs = endpoint.limits.ackMs, signal, resend, mode } = options;
    return this.#call("message", timeoutMs, signal, (timing, waiting) => {
      return session.sendAcked(value, timing, waiting, resend, mode);
    });
  }

  actionAcked(
    name: string,
    args: readonly unknown[],
    options: Wait & { kwargs?: Kwargs; resend?: Resend },
  ): Promise<unknown> {
    const { session, endpoint } = this.#owner;
    const { timeoutMs = endpoint.limits.ackMs, signal, kwargs, resend } = options;
    return this.#call(`action "${name}"`, timeoutMs, signal, (timing, waiting) => {
      return session.actionAcked(name, args, kwargs, timing, waiting, resend);
    });
  }

  /**
   * The parts of a streaming answer. Called when the first one is wanted, and called off when no more are: `return`
   * does so at once, also while a part is waited for.
   */
  stream(
    name: string,
    args: readonly unknown[],
    options: Wait & { kwargs?: Kwargs },
  ): AsyncGenerator<unknown, void, void> {
    const stop = new StreamStop();
    const parts = this.#stream(name, args, options, stop);
    const end = parts.return.bind(parts);
    return Object.assign(parts, {
      return: (value: void) => {
        stop.now();
        return end(value);
      },
    });
  }

  async *#stream(
    name: string,
    args: readonly unknown[],
    options: Wait & { kwargs?: Kwargs },
    stop: StreamStop,
  ): AsyncGenerator<unknown, void, void> {
    const { session, endpoint, label } = this.#owner;
    const { timeoutMs = endpoint.limits.requestMs, signal, kwargs } = options;
    const what = `Stream "${name}" from ${label}`;
    const streams = this.#streams ??= new Set();
    if (streams.size >= endpoint.limits.maxStreams) {
      const text = `Cannot open ${what}: ${streams.size} are read already (limits.maxStreams)`;
      throw new ParleyError("busy", text, { outcome: "not-sent" });
    }
    const reader = new StreamReader();
    const open: OpenStream = { waits: new WaitList() };
    reader.wake = () => open.waits.resolveAll();
    streams.add(open);
    /** When the wait for the first part began: part of it may pass before the request is sent. */
    let since: number | undefined = this.#owner.now();
    let stopListening: (() => void) | undefined;
    try {
      const id = await this.#openStream(name, args, { kwargs, signal, timeoutMs }, {
        resolve: (value) => reader.finish(value),
        reject: (error) => reader.fail(error),
        part: (value, bytes) => {
          since = undefined;
          reader.push(value, bytes);
        },
      });
      const callOff = () => {
        session.cancel(id);
        this.#owner.flush();
      };
      const cancel = () => {
        callOff();
        reader.fail(new CancelledError(what, signal!, "unknown"));
      };
      signal?.addEventListener("abort", cancel);
      stopListening = signal && (() => signal.removeEventListener("abort", cancel));
      stop.when(() => {
        callOff();
        reader.finish(undefined);
      });
      yield* reader.read({
        credit: (bytes) => (session.credit(id, bytes), this.#owner.flush()),
        cancel: callOff,
        wait: () => {
          const deadline = (since ?? this.#owner.now()) + timeoutMs;
          this.#owner.wake(deadline);
          const timeout = () =>
            new TimeoutError("timeout", `${what}: no part within ${timeoutMs} ms`, UNKNOWN);
          return open.waits.add({ deadline, timeout });
        },
      });
    } finally {
      stopListening?.();
      streams.delete(open);
    }
  }

  // ---- the clock and the link

  get nextDeadline(): number {
    let next = this.#queue?.nextDeadline ?? Infinity;
    if (this.#streams !== undefined) {
      for (const { waits } of this.#streams) next = Math.min(next, waits.nextDeadline);
    }
    return next;
  }

  expire(now: number): void {
    this.#queue?.expire(now);
    if (this.#streams !== undefined) { for (const { waits } of this.#streams) waits.expire(now); }
  }

  /** Something has come, perhaps an acknowledgement: calls that wait for one may go on. */
  advance(): void {
    if (this.#queue === undefined || this.#queue.size === 0) return;
    this.#queue.expire(this.#owner.now());
    this.#queue.advance(() => !this.#owner.session.isFull);
    this.#owner.flush();
  }

  /** Nothing can be called any more. */
  end(error: (what: string) => unknown): void {
    this.#queue?.end(error);
  }

  // ---- one call

  #call(
    what: string,
    timeoutMs: number,
    signal: AbortSignal | undefined,
    make: (timing: CallTiming, waiting: Waiting) => RequestId,
  ): Promise<unknown> {
    const owner = this.#owner;
    const refused = this.#refusal(what, signal);
    if (refused !== undefined) return Promise.reject(refused);
    const deadline = owner.now() + timeoutMs;
    return new Promise((resolve, reject) => {
      const run = () => {
        const waiting: Waiting = { resolve, reject };
        const id = make({ now: owner.now(), timeoutMs, deadline }, waiting);
        if (signal !== undefined) this.#listen(what, signal, id, waiting);
        owner.called(deadline);
      };
      this.#whenRoom({ what: this.#named(what), deadline, timeoutMs, signal, run, reject });
    });
  }

  /** Why a call is not taken, if it is not. */
  #refusal(what: string, signal: AbortSignal | undefined): ParleyError | undefined {
    if (!this.#owner.canCall) return this.#owner.cannotSend(what);
    return signal?.aborted ? new CancelledError(this.#named(what), signal, "not-sent") : undefined;
  }

  /** Makes a call at once, or as soon as the other side has acknowledged enough of the earlier ones. */
  #whenRoom(call: QueuedCall): void {
    const run = () => {
      try {
        call.run();
      } catch (error) {
        call.reject(error);
      }
    };
    if (!this.#owner.session.isFull && this.queued === 0) return run();
    this.#queue ??= new CallQueue();
    this.#queue.add({ ...call, run });
    this.#owner.wake(call.deadline);
  }

  /** Ends a call when its signal does. */
  #listen(what: string, signal: AbortSignal, id: RequestId, waiting: Waiting): void {
    const { resolve, reject } = waiting;
    const cancel = () => {
      const outcome = this.#owner.session.cancel(id);
      this.#owner.flush();
      reject(new CancelledError(this.#named(what), signal, outcome));
    };
    signal.addEventListener("abort", cancel, { once: true });
    const stop = () => signal.removeEventListener("abort", cancel);
    waiting.resolve = (value) => (stop(), resolve(value));
    waiting.reject = (error) => (stop(), reject(error));
  }

  /** Resolves with the id of the request once it was made. */
  #openStream(
    name: string,
    args: readonly unknown[],
    { kwargs, signal, timeoutMs }: { kwargs?: Kwargs; signal?: AbortSignal; timeoutMs: number },
    waiting: Waiting,
  ): Promise<RequestId> {
    const owner = this.#owner;
    const refused = this.#refusal(`stream "${name}"`, signal);
    if (refused !== undefined) throw refused;
    const { promise, resolve, reject } = Promise.withResolvers<RequestId>();
    const run = () => {
      const timing = { now: owner.now(), timeoutMs: Infinity };
      resolve(owner.session.request(name, args, kwargs, timing, waiting, { stream: true }));
      owner.called(Infinity);
    };
    const deadline = owner.now() + timeoutMs;
    this.#whenRoom({ what: this.#named(`stream "${name}"`), deadline, timeoutMs, signal, run, reject });
    return promise;
  }

  #named(what: string): string {
    return `${what[0].toUpperCase()}${what.slice(1)} to ${this.#owner.label}`;
  }
}

/** Lets a stream be called off from outside, before or after it was begun. */
class StreamStop {
  #stop: (() => void) | undefined;
  #isOver = false;

  now(): void {
    this.#isOver = true;
    this.#stop?.();
  }

  when(stop: () => void): void {
    if (this.#isOver) stop();
    else this.#stop = stop;
  }
}

const UNKNOWN = Object.freeze({ outcome: "unknown" as const });
