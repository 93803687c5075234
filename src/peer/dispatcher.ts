import { asError, ParleyError, ProtocolError, TimeoutError, UsageTypeError } from "../errors.ts";
import { INITIAL_CREDIT_BYTES, type RequestId } from "../message.ts";
import type { Session } from "../session.ts";
import type { SessionEvent } from "../session_event.ts";
import { suggestion } from "../suggestion.ts";
import { BadArgsError } from "./argument_check.ts";
import { Call } from "./call.ts";
import { isPromiseLike } from "./callbacks.ts";
import type { Endpoint } from "./endpoint.ts";
import type { HandlerEntry } from "./handlers.ts";
import { type KeyedCall, KeyedCalls } from "./keyed_calls.ts";
import type { KeyedResult } from "./key_table.ts";
import type { Peer } from "./peer.ts";
import type { RunningCall, RunningCalls } from "./running_calls.ts";
import { isGenerator, StreamProducer } from "./stream_producer.ts";

/** What a dispatcher needs of the conversation it works for. */
export interface DispatcherOwner {
  readonly endpoint: Endpoint;
  readonly session: Session;
  readonly calls: RunningCalls;
  readonly label: string;
  readonly peer: Peer;
  /** False once nothing can be said any more. */
  readonly canSpeak: boolean;
  /** True when the other side may know which names there are. */
  readonly discloses: boolean;
  /** Bytes that wait to be read by the other side when they are too many for another answer. */
  readonly overfullBytes: number | undefined;
  /** Milliseconds on a clock that never jumps. */
  now(): number;
  /** Something is due at `at`. */
  wake(at: number): void;
  /** What was said leaves. */
  flush(): void;
  /** Something was answered. */
  answered(): void;
  /** As many calls are at work as may be: no more should be read until some are done. */
  holdWork(): void;
  /** An answer is made in parts from now on. */
  producing(): void;
  /** Resolves when there is room for more; rejects when the link is gone for good. */
  room(): Promise<void>;
}

/** A call of the other side: an `id` means that it waits for an answer. */
type Called = {
  readonly id?: RequestId;
  readonly kind: "request" | "action";
  readonly name: string;
};

type RequestEvent = SessionEvent & { kind: "request" };
type ActionEvent = SessionEvent & { kind: "action" };

/** Takes what the other side calls to its handler, and the handler's answer back. */
export class Dispatcher {
  readonly #owner: DispatcherOwner;
  #streams: Map<RequestId, StreamProducer> | undefined;

  constructor(owner: DispatcherOwner) {
    this.#owner = owner;
  }

  /** True while answers are made in parts. */
  get isProducing(): boolean {
    return this.#streams !== undefined && this.#streams.size > 0;
  }

