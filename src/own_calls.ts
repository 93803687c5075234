import type { Ability, Conversation, Dialect, Repeat } from "./dialect/dialect.ts";
import { type Outcome, ParleyError, RemoteError } from "./errors.ts";
import type { Limits } from "./limits.ts";
import type { AnswerMessage, FailureMessage, Kwargs, Message, RequestId } from "./message.ts";
import { type CallKind, MAX_ID, Pending, type PendingRequest, type Resend } from "./pending.ts";
import { lackOf, needAbility, noAnswer, refusal, unknownOutcome, whatOf } from "./session_errors.ts";
import type { SessionEvent } from "./session_event.ts";

/** When a call was made and how long it waits, in milliseconds of the session's clock. */
export interface CallTiming {
  /** When it is made. */
  readonly now: number;
  /** `Infinity` for a stream, whose parts are waited for one by one. */
  readonly timeoutMs: number;
  /** Where some of that time has passed already, when it is over. Default `now + timeoutMs`. */
  readonly deadline?: number;
}

/** What a request may be besides its name and arguments. */
export interface RequestKind {
  /** Calls with the same key are handled once. */
  readonly key?: string;
  /** What may happen to it on another link. Default `"safe"`. */
  readonly resend?: Resend;
  /** The answer comes in parts. */
  readonly stream?: boolean;
}

/** What {@linkcode OwnCalls} needs of the session that it belongs to. */
export interface OwnCallsOwner {
  readonly dialect: Dialect;
  readonly conversation: Conversation;
  readonly limits: Readonly<Limits>;
  /** The link by the name that error messages give it. */
  readonly link: string;
  /** True while there is a link on which messages may flow. */
  readonly isReady: boolean;
  /** @throws what the dialect's `write` throws. */
  write(message: Message): void;
  emit(event: SessionEvent): void;
  /** An answer came that nobody waits for. */
  late(): void;
}

/** The calls of this side that wait for an answer: what each may become of, on this link and on the next. */
export class OwnCalls {
  readonly #owner: OwnCallsOwner;
  readonly #pending: Pending;
  #lastId = 0;
  /** The latest call that was made when an answer was dropped, since the one that it is for had been given up. */
  #lastBeforeLate = 0;

  constructor(owner: OwnCallsOwner) {
    this.#owner = owner;
    this.#pending = new Pending(owner.dialect.correlation === "order");
  }

  /** Calls that have no answer yet. */
  get size(): number {
    return this.#pending.size;
  }

  /** When {@linkcode OwnCalls.expire} has something to do. */
  get nextDeadline(): number {
    return this.#pending.nextDeadline;
  }

  /** True when an answer is still to come, be it one that nobody waits for any more. */
  get expectsAnswer(): boolean {
    return this.#pending.expectsAnswer;
  }

  // ---- making a call

