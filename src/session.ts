/**
 * The pure state of one conversation: bytes in, events out; messages in, bytes out. No socket, no timer, no promise.
 *
 * @module
 */
import type {
  Ability,
  Admission,
  Conversation,
  Dialect,
  DialectHost,
  Payload,
  Repeat,
  ResumeClaim,
  Role,
} from "./dialect/dialect.ts";
import { type Outcome, ParleyError, ProtocolError, RemoteError } from "./errors.ts";
import type { Limits } from "./limits.ts";
import type { Kwargs, Message, RequestId } from "./message.ts";
import { type CallKind, MAX_ID, Pending, type PendingRequest, type Resend } from "./pending.ts";
import { ReceiveBuffer } from "./receive_buffer.ts";
import { ReplyOrder } from "./reply_order.ts";
import { SendBuffer } from "./send_buffer.ts";
import { lackOf, noAnswer, refusal, unknownOutcome, whatOf } from "./session_errors.ts";
import type { SessionCounts, SessionEvent } from "./session_event.ts";

/** What {@linkcode Session} takes. */
export interface SessionOptions {
  /** Which end of the link it is. */
  role: Role;
  /** The bounds of the conversation. */
  limits: Readonly<Limits>;
  /** What text dialects hand over. Default `"text"`. */
  payload?: Payload;
  /** True when the session is to go on when its link is lost, where the other side agrees. Default false. */
  resumable?: boolean;
  /** Asked in the handshake of a server: whether the other side may come in. */
  admit?: (claim?: ResumeClaim) => Admission;
  /** The link by the name that error messages give it. */
  link?: string;
}

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

/**
 * One conversation in one dialect. The driver calls {@linkcode Session.open} once, then
 * {@linkcode Session.receive} with every chunk, {@linkcode Session.tick} not later than
 * {@linkcode Session.nextTickAt}, and after any call that may have written something sends what
 * {@linkcode Session.takeOutput} returns. When the link is lost, {@linkcode Session.suspend} tells whether the session
 * goes on with another one. All times are milliseconds of one clock that never jumps.
 */
export class Session {
  /** What the conversation has carried so far, over all its links. */
  readonly counts: SessionCounts = {
    messagesIn: 0,
    messagesOut: 0,
    bytesIn: 0,
    bytesOut: 0,
    lateAnswers: 0,
    duplicates: 0,
    faults: 0,
  };
  /** The language that is spoken. */
  readonly dialect: Dialect;
  /** The link by the name that error messages give it. */
  link: string;
  readonly #limits: Readonly<Limits>;
  readonly #host: DialectHost;
  readonly #output = new SendBuffer();
  readonly #pending: Pending;
  #conversation: Conversation;
  #input = new ReceiveBuffer();
  #replies: ReplyOrder | undefined;
  #events: SessionEvent[] = [];
  #lastId = 0;
  #generation = 0;
  #ready = false;
  #dead = false;
  #closed = false;

  /** A conversation that has not begun; see {@linkcode Session.open}. */
  constructor(dialect: Dialect, options: SessionOptions) {
    this.dialect = dialect;
    this.#limits = options.limits;
    this.link = options.link ?? "the other side";
    this.#pending = new Pending(dialect.correlation === "order");
    this.#replies = dialect.correlation === "order" ? new ReplyOrder() : undefined;
    this.#host = new Session.#Host(this, options);
    this.#conversation = dialect.converse(this.#host);
  }

  /** True while there is a link on which messages may flow. */
  get ready(): boolean {
    return this.#ready;
  }

  /** Our requests that have no answer yet. */
  get pendingRequests(): number {
    return this.#pending.size;
  }

  /** Bytes that wait for {@linkcode Session.takeOutput}. */
  get outputBytes(): number {
    return this.#output.length;
  }

  /** True when the session goes on when its link is lost. */
  get isResumable(): boolean {
    return this.#conversation.isResumable === true;
  }

  /** Bytes that are kept to be sent again on another link. */
  get keptBytes(): number {
    return this.#conversation.keptBytes ?? 0;
  }

  /** True when it holds memory of a burst: `trim` gives it back once the link is quiet. */
  get isLarge(): boolean {
    return this.#output.isLarge || this.#input.isLarge;
  }

  /** Gives memory back that was not needed since the last call. Only called while nothing is being written. */
  trim(): void {
    this.#output.trim();
    this.#input.trim();
  }

