/**
 * The pure state of one conversation: bytes in, events out; messages in, bytes out. No socket, no timer, no promise.
 *
 * @module
 */
import type { Conversation, Dialect, DialectHost, Payload, Refusal, Role } from "./dialect/dialect.ts";
import { ParleyError, ProtocolError, RemoteError, TimeoutError, UsageTypeError } from "./errors.ts";
import type { Limits } from "./limits.ts";
import type { Kwargs, Message, RequestId } from "./message.ts";
import { Pending } from "./pending.ts";
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
  /** Asked in the handshake: why the other side may not come in. */
  admit?: () => Refusal | undefined;
  /** The link by the name that error messages give it. */
  link?: string;
}

/**
 * One conversation in one dialect. The driver calls {@linkcode Session.open} once, then
 * {@linkcode Session.receive} with every chunk, {@linkcode Session.tick} not later than
 * {@linkcode Session.nextTickAt}, and after any call that may have written something sends what
 * {@linkcode Session.takeOutput} returns. All times are milliseconds of one clock that never jumps.
 */
export class Session {
  /** What the conversation has carried so far. */
  readonly counts: SessionCounts = {
    messagesIn: 0,
    messagesOut: 0,
    bytesIn: 0,
    bytesOut: 0,
    lateAnswers: 0,
    faults: 0,
  };
  /** The language that is spoken. */
  readonly dialect: Dialect;
  readonly #limits: Readonly<Limits>;
  readonly #link: string;
  readonly #conversation: Conversation;
  readonly #input = new ReceiveBuffer();
  readonly #output = new SendBuffer();
  readonly #pending: Pending;
  readonly #replies: ReplyOrder | undefined;
  #events: SessionEvent[] = [];
  #lastId = 0;
  #ready = false;
  #dead = false;
  #closed = false;

  /** A conversation that has not begun; see {@linkcode Session.open}. */
  constructor(dialect: Dialect, options: SessionOptions) {
    this.dialect = dialect;
    this.#limits = options.limits;
    this.#link = options.link ?? "the other side";
    this.#pending = new Pending(dialect.correlation === "order");
    this.#replies = dialect.correlation === "order" ? new ReplyOrder() : undefined;
    const host: DialectHost = {
      role: options.role,
      limits: options.limits,
      payload: options.payload ?? "text",
      output: this.#output,
      admit: options.admit ?? (() => undefined),
      ready: () => this.#becomeReady(),
      deliver: (message, bytes) => this.#deliver(message, bytes),
      fault: (error) => this.#fault(error),
      goodbye: (code, message) => this.#events.push({ kind: "goodbye", code, message }),
      lost: (code, message) => this.#events.push({ kind: "lost", code, message }),
    };
    this.#conversation = dialect.converse(host);
  }

  /** True once messages may flow. */
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

  /** When {@linkcode Session.tick} wants to be called; `Infinity` when nothing is timed. */
  get nextTickAt(): number {
    const next = this.#pending.nextDeadline;
    return this.#dead ? next : Math.min(next, this.#conversation.nextTickAt ?? Infinity);
  }

  /** The link is up. */
  open(now: number): SessionEvent[] {
    this.#conversation.open?.(now);
    if (this.dialect.handshake !== true) this.#becomeReady();
    return this.#takeEvents();
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
    for (const request of this.#pending.expire(now)) {
      const message =
        `No answer to request "${request.name}" from ${this.#link} within ${request.timeoutMs} ms`;
      const error = new TimeoutError("timeout", message, { outcome: "unknown" });
      this.#events.push({ kind: "failed", token: request.token, error });
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
   * Calls a named request of the other side; an `answered` or `failed` event with `token` follows, at `deadline`
   * at the latest.
   */
  request(
    name: string,
    args: readonly unknown[],
    kwargs: Kwargs | undefined,
    timing: { now: number; timeoutMs: number },
    token: unknown,
  ): RequestId {
    if (this.dialect.correlation === "none") {
      throw new UsageTypeError(
        `Cannot send request "${name}" in the dialect "${this.dialect.name}": it has no requests; use ask()`,
      );
    }
    if (this.#pending.places >= this.#limits.maxPending) {
      const waiting = `${this.#pending.places} requests wait for an answer already (limits.maxPending)`;
      throw new ParleyError("busy", `Cannot send request "${name}" to ${this.#link}: ${waiting}`, {
        outcome: "not-sent",
      });
    }
    const id = this.#nextId();
    this.#write({ kind: "request", id, name, args, kwargs, remainingMs: timing.timeoutMs });
    const deadline = timing.now + timing.timeoutMs;
    this.#pending.add(id, { token, name, timeoutMs: timing.timeoutMs, deadline, abandoned: false });
    return id;
  }

  /** Forgets a request: its answer is counted and dropped. */
  abandon(id: RequestId): void {
    this.#pending.abandon(id);
  }

  /** Answers their request `id`. @throws what the dialect's `write` throws; the request is then still unanswered. */
  answer(id: RequestId, value: unknown): void {
    this.#reply({ kind: "answer", id, value });
  }

  /** Answers their request `id` with an error. */
  fail(id: RequestId, code: string, message: string): void {
    this.#reply({ kind: "failure", id, code, message });
  }

  /** Says goodbye where the dialect has a word for it: the last thing said, also when nothing is read any more. */
  close(code: string, message: string): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#conversation.close?.(code, message);
  }

  /** Ends all our requests with `error`: the link is gone. */
  drain(error: (name: string) => ParleyError): SessionEvent[] {
    this.#dead = true;
    for (const request of this.#pending.drain()) {
      this.#events.push({ kind: "failed", token: request.token, error: error(request.name) });
    }
    return this.#takeEvents();
  }

  /** All bytes that wait, to be written at once. They stay as they are until the next call. */
  takeOutput(): Uint8Array {
    const bytes = this.#output.take();
    this.counts.bytesOut += bytes.length;
    return bytes;
  }

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

  #nextId(): number {
    this.#lastId = this.#lastId === MAX_ID ? 1 : this.#lastId + 1;
    return this.#lastId;
  }

  #becomeReady(): void {
    if (this.#ready) return;
    this.#ready = true;
    this.#events.push({ kind: "ready" });
  }

  #deliver(message: Message, bytes: number): void {
    this.counts.messagesIn++;
    switch (message.kind) {
      case "message":
        this.#events.push({ kind: "message", value: message.value, bytes });
        break;
      case "action":
        this.#events.push({ kind: "action", name: message.name, args: message.args, kwargs: message.kwargs });
        break;
      case "request": {
        const { name, args, kwargs, remainingMs = 0 } = message;
        const id = this.#replies === undefined ? message.id! : this.#replies.admit();
        this.#events.push({ kind: "request", id, name, args, kwargs, remainingMs });
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
      const error = new RemoteError(message.code, this.#failureText(request.name, message), {
        outcome: "failed",
      });
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

  #failureText(name: string, failure: { code: string; message: string }): string {
    const what = `Request "${name}" to ${this.#link}`;
    if (failure.code === "not_found") {
      return `${what} failed: ${failure.message || "nobody registered that name there"}`;
    }
    if (failure.code === "handler_failed") return `${what} failed in its handler: ${failure.message}`;
    return `${what} failed with "${failure.code}"${failure.message === "" ? "" : `: ${failure.message}`}`;
  }

  #takeEvents(): SessionEvent[] {
    const events = this.#events;
    if (events.length > 0) this.#events = [];
    return events;
  }
}

/** Ids travel as unsigned 32 bits on the native wire and are not reused before all of them were used. */
const MAX_ID = 0xffff_ffff;