  request(
    name: string,
    args: readonly unknown[],
    kwargs: Kwargs | undefined,
    timing: CallTiming,
    token: unknown,
    { key, resend, stream }: RequestKind,
  ): RequestId {
    const { dialect } = this.#owner;
    if (dialect.correlation === "none") {
      throw lackOf(dialect.name, "requests", whatOf({ kind: "request", name }));
    }
    if (key !== undefined) needAbility(this.#owner.dialect, "key", `request "${name}"`);
    if (stream === true) needAbility(this.#owner.dialect, "stream", `request "${name}"`);
    if (name === "") needAbility(this.#owner.dialect, "describe", "a question for the handlers");
    const id = this.#admit("request", name);
    const remainingMs = timing.timeoutMs === Infinity ? 0 : remaining(timing);
    this.#owner.write({ kind: "request", id, name, args, kwargs, remainingMs, key, stream });
    this.#expect(id, "request", name, timing, token, resend, key !== undefined || resend === "always");
    return id;
  }

  send(
    value: unknown,
    timing: CallTiming,
    token: unknown,
    resend: Resend | undefined,
    mode: number | undefined,
  ): RequestId {
    needAbility(this.#owner.dialect, "ack", "a message to be acknowledged");
    const id = this.#admit("message", "");
    this.#owner.write({ kind: "message", value, id, remainingMs: remaining(timing), mode });
    this.#expect(id, "message", "", timing, token, resend, resend === "always");
    return id;
  }

  action(
    name: string,
    args: readonly unknown[],
    kwargs: Kwargs | undefined,
    timing: CallTiming,
    token: unknown,
    resend: Resend | undefined,
  ): RequestId {
    needAbility(this.#owner.dialect, "ack", `action "${name}" to be acknowledged`);
    const id = this.#admit("action", name);
    this.#owner.write({ kind: "action", name, args, kwargs, id, remainingMs: remaining(timing) });
    this.#expect(id, "action", name, timing, token, resend, resend === "always");
    return id;
  }

  /** Asks for a file. */
  file(name: string, timing: CallTiming, token: unknown): RequestId {
    needAbility(this.#owner.dialect, "file", `a request for file "${name}"`);
    const id = this.#admit("file", name);
    this.#owner.write({ kind: "file-request", id, name });
    this.#expect(id, "file", name, timing, token, undefined, false);
    return id;
  }

  cancel(id: RequestId): Outcome {
    const { conversation, isReady } = this.#owner;
    const unsent = conversation.unsent?.();
    const request = this.#pending.abandon(id);
    if (request === undefined) return "unknown";
    conversation.abandoned?.(id);
    const outcome = outcomeOf(request, unsent);
    // Without a link it waits for the next one, unless the request does so as well and leaves with it.
    const mayHaveArrived = isReady || (conversation.isResumable === true && outcome !== "not-sent");
    if (mayHaveArrived && this.#can("cancel")) this.#owner.write({ kind: "cancel", id });
    return outcome;
  }

  credit(id: RequestId, bytes: number): void {
    if (this.#pending.find(id) !== undefined) this.#owner.write({ kind: "credit", id, bytes });
  }

  // ---- what comes of it

  /** Nothing came in time. */
  expire(now: number): void {
    const expired = this.#pending.expire(now);
    if (expired.length === 0) return;
    const unsent = this.#owner.conversation.unsent?.();
    for (const request of expired) {
      this.#owner.conversation.abandoned?.(request.id);
      const error = noAnswer(
        request,
        this.#owner.link,
        outcomeOf(request, unsent),
        this.#mayBeOutOfStep(request) ? OUT_OF_STEP : this.#owner.dialect.noAnswer,
        this.#owner.isReady,
      );
      this.#owner.emit({ kind: "failed", token: request.token, error });
    }
  }

  /** Where only the order tells: an answer came while it waited, and was taken for one that had been given up. */
  #mayBeOutOfStep({ id }: PendingRequest): boolean {
    return this.#owner.dialect.correlation === "order" && Number(id) <= this.#lastBeforeLate;
  }

  part(id: RequestId, value: unknown, bytes: number): void {
    const request = this.#pending.find(id);
    if (request === undefined) this.#owner.late();
    else this.#owner.emit({ kind: "part", token: request.token, value, bytes });
  }

  /** The answer to `id` begins: its wait is over. */
  take(id: RequestId): { token: unknown } | { late: true } {
    const request = this.#pending.settle(id);
    if (request !== undefined) return { token: request.token };
    this.#owner.late();
    return { late: true };
  }

  settle(message: AnswerMessage | FailureMessage): void {
    const request = this.#pending.settle(message.id);
    if (request === undefined) {
      this.#lastBeforeLate = this.#lastId;
      this.#owner.late();
    } else if (message.kind === "answer") {
      this.#owner.emit({ kind: "answered", token: request.token, value: message.value });
    } else {
      const { code, retryAfterMs } = message;
      const text = refusal(request, this.#owner.link, message);
      const error = new RemoteError(code, text, { outcome: "failed", retryAfterMs });
      this.#owner.emit({ kind: "failed", token: request.token, error });
    }
  }

  /** Nothing more will come: ends all with what `error` makes of them. */
  drain(error: (what: string, outcome: Outcome) => ParleyError): void {
    const unsent = this.#owner.conversation.unsent?.();
    for (const request of this.#pending.drain()) {
      const failure = error(whatOf(request), outcomeOf(request, unsent));
      this.#owner.emit({ kind: "failed", token: request.token, error: failure });
    }
  }

  // ---- another link

  /** How long call `id` still has when it is sent again; `undefined` when it must not be. */
  repeats(id: number, mayHaveArrived: boolean, now: number): number | undefined {
    const request = this.#pending.find(id);
    if (request === undefined) return undefined;
    if (mayHaveArrived && request.resend === "never") {
      this.#loseTrack(request);
      return undefined;
    }
    return request.deadline === Infinity ? Infinity : Math.max(1, request.deadline - now);
  }

  /** The session begins anew: which calls are sent again, and the words for those that are lost with it. */
  restart(unsent: ReadonlySet<number>): { repeats: Repeat[]; unknown: string[] } {
    const repeats: Repeat[] = [];
    const unknown: string[] = [];
    for (const request of this.#pending.waiting()) {
      const id = Number(request.id);
      if (unsent.has(id)) {
        repeats.push({ id });
      } else if (request.frame !== undefined) {
        request.mayHaveArrived = true;
        repeats.push({ id, frame: request.frame });
      } else {
        unknown.push(whatOf(request));
        this.#loseTrack(request);
      }
    }
    return { repeats, unknown };
  }

  /** Nobody will ever say what became of a call. */
  #loseTrack(request: PendingRequest): void {
    this.#pending.abandon(request.id);
    const error = unknownOutcome(request, this.#owner.link, this.#can("key"));
    this.#owner.emit({ kind: "failed", token: request.token, error });
  }

  // ---- the next one

  #can(ability: Ability): boolean {
    return this.#owner.dialect.abilities?.includes(ability) === true;
  }

  #admit(kind: CallKind, name: string): RequestId {
    if (this.#pending.places >= this.#owner.limits.maxPending) {
      const waiting = `${this.#pending.places} requests wait for an answer already (limits.maxPending)`;
      const text = `Cannot send ${whatOf({ kind, name })} to ${this.#owner.link}: ${waiting}`;
      throw new ParleyError("busy", text, { outcome: "not-sent" });
    }
    do this.#lastId = this.#lastId === MAX_ID ? 1 : this.#lastId + 1; while (this.#pending.has(this.#lastId));
    return this.#lastId;
  }

  #expect(
    id: RequestId,
    kind: CallKind,
    name: string,
    { now, timeoutMs, deadline = now + timeoutMs }: CallTiming,
    token: unknown,
    resend: Resend | undefined,
    repeatable: boolean,
  ): void {
    const frame = repeatable ? this.#owner.conversation.lastFrame?.() : undefined;
    this.#pending.add({ id, token, kind, name, timeoutMs, deadline, resend, frame, abandoned: false });
  }
}

/** For the error of a request that waited while an answer came. */
const OUT_OF_STEP =
  "an answer came meanwhile and was taken for that of an earlier request that was given up: " +
  "if the other side has skipped one, close the link";

/** How long a call still waits when it is made. */
function remaining({ now, timeoutMs, deadline }: CallTiming): number {
  return deadline === undefined ? timeoutMs : Math.max(1, deadline - now);
}

/** What is known of a request that has no answer, given those that have never left. */
function outcomeOf(request: PendingRequest, unsent: ReadonlySet<number> | undefined): Outcome {
  const hasStayed = unsent?.has(Number(request.id)) === true && request.mayHaveArrived !== true;
  return hasStayed ? "not-sent" : "unknown";
}