  /** True when no more calls should be made before the other side has acknowledged some of the earlier ones. */
  get isFull(): boolean {
    return this.#conversation.isFull === true;
  }

  /** Counts the times that the session began anew: calls of one time cannot be answered in another. */
  get generation(): number {
    return this.#generation;
  }

  /** When {@linkcode Session.tick} wants to be called; `Infinity` when nothing is timed. */
  get nextTickAt(): number {
    const next = this.#pending.nextDeadline;
    return this.#dead ? next : Math.min(next, this.#conversation.nextTickAt ?? Infinity);
  }

  /** True when the dialect can do that. */
  can(ability: Ability): boolean {
    return this.dialect.abilities?.includes(ability) === true;
  }

  /** A link is up: the first one, or another after {@linkcode Session.suspend}. */
  open(now: number): SessionEvent[] {
    this.#conversation.open?.(now);
    if (this.dialect.handshake !== true) this.#becomeReady();
    return this.#takeEvents();
  }

  /** The client of a suspended session is back on another link, with that claim. */
  resume(claim: ResumeClaim, now: number): SessionEvent[] {
    try {
      this.#conversation.resume!(claim, now);
    } catch (error) {
      this.#die(error);
    }
    return this.#takeEvents();
  }

  /**
   * The link is lost. True when the session goes on with another one: nothing is forgotten, and calls may be made
   * meanwhile. Otherwise {@linkcode Session.open} begins anew, and the caller has to `drain` what waits.
   */
  suspend(): boolean {
    const lives = this.#conversation.suspend?.() === true;
    this.#output.rewind(0);
    this.#input = new ReceiveBuffer();
    this.#ready = this.#dead = this.#closed = false;
    if (!lives) {
      this.#generation++;
      this.#conversation = this.dialect.converse(this.#host);
      if (this.#replies !== undefined) this.#replies = new ReplyOrder();
    }
    return lives;
  }

  /** Bytes have come. `chunk` may be used again by its owner once this returns. */
  receive(chunk: Uint8Array, now: number): SessionEvent[] {
    if (this.#dead) return [];
    this.counts.bytesIn += chunk.length;
    this.#input.append(chunk);
    try {
      this.#conversation.receive(this.#input, now);
    } catch (error) {
      this.#die(error);
    }
    this.#input.keep();
    return this.#takeEvents();
  }

  /** The other side will send no more: bytes left over are a fault, not a frame. */
  receiveEnd(now: number): SessionEvent[] {
    if (this.#dead) return [];
    try {
      this.#conversation.receiveEnd(this.#input, now);
    } catch (error) {
      this.#die(error);
    }
    this.#dead = true;
    return this.#takeEvents();
  }

  /**
   * The time has come: deadlines of requests, and what the dialect does by the clock. `listening` is false while
   * the driver does not read, so that its own silence is not taken for the other side's.
   */
  tick(now: number, listening = true): SessionEvent[] {
    const expired = this.#pending.expire(now);
    if (expired.length > 0) {
      const unsent = this.#conversation.unsent?.();
      for (const request of expired) {
        const error = noAnswer(request, this.link, outcomeOf(request, unsent));
        this.#events.push({ kind: "failed", token: request.token, error });
      }
    }
    if (!this.#dead && now >= (this.#conversation.nextTickAt ?? Infinity)) {
      try {
        this.#conversation.tick?.(now, listening);
      } catch (error) {
        this.#die(error);
      }
    }
    return this.#takeEvents();
  }

  /** Sends one plain message. @throws what the dialect's `write` throws. */
  send(value: unknown): void {
    this.#write({ kind: "message", value });
  }

  /** The bytes of one plain message, for {@linkcode Session.sendEncoded}. @throws what the dialect's `write` throws. */
  encode(value: unknown): Uint8Array {
    const before = this.#output.length;
    try {
      this.#conversation.write({ kind: "message", value });
      return this.#output.copyFrom(before);
    } finally {
      this.#output.rewind(before);
    }
  }

  /** The largest message that the other side takes, in bytes as they are written. */
  get maxMessageBytes(): number {
    return this.#conversation.maxMessageBytes ?? Infinity;
  }

  /** Sends a plain message that a session of the same dialect has encoded; false when the other side would refuse it. */
  sendEncoded(bytes: Uint8Array): boolean {
    if (bytes.length > this.maxMessageBytes) return false;
    this.#output.append(bytes);
    this.counts.messagesOut++;
    return true;
  }

  /** Calls a named action of the other side. */
  action(name: string, args: readonly unknown[], kwargs?: Kwargs): void {
    this.#write({ kind: "action", name, args, kwargs });
  }

  /**
   * Calls a named request of the other side; an `answered` or `failed` event with `token` follows, at the deadline
   * at the latest. An empty name asks for the list of handlers.
   */
  request(
    name: string,
    args: readonly unknown[],
    kwargs: Kwargs | undefined,
    timing: CallTiming,
    token: unknown,
    kind: RequestKind = PLAIN_REQUEST,
  ): RequestId {
    if (this.dialect.correlation === "none") {
      throw lackOf(this.dialect.name, "requests", whatOf({ kind: "request", name }));
    }
    const { key, resend, stream } = kind;
    if (key !== undefined) this.#need("key", `request "${name}"`);
    if (stream === true) this.#need("stream", `request "${name}"`);
    if (name === "") this.#need("describe", "a question for the handlers");
    const id = this.#admitCall("request", name);
    const remainingMs = timing.timeoutMs === Infinity ? 0 : remaining(timing);
    this.#write({ kind: "request", id, name, args, kwargs, remainingMs, key, stream });
    const repeatable = key !== undefined || resend === "always";
    this.#expect(id, "request", name, timing, token, resend, repeatable);
    return id;
  }

  /** Sends one plain message; an `answered` or `failed` event with `token` follows when it was handled. */
  sendAcked(value: unknown, timing: CallTiming, token: unknown, resend?: Resend): RequestId {
    this.#need("ack", "a message to be acknowledged");
    const id = this.#admitCall("message", "");
    this.#write({ kind: "message", value, id, remainingMs: remaining(timing) });
    this.#expect(id, "message", "", timing, token, resend, resend === "always");
    return id;
  }

  /** Calls a named action; an `answered` or `failed` event with `token` follows when it was handled. */
  actionAcked(
    name: string,
    args: readonly unknown[],
    kwargs: Kwargs | undefined,
    timing: CallTiming,
    token: unknown,
    resend?: Resend,
  ): RequestId {
    this.#need("ack", `action "${name}" to be acknowledged`);
    const id = this.#admitCall("action", name);
    this.#write({ kind: "action", name, args, kwargs, id, remainingMs: remaining(timing) });
    this.#expect(id, "action", name, timing, token, resend, resend === "always");
    return id;
  }

  /**
   * Forgets a request and tells the other side so, where the dialect has a word for it. Its answer is counted and
   * dropped.
   *
   * @returns what became of it.
   */
  cancel(id: RequestId): Outcome {
    const unsent = this.#conversation.unsent?.();
    const request = this.#pending.abandon(id);
    if (request === undefined) return "unknown";
    const outcome = outcomeOf(request, unsent);
    // Without a link it waits for the next one, unless the request does so as well and leaves with it.
    const mayHaveArrived = this.#ready || (this.isResumable && outcome !== "not-sent");
    if (mayHaveArrived && this.can("cancel")) this.#write({ kind: "cancel", id });
    return outcome;
  }

  /** Grants the other side `bytes` more of the streaming answer to our request `id`. */
  credit(id: RequestId, bytes: number): void {
    if (this.#pending.find(id) !== undefined) this.#write({ kind: "credit", id, bytes });
  }

  /** Answers their request `id`. @throws what the dialect's `write` throws; the request is then still unanswered. */
  answer(id: RequestId, value: unknown): void {
    this.#reply({ kind: "answer", id, value });
  }

  /** Answers their request `id` with a part; returns what it takes off the credit. @throws what `answer` throws. */
  part(id: RequestId, value: unknown): number {
    const before = this.#conversation.keptBytes ?? 0;
    const output = this.#output.length;
    this.#write({ kind: "part", id, value });
    const written = this.#output.length - output;
    return written > 0 ? written : (this.#conversation.keptBytes ?? 0) - before;
  }

  /** Answers their request `id` with an error. */
  fail(id: RequestId, code: string, message: string, retryAfterMs?: number): void {
    this.#reply({ kind: "failure", id, code, message, retryAfterMs });
  }

  /** Says goodbye where the dialect has a word for it: the last thing said, also when nothing is read any more. */
  close(code: string, message: string): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#conversation.close?.(code, message);
  }

  /** Ends all our requests with what `error` makes of them: nothing more will come. */
  drain(error: (what: string, outcome: Outcome) => ParleyError): SessionEvent[] {
    this.#dead = true;
    const unsent = this.#conversation.unsent?.();
    for (const request of this.#pending.drain()) {
      const failure = error(whatOf(request), outcomeOf(request, unsent));
      this.#events.push({ kind: "failed", token: request.token, error: failure });
    }
    return this.#takeEvents();
  }

  /** All bytes that wait, to be written at once. They stay as they are until the next call. */
  takeOutput(): Uint8Array {
    const bytes = this.#output.take();
    this.counts.bytesOut += bytes.length;
    if (bytes.length > 0) this.#conversation.taken?.(bytes);
    return bytes;
  }

  /** What a conversation may do with its session: a class, so that a session costs no closures. */
  static readonly #Host = class implements DialectHost {
    readonly role: Role;
    readonly limits: Readonly<Limits>;
    readonly payload: Payload;
    readonly resumable: boolean;
    readonly output: SendBuffer;
    // No private names here: who wraps a host calls these methods on an object of their own.
    private readonly session: Session;
    private readonly admitted: SessionOptions["admit"];

    constructor(session: Session, options: SessionOptions) {
      this.session = session;
      this.admitted = options.admit;
      this.role = options.role;
      this.limits = options.limits;
      this.payload = options.payload ?? "text";
      this.resumable = options.resumable === true;
      this.output = session.#output;
    }

    admit(claim?: ResumeClaim): Admission {
      return this.admitted?.(claim) ?? OPEN_TO_ALL;
    }

    ready(resumed?: { readonly replayed: number }): void {
      this.session.#becomeReady(resumed);
    }

    moved(claim: ResumeClaim, rest: Uint8Array): void {
      this.session.#events.push({ kind: "moved", claim, rest });
    }

    deliver(message: Message, bytes: number): void {
      this.session.#deliver(message, bytes);
    }

    duplicate(): void {
      this.session.counts.duplicates++;
    }

    repeats(id: number, mayHaveArrived: boolean, now: number): number | undefined {
      return this.session.#repeats(id, mayHaveArrived, now);
    }

    restart(unsent: ReadonlySet<number>): Repeat[] {
      return this.session.#restart(unsent);
    }

    fault(error: ProtocolError): void {
      this.session.#fault(error);
    }

    goodbye(code: string, message: string): void {
      this.session.#events.push({ kind: "goodbye", code, message });
    }

    stale(ms: number): void {
      this.session.#events.push({ kind: "stale", ms });
    }

    lost(code: string, message: string): void {
      this.session.#events.push({ kind: "lost", code, message });
    }
  };

  // ---- saying

  #write(message: Message): void {
    const before = this.#output.length;
    try {
      this.#conversation.write(message);
    } catch (error) {
      this.#output.rewind(before);
      throw error;
    }
    this.counts.messagesOut++;
  }

  #reply(message: Message & { kind: "answer" | "failure" }): void {
    if (this.#replies === undefined) return this.#write(message);
    // Written before its turn, so that what cannot be said fails here, while the request is still unanswered.
    const before = this.#output.length;
    this.#write(message);
    const bytes = this.#output.copyFrom(before);
    this.#output.rewind(before);
    for (const due of this.#replies.release(Number(message.id), bytes)) this.#output.append(due);
  }

  #need(ability: Ability, what: string): void {
    if (!this.can(ability)) throw lackOf(this.dialect.name, ABILITY_WORDS[ability], what);
  }

  #admitCall(kind: CallKind, name: string): RequestId {
    if (this.#pending.places >= this.#limits.maxPending) {
      const waiting = `${this.#pending.places} requests wait for an answer already (limits.maxPending)`;
      const text = `Cannot send ${whatOf({ kind, name })} to ${this.link}: ${waiting}`;
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
    const frame = repeatable ? this.#conversation.lastFrame?.() : undefined;
    this.#pending.add({ id, token, kind, name, timeoutMs, deadline, resend, frame, abandoned: false });
  }

  // ---- another link

  #becomeReady(resumed?: { readonly replayed: number }): void {
    if (this.#ready) return;
    this.#ready = true;
    const { duplicates } = this.counts;
    this.#events.push({
      kind: "ready",
      resumed: resumed !== undefined,
      replayed: resumed?.replayed ?? 0,
      duplicates,
    });
  }