  action(event: ActionEvent): void {
    const { endpoint, label } = this.#owner;
    const entry = endpoint.find("action", event.name);
    if (entry === undefined) {
      if (event.id !== undefined) {
        return this.#fail(event.id, "not_found", this.#unknown("action", event.name));
      }
      const text = `Action "${event.name}" from ${label} has no handler here`;
      return endpoint.chain.fail(new ProtocolError("not_found", text, { fatal: false }), this.#owner.peer);
    }
    if (event.id !== undefined && !this.#admits(event.id)) return;
    this.#enter(entry, event, undefined);
  }

  request(event: RequestEvent): void {
    const { id, name, key } = event;
    if (name === "") return this.#describe(id);
    const entry = this.#owner.endpoint.find("request", name);
    if (entry === undefined) return this.#fail(id, "not_found", this.#unknown("request", name));
    if (!this.#admits(id)) return;
    if (key === undefined) return this.#enter(entry, event, undefined);
    const { session, calls } = this.#owner;
    const { generation } = session;
    const table = new KeyedCalls(this.#owner.endpoint, session);
    const reply = (result: KeyedResult) => {
      if (session.generation === generation && !calls.isStopped(id)) this.#reply(event, result);
    };
    const keyed = table.claim(key, event.digest ?? 0, reply);
    if (keyed !== undefined) this.#enter(entry, event, keyed);
  }

  /** Nobody waits for the answer to `id` any more. */
  cancel(id: RequestId): void {
    const { calls, label } = this.#owner;
    const running = calls.find(id);
    if (running === undefined) return;
    this.#stop(running, new ParleyError("cancelled", `${label} has cancelled "${running.call.name}"`));
    this.#fail(id, "cancelled", "cancelled by the caller");
  }

  /** The reader of the stream `id` has room for `bytes` more. */
  credit(id: RequestId, bytes: number): void {
    this.#streams?.get(id)?.grant(bytes);
  }

  /** Handlers whose callers have stopped waiting are told so. */
  expire(now: number): void {
    for (const running of this.#owner.calls.expire(now)) {
      const text = `The deadline of "${running.call.name}" from ${this.#owner.label} has passed`;
      this.#stop(running, new TimeoutError("deadline", text));
      if (running.id !== undefined) this.#fail(running.id, "deadline", "the deadline has passed");
    }
  }

  /**
   * Nobody waits for anything any more: the session has ended, or begins anew.
   *
   * @param byUs True when our side ends it, and nobody can come back for the answer to a request with a key.
   */
  abort(reason: Error, byUs = false): void {
    this.#owner.calls.abort(reason, !byUs);
    for (const stream of this.#streams?.values() ?? []) stream.stop();
  }

  // ---- a call on its way in

  #admits(id: RequestId): boolean {
    const { endpoint, calls, overfullBytes } = this.#owner;
    const { maxHandling } = endpoint.limits;
    if (endpoint.dialect.hasNoFailures === true) {
      // Nobody could be told: those that come later have to wait on the way instead.
      if (calls.size + 1 >= maxHandling) this.#owner.holdWork();
      return true;
    }
    if (calls.size >= maxHandling) {
      this.#fail(id, "busy", `${maxHandling} calls are being handled already`, BUSY);
      return false;
    }
    if (overfullBytes !== undefined) {
      this.#fail(id, "busy", `${overfullBytes} bytes wait to be read already`, BUSY);
      return false;
    }
    return true;
  }

  /** Checks the arguments where they are to be checked, and calls the handler. */
  #enter(
    entry: HandlerEntry,
    event: RequestEvent | ActionEvent,
    keyed: KeyedCall | undefined,
  ): void {
    const call = new Call(event.name, this.#owner.peer, event.kwargs);
    if (entry.check === undefined) return this.#run(entry, call, event, event.args, keyed);
    let checked: ReturnType<typeof entry.check>;
    try {
      checked = entry.check(event.args, call.kwargs);
    } catch (thrown) {
      return this.#threw(event, thrown, keyed);
    }
    if (!isPromiseLike(checked)) {
      call.kwargs = checked.kwargs;
      return this.#run(entry, call, event, checked.args, keyed);
    }
    const whole = checked.then(({ args, kwargs }) => {
      call.kwargs = kwargs;
      return entry.handler(call, ...args);
    });
    this.#later(event, call, whole, keyed);
  }

  #run(
    { handler }: HandlerEntry,
    call: Call,
    event: RequestEvent | ActionEvent,
    args: readonly unknown[],
    keyed: KeyedCall | undefined,
  ): void {
    let result: unknown;
    try {
      result = handler(call, ...args);
    } catch (thrown) {
      return this.#threw(event, thrown, keyed);
    }
    if (isPromiseLike(result)) return this.#later(event, call, result, keyed);
    if (isGenerator(result)) return this.#later(event, call, this.#produce(event, result), keyed);
    if (event.id !== undefined) this.#answer(event, result, keyed);
  }

  /** The handler goes on: it holds its place until it ends, whoever still waits for it. */
  #later(
    event: RequestEvent | ActionEvent,
    call: Call,
    result: PromiseLike<unknown>,
    keyed: KeyedCall | undefined,
  ): void {
    const { calls } = this.#owner;
    const running = calls.start(call, event.id, this.#deadline(event), keyed);
    const end = (value: unknown) => {
      if (isGenerator(value)) {
        this.#produce(event, value).then(end, fail);
        return;
      }
      if (running.isStopped) keyed?.settle({ value });
      else if (event.id !== undefined) this.#answer(event, value, keyed);
      calls.finish(running);
    };
    const fail = (thrown: unknown) => {
      if (running.isStopped) keyed?.settle(failureOf(thrown));
      else this.#threw(event, thrown, keyed);
      calls.finish(running);
    };
    result.then(end, fail);
  }

  /** When its caller stops waiting; a stream has no end, and an action that nobody waits for has none either. */
  #deadline(event: RequestEvent | ActionEvent): number {
    if (event.id === undefined || (event.kind === "request" && event.stream === true)) return Infinity;
    const deadline = this.#owner.now() + (event.remainingMs || this.#owner.endpoint.limits.requestMs);
    this.#owner.wake(deadline);
    return deadline;
  }

  // ---- an answer in parts

  async #produce(
    event: RequestEvent | ActionEvent,
    parts: AsyncIterator<unknown> | Iterator<unknown>,
  ): Promise<void> {
    const { endpoint } = this.#owner;
    if (event.kind !== "request" || event.stream !== true) {
      await parts.return?.();
      throw new NotHandled("streams", `"${event.name}" answers with a stream: read it with stream()`);
    }
    const streams = this.#streams ??= new Map();
    if (streams.size >= endpoint.limits.maxStreams) {
      await parts.return?.();
      throw new NotHandled("busy", `${streams.size} streams are open already`);
    }
    const { generation } = this.#owner.session;
    const stream: StreamProducer = new StreamProducer(event.id, parts, INITIAL_CREDIT_BYTES, {
      part: (id, value) => {
        if (!this.#owner.canSpeak || this.#owner.session.generation !== generation) {
          stream.stop();
          return 0;
        }
        const bytes = this.#part(id, value);
        this.#owner.flush();
        return bytes;
      },
      room: () => this.#owner.room(),
    });
    streams.set(event.id, stream);
    this.#owner.producing();
    try {
      await stream.run();
    } finally {
      // An id may have come again, after the session began anew.
      if (streams.get(event.id) === stream) streams.delete(event.id);
    }
  }

  #part(id: RequestId, value: unknown): number {
    try {
      return this.#owner.session.part(id, value);
    } catch (thrown) {
      throw new Unsayable(asError(thrown));
    }
  }

