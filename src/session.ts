/**
 * The pure state of one conversation: bytes in, events out; messages in, bytes out. No socket, no timer, no promise.
 *
 * @module
 */
import type {
  Admission,
  Conversation,
  Dialect,
  DialectHost,
  Payload,
  Repeat,
  ResumeClaim,
  Role,
} from "./dialect/dialect.ts";
import { type Outcome, type ParleyError, ProtocolError } from "./errors.ts";
import type { Limits } from "./limits.ts";
import type { AnswerMessage, FailureMessage, Kwargs, Message, RequestId } from "./message.ts";
import { needAbility } from "./session_errors.ts";
import { type CallTiming, OwnCalls, type OwnCallsOwner, type RequestKind } from "./own_calls.ts";
import type { Resend } from "./pending.ts";
import { ReceiveBuffer } from "./receive_buffer.ts";
import { ReplyOrder } from "./reply_order.ts";
import { SendBuffer } from "./send_buffer.ts";
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
  /** True when the driver calls {@linkcode Session.proceed} for a session that is busy. Default false. */
  oneByOne?: boolean;
  /** Asked in the handshake of a server: whether the other side may come in. */
  admit?: (claim?: ResumeClaim) => Admission;
  /** The link by the name that error messages give it. */
  link?: string;
  /** Who looks on while messages are said and heard. */
  watcher?: SessionWatcher;
}

/** Who looks on while messages are said and heard. Asked for each, so that it costs nothing while nobody looks. */
export interface SessionWatcher {
  /** True while somebody wants to see them. */
  readonly isWatching: boolean;
  /** One was taken to be written, or has come; `bytes` is its size on the wire, 0 where that is not known. */
  saw(direction: "in" | "out", message: Message, bytes: number): void;
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
  readonly #host: DialectHost & OwnCallsOwner;
  readonly #output = new SendBuffer();
  readonly #calls: OwnCalls;
  readonly #watcher: SessionWatcher | undefined;
  #conversation: Conversation;
  #input = new ReceiveBuffer();
  #replies: ReplyOrder | undefined;
  #events: SessionEvent[] = [];
  #generation = 0;
  #ready = false;
  #dead = false;
  #closed = false;

  /** A conversation that has not begun; see {@linkcode Session.open}. */
  constructor(dialect: Dialect, options: SessionOptions) {
    this.dialect = dialect;
    this.link = options.link ?? "the other side";
    this.#watcher = options.watcher;
    this.#replies = dialect.correlation === "order" ? new ReplyOrder() : undefined;
    this.#host = new Session.#Host(this, options);
    this.#calls = new OwnCalls(this.#host);
    this.#conversation = dialect.converse(this.#host);
  }

  /** True while there is a link on which messages may flow. */
  get ready(): boolean {
    return this.#ready;
  }

  /** Our requests that have no answer yet. */
  get pendingRequests(): number {
    return this.#calls.size;
  }

  /** Bytes that {@linkcode Session.takeOutput} returns now. */
  get outputBytes(): number {
    return this.#output.length;
  }

  /** Bytes that were said and that the wire does not let go yet: they leave after something else has come or gone. */
  get waitingBytes(): number {
    return this.#conversation.waitingBytes ?? 0;
  }

  /** True while what has come waits until the callbacks of the last message are done. */
  get isBusy(): boolean {
    return !this.#dead && this.#conversation.isBusy === true;
  }

  /** How long the link stays open once the last words were written, in milliseconds. */
  get lingerMs(): number {
    return this.#conversation.lingerMs ?? this.dialect.lingerMs ?? 0;
  }

  /** Bytes that have come and are no whole frame yet. */
  get inputBytes(): number {
    return this.#input.length;
  }

  /** The last of those bytes, `count` at most, as a copy. */
  lastInput(count: number): Uint8Array {
    const shown = Math.min(count, this.#input.length);
    return this.#input.peek(shown, this.#input.length - shown).slice();
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
    const next = this.#calls.nextDeadline;
    return this.#ticks ? Math.min(next, this.#conversation.nextTickAt ?? Infinity) : next;
  }

  /** True when `written` is to be called. */
  get mindsWrites(): boolean {
    return this.#conversation.written !== undefined;
  }

  /** Everything that {@linkcode Session.takeOutput} has returned was handed to the system. */
  written(now: number): void {
    this.#conversation.written?.(now);
  }

  /** What the wire holds back leaves also when everything else is over: the last words may be behind it. */
  get #ticks(): boolean {
    return !this.#dead || this.waitingBytes > 0;
  }