  #repeats(id: RequestId, mayHaveArrived: boolean, now: number): number | undefined {
    const request = this.#pending.find(id);
    if (request === undefined) return undefined;
    if (mayHaveArrived && request.resend === "never") {
      this.#loseTrack(request);
      return undefined;
    }
    return request.deadline === Infinity ? Infinity : Math.max(1, request.deadline - now);
  }

  #restart(unsent: ReadonlySet<number>): Repeat[] {
    this.#generation++;
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
    this.#events.push({ kind: "reset", unknown });
    return repeats;
  }

  /** Nobody will ever say what became of a request. */
  #loseTrack(request: PendingRequest): void {
    this.#pending.abandon(request.id);
    this.#events.push({ kind: "failed", token: request.token, error: unknownOutcome(request, this.link) });
  }

  // ---- hearing

  #deliver(message: Message, bytes: number): void {
    this.counts.messagesIn++;
    switch (message.kind) {
      case "message": {
        const { value, id, remainingMs } = message;
        const event = { kind: "message", value, bytes } as const;
        this.#events.push(id === undefined ? event : { ...event, id, remainingMs });
        break;
      }
      case "action":
      case "cancel":
      case "credit":
        this.#events.push(message);
        break;
      case "request": {
        const { name, args, kwargs, remainingMs = 0, key, digest, stream } = message;
        const id = this.#replies === undefined ? message.id! : this.#replies.admit();
        this.#events.push({ kind: "request", id, name, args, kwargs, remainingMs, key, digest, stream });
        break;
      }
      case "part": {
        const request = this.#pending.find(message.id);
        if (request === undefined) this.counts.lateAnswers++;
        else this.#events.push({ kind: "part", token: request.token, value: message.value, bytes });
        break;
      }
      case "answer":
      case "failure":
        this.#settle(message, bytes);
    }
  }

  #settle(message: Message & { kind: "answer" | "failure" }, bytes: number): void {
    if (message.id === undefined && !this.#pending.expectsAnswer && message.kind === "answer") {
      // On wires without ids an answer that nobody asked for is something the other side says by itself.
      this.#events.push({ kind: "message", value: message.value, bytes });
      return;
    }
    const request = this.#pending.settle(message.id);
    if (request === undefined) {
      this.counts.lateAnswers++;
    } else if (message.kind === "answer") {
      this.#events.push({ kind: "answered", token: request.token, value: message.value });
    } else {
      const { code, retryAfterMs } = message;
      const text = refusal(request, this.link, message);
      const error = new RemoteError(code, text, { outcome: "failed", retryAfterMs });
      this.#events.push({ kind: "failed", token: request.token, error });
    }
  }

  #fault(error: ProtocolError): void {
    this.counts.faults++;
    this.#events.push({ kind: "fault", error });
  }

  #die(error: unknown): void {
    this.#dead = true;
    // A dialect or codec of somebody's own that throws anything else has lost its place just the same.
    let fault = error;
    if (!(fault instanceof ProtocolError)) {
      const message = `Dialect "${this.dialect.name}" failed: ${String(error)}`;
      fault = new ProtocolError("dialect_failed", message, { cause: error });
    } else if (!fault.fatal) {
      // What the conversation let through ends it, even where it would be harmless in another frame.
      fault = new ProtocolError(fault.code, fault.message, { cause: fault.cause });
    }
    this.#fault(fault as ProtocolError);
  }

  #takeEvents(): SessionEvent[] {
    const events = this.#events;
    if (events.length > 0) this.#events = [];
    return events;
  }
}

const OPEN_TO_ALL: Admission = Object.freeze({});
const PLAIN_REQUEST: RequestKind = Object.freeze({});
const ABILITY_WORDS: Readonly<Record<Ability, string>> = Object.freeze({
  ack: "acknowledgements",
  cancel: "cancellation",
  stream: "streaming answers",
  key: "keys for requests",
  describe: "a list of handlers",
  resume: "sessions that outlive a link",
});

/** How long a call still waits when it is made. */
function remaining({ now, timeoutMs, deadline }: CallTiming): number {
  return deadline === undefined ? timeoutMs : Math.max(1, deadline - now);
}

/** What is known of a request that has no answer, given those that have never left. */
function outcomeOf(request: PendingRequest, unsent: ReadonlySet<number> | undefined): Outcome {
  const hasStayed = unsent?.has(Number(request.id)) === true && request.mayHaveArrived !== true;
  return hasStayed ? "not-sent" : "unknown";
}