  #stop(running: RunningCall, reason: Error): void {
    this.#owner.calls.stop(running, reason);
    if (running.id !== undefined) this.#streams?.get(running.id)?.stop();
  }

  // ---- the answer on its way out

  #answer(event: Called, value: unknown, keyed: KeyedCall | undefined): void {
    const answer = event.kind === "action" ? undefined : value;
    if (keyed !== undefined) return keyed.settle({ value: answer });
    this.#reply(event, { value: answer });
  }

  #threw(
    event: RequestEvent | ActionEvent,
    thrown: unknown,
    keyed: KeyedCall | undefined,
  ): void {
    const failure = failureOf(thrown);
    const isOurs = failure.code === "handler_failed" || thrown instanceof Unsayable;
    if (keyed !== undefined) keyed.settle(failure);
    else if (event.id !== undefined) {
      const retryAfterMs = failure.code === "busy" ? RETRY_AFTER_MS : undefined;
      this.#fail(event.id, failure.code, failure.message, { retryAfterMs, isTold: isOurs });
    }
    if (isOurs) {
      this.#report(event.kind, event.name, thrown instanceof Unsayable ? thrown.cause : thrown);
    } else if (event.id === undefined) {
      const text = `Action "${event.name}" from ${this.#owner.label} was called with ${failure.message}`;
      this.#owner.endpoint.chain.fail(
        new ProtocolError("bad_args", text, { fatal: false }),
        this.#owner.peer,
      );
    }
  }

  #reply(event: Called, result: KeyedResult): void {
    const { session } = this.#owner;
    const id = event.id!;
    if (!this.#owner.canSpeak) return;
    if ("code" in result) return this.#fail(id, result.code, result.message);
    try {
      session.answer(id, result.value);
    } catch (thrown) {
      const { code, cause } = new Unsayable(asError(thrown));
      this.#fail(id, code, cause.message, { isTold: true });
      return this.#report(event.kind, event.name, cause);
    }
    this.#owner.flush();
    this.#owner.answered();
  }

  /** `isTold`: the user of this side hears of it anyway. */
  #fail(
    id: RequestId,
    code: string,
    message: string,
    { retryAfterMs, isTold = false }: { retryAfterMs?: number; isTold?: boolean } = {},
  ): void {
    const { session } = this.#owner;
    if (!this.#owner.canSpeak) return;
    try {
      session.fail(id, code, message, retryAfterMs);
    } catch (thrown) {
      if (!(thrown instanceof UsageTypeError)) this.#failShortly(id, code);
      else this.#unanswered(id, code, isTold ? undefined : thrown);
    }
    this.#owner.flush();
    this.#owner.answered();
  }

  /** The dialect has no words for failures: nobody but our own user can be told. */
  #unanswered(id: RequestId, code: string, thrown: UsageTypeError | undefined): void {
    const { endpoint, label, peer, session } = this.#owner;
    session.skip(id);
    if (thrown === undefined) return;
    const text = `${thrown.message} (asked by ${label})`;
    endpoint.chain.fail(new ProtocolError(code, text, { fatal: false, cause: thrown }), peer);
  }

  /** The other side may take only small frames, and the text did not fit: the bare code still ends its wait. */
  #failShortly(id: RequestId, code: string): void {
    const { session, endpoint, peer } = this.#owner;
    try {
      session.fail(id, code, "");
    } catch (thrown) {
      session.skip(id);
      endpoint.chain.fail(asError(thrown), peer);
    }
  }

  #describe(id: RequestId): void {
    const { endpoint, discloses, session } = this.#owner;
    if (!discloses) return this.#fail(id, "not_found", "its handlers are not listed (option discoverable)");
    const { generation } = session;
    endpoint.describe().then((handlers) => {
      if (session.generation === generation) {
        this.#reply({ id, kind: "request", name: "" }, { value: handlers });
      }
    }, (thrown) => this.#fail(id, "handler_failed", asError(thrown).message));
  }

  #unknown(kind: "action" | "request", name: string): string {
    const { endpoint, discloses } = this.#owner;
    const near = discloses ? suggestion(name, endpoint.names(kind)) : "";
    return `no ${kind} of that name is registered there${near}`;
  }

  #report(kind: "action" | "request", name: string, thrown: unknown): void {
    const error = asError(thrown);
    if (!("handler" in error) && Object.isExtensible(error)) {
      Object.defineProperty(error, "handler", { value: `${kind} "${name}"`, configurable: true });
    }
    this.#owner.endpoint.chain.fail(error, this.#owner.peer);
  }
}

/** How long those are asked to wait who were refused for want of room, in milliseconds. */
const RETRY_AFTER_MS = 100;
const BUSY = Object.freeze({ retryAfterMs: RETRY_AFTER_MS });

/** A call that its handler was not asked to handle. */
class NotHandled extends ParleyError {}

/** An answer, or a part of one, that the dialect cannot say. */
class Unsayable extends ParleyError {
  declare readonly cause: Error;

  constructor(cause: Error) {
    super(cause instanceof RangeError ? "too_large" : "unserialisable", cause.message, { cause });
  }
}

/** What the caller hears of an error: its text, never its stack. Codes of ours pass, others are the handler's. */
function failureOf(thrown: unknown): { code: string; message: string } {
  const error = asError(thrown);
  const isOurs = error instanceof NotHandled || error instanceof BadArgsError || error instanceof Unsayable;
  return { code: isOurs ? error.code : "handler_failed", message: error.message };
}