  /** A link is up: the first one, or another after {@linkcode Session.suspend}. */
  open(now: number): SessionEvent[] {
    this.#conversation.open?.(now);
    if (this.dialect.handshake !== true) this.#becomeReady();
    return this.#takeEvents();
  }

  /** Gives up going on with another link; the caller closes this one. */
  forget(): void {
    this.#conversation.forget?.();
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

  /** The callbacks of the last message are done: what has waited for them goes on. */
  proceed(now: number): SessionEvent[] {
    if (!this.isBusy) return [];
    try {
      this.#conversation.proceed?.(this.#input, now);
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
    this.#calls.expire(now);
    if (this.#ticks && now >= (this.#conversation.nextTickAt ?? Infinity)) {
      try {
        this.#conversation.tick?.(now, listening);
      } catch (error) {
        this.#die(error);
      }
    }
    return this.#takeEvents();
  }

  /** Sends one plain message. @throws what the dialect's `write` throws. */
  send(value: unknown, mode?: number): void {
    if (mode === undefined) return this.#write({ kind: "message", value });
    needAbility(this.dialect, "mode", "message");
    this.#write({ kind: "message", value, mode });
  }

  /**
   * Begins a file of `size` bytes, which follow by {@linkcode Session.body}; with `id` it answers their request for
   * one. The caller sees to it that no other file begins before all bytes are there.
   *
   * @throws {UsageTypeError} code `usage`: the dialect has no files.
   */
  file(name: string, size: number, id?: RequestId): void {
    needAbility(this.dialect, "file", `file "${name}"`);
    this.#write({ kind: "file", name, size, id });
  }

  /** The next bytes of the file that was begun last; they may be used again by their owner. */
  body(bytes: Uint8Array): void {
    this.#conversation.body!(bytes);
  }

  /**
   * Asks the other side for a file. An event `file` with `token` follows, or `failed`, at the deadline at the latest.
   *
   * @throws {UsageTypeError} code `usage`: the dialect has no files.
   */
  requestFile(name: string, timing: CallTiming, token: unknown): RequestId {
    return this.#calls.file(name, timing, token);
  }

  /** The bytes of one plain message, for {@linkcode Session.sendEncoded}. @throws what the dialect's `write` throws. */
  encode(value: unknown): Uint8Array {
    const conversation = this.#conversation;
    if (conversation.encode !== undefined) return conversation.encode({ kind: "message", value });
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

  /**
   * Sends a plain message that a session of the same dialect has encoded; false when the other side would refuse it.
   * `value` is what was encoded, for those who look on.
   */
  sendEncoded(bytes: Uint8Array, value?: unknown): boolean {
    if (bytes.length > this.maxMessageBytes) return false;
    if (this.#conversation.writeEncoded !== undefined) this.#conversation.writeEncoded(bytes);
    else this.#output.append(bytes);
    this.counts.messagesOut++;
    if (this.#watcher?.isWatching === true) {
      this.#watcher.saw("out", { kind: "message", value }, bytes.length);
    }
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
    return this.#calls.request(name, args, kwargs, timing, token, kind);
  }

  /** Sends one plain message; an `answered` or `failed` event with `token` follows when it was handled. */
  sendAcked(value: unknown, timing: CallTiming, token: unknown, resend?: Resend, mode?: number): RequestId {
    if (mode !== undefined) needAbility(this.dialect, "mode", "message");
    return this.#calls.send(value, timing, token, resend, mode);
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
    return this.#calls.action(name, args, kwargs, timing, token, resend);
  }

  /**
   * Forgets a request and tells the other side so, where the dialect has a word for it. Its answer is counted and
   * dropped.
   *
   * @returns what became of it.
   */
  cancel(id: RequestId): Outcome {
    return this.#calls.cancel(id);
  }

  /** Grants the other side `bytes` more of the streaming answer to our request `id`. */
  credit(id: RequestId, bytes: number): void {
    this.#calls.credit(id, bytes);
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

  /** Nothing can be said to their request `id`: on wires without ids the answers behind it go on. */
  skip(id: RequestId): void {
    for (const due of this.#replies?.release(Number(id), NOTHING) ?? []) this.#output.append(due);
  }

  /** Says goodbye where the dialect has a word for it: the last thing said, also when nothing is read any more. */
  close(code: string, message: string): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#conversation.close?.(code, message);
  }

  /** Ends all our requests with what `error` makes of them: nothing more will come. */
  drain(error: (what: string, outcome: Outcome) => ParleyError): SessionEvent[] {
    // What the wire holds back may still leave, and for that more has to come.
    if (this.waitingBytes === 0) this.#dead = true;
    this.#calls.drain(error);
    return this.#takeEvents();
  }

  /** All bytes that wait, to be written at once. They stay as they are until the next call. */
  takeOutput(): Uint8Array {
    const bytes = this.#output.take();
    this.counts.bytesOut += bytes.length;
    if (bytes.length > 0) this.#conversation.taken?.(bytes);
    return bytes;
  }

  /** How long the other side takes to handle these bytes, in milliseconds, before the link may end. */
  handlingMs(bytes: Uint8Array): number {
    return this.#conversation.handlingMs?.(bytes) ?? 0;
  }

  /** What a conversation may do with its session: a class, so that a session costs no closures. */
  static readonly #Host = class implements DialectHost, OwnCallsOwner {
    readonly role: Role;
    readonly limits: Readonly<Limits>;
    readonly payload: Payload;
    readonly resumable: boolean;
    readonly oneByOne: boolean;
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
      this.oneByOne = options.oneByOne === true;
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
      return this.session.#calls.repeats(id, mayHaveArrived, now);
    }

    restart(unsent: ReadonlySet<number>): Repeat[] {
      return this.session.#restart(unsent);
    }

    fault(error: ProtocolError): void {
      this.session.#fault(error);
    }

    body(bytes: Uint8Array): void {
      this.session.#events.push({ kind: "body", bytes: bytes.slice() });
    }

    goodbye(code: string, message: string, leave?: boolean): void {
      this.session.#events.push({ kind: "goodbye", code, message, leave });
    }

    stale(ms: number): void {
      this.session.#events.push({ kind: "stale", ms });
    }

    lost(code: string, message: string): void {
      this.session.#events.push({ kind: "lost", code, message });
    }

    // ---- what the calls need

    get dialect(): Dialect {
      return this.session.dialect;
    }

    get conversation(): Conversation {
      return this.session.#conversation;
    }

    get link(): string {
      return this.session.link;
    }

    get isReady(): boolean {
      return this.session.#ready;
    }

    write(message: Message): void {
      this.session.#write(message);
    }

    emit(event: SessionEvent): void {
      this.session.#events.push(event);
    }

    late(): void {
      this.session.counts.lateAnswers++;
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
    if (this.#watcher?.isWatching === true) this.#watcher.saw("out", message, this.#output.length - before);
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

  #restart(unsent: ReadonlySet<number>): Repeat[] {
    this.#generation++;
    const { repeats, unknown } = this.#calls.restart(unsent);
    this.#events.push({ kind: "reset", unknown });
    return repeats;
  }

  // ---- hearing

  #deliver(message: Message, bytes: number): void {
    this.counts.messagesIn++;
    if (this.#watcher?.isWatching === true) this.#show(this.#watcher, message, bytes);
    switch (message.kind) {
      case "message": {
        const { value, id, remainingMs, invalid } = message;
        const event = { kind: "message", value, bytes } as const;
        const isPlain = id === undefined && invalid === undefined;
        this.#events.push(isPlain ? event : { ...event, id, remainingMs, invalid });
        break;
      }
      case "file": {
        const { name, size, id } = message;
        const call = id === undefined ? undefined : this.#calls.take(id);
        this.#events.push({ kind: "file", name, size, ...call });
        break;
      }
      case "file-request":
        this.#events.push({ kind: "file-request", id: message.id, name: message.name });
        break;
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
      case "part":
        return this.#calls.part(message.id, message.value, bytes);
      case "answer":
      case "failure":
        this.#settle(message, bytes);
    }
  }

  /** Those who look on see a message as what it is taken for here. */
  #show(watcher: SessionWatcher, message: Message, bytes: number): void {
    if (message.kind === "request" && this.#replies !== undefined) {
      watcher.saw("in", { ...message, id: this.#replies.next }, bytes);
    } else if (this.#isUnasked(message)) {
      watcher.saw("in", { kind: "message", value: message.value }, bytes);
    } else watcher.saw("in", message, bytes);
  }

  /** On wires without ids an answer that nobody asked for is something the other side says by itself. */
  #isUnasked(message: Message): message is AnswerMessage {
    return message.kind === "answer" && message.id === undefined && !this.#calls.expectsAnswer;
  }

  #settle(message: AnswerMessage | FailureMessage, bytes: number): void {
    if (this.#isUnasked(message)) {
      this.#events.push({ kind: "message", value: message.value, bytes });
    } else {
      this.#calls.settle(message);
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

const NOTHING = new Uint8Array(0);
const OPEN_TO_ALL: Admission = Object.freeze({});
const PLAIN_REQUEST: RequestKind = Object.freeze({});
