import {
  asError,
  BrokenError,
  ClosedError,
  type Outcome,
  ParleyError,
  ProtocolError,
  RemoteError,
  TimeoutError,
} from "../errors.ts";
import type { Refusal, Role } from "../dialect/dialect.ts";
import type { Kwargs } from "../message.ts";
import { Session, type SessionEvent } from "../session.ts";
import type { Transport } from "../transport/transport.ts";
import { CloseReason } from "./close_reason.ts";
import type { Endpoint } from "./endpoint.ts";
import { Inbox } from "./inbox.ts";
import { Link, type LinkOwner } from "./link.ts";
import type { Peer } from "./peer.ts";
import { RunningCalls } from "./running_calls.ts";
import { WaitList } from "./wait_list.ts";

/** What the endpoint of a peer wants to know. */
export interface PeerHooks {
  /** The handshake is done. Called before `onConnect`; to refuse the peer, return why. */
  ready?(): void;
  /** The link has ended, whether it was ready or not. Called before `onDisconnect`. */
  ended?(reason: CloseReason): void;
  admit?(): Refusal | undefined;
}

type State = "opening" | "open" | "closing" | "closed";

/** What waits for the answer to a request of ours. */
interface Waiting {
  resolve(value: unknown): void;
  reject(error: unknown): void;
}

/**
 * One conversation with one other end: where the pure session meets the link, the callbacks, the handlers and the
 * promises of the user. `Peer` is what users see of it.
 */
export class PeerCore implements LinkOwner {
  readonly endpoint: Endpoint;
  readonly session: Session;
  readonly link: Link;
  readonly label: string;
  readonly openedAt: number = Date.now();
  /** The user's view of this core; set once, right after construction. */
  peer!: Peer;

  readonly #hooks: PeerHooks;
  readonly #inbox: Inbox;
  /** Those who wait for the next message: `ask` and `receive`, in order. */
  readonly #readers = new WaitList<unknown>();
  /** Those who wait for the outbox to drain. */
  readonly #senders = new WaitList<void>();
  readonly #calls: RunningCalls;
  readonly #opened = Promise.withResolvers<void>();
  readonly #closed = Promise.withResolvers<CloseReason>();
  readonly #handshakeDeadline: number;
  #state: State = "opening";
  #reason: CloseReason | undefined;
  #goodbye: Refusal | undefined;
  /** True once somebody has pulled a message: from then on none may be forgotten. */
  #pulled = false;
  #inboxHolds = false;
  /** Calls of `ask` that have no answer yet. */
  #asking = 0;
  #workHolds = false;
  #answersHold = false;

  constructor(endpoint: Endpoint, transport: Transport, role: Role, hooks: PeerHooks) {
    this.endpoint = endpoint;
    this.#hooks = hooks;
    this.label = transport.remoteAddress;
    this.session = new Session(endpoint.dialect, {
      role,
      limits: endpoint.limits,
      payload: endpoint.payload,
      link: this.label,
      admit: hooks.admit && (() => hooks.admit!()),
    });
    this.link = new Link(transport, this.session, this);
    this.#inbox = new Inbox(endpoint.limits);
    this.#calls = new RunningCalls(() => this.#workEnded());
    this.#handshakeDeadline = endpoint.alarm.now() + endpoint.limits.handshakeMs;
    this.#opened.promise.catch(noop); // a server does not wait for it
  }

  get state(): State {
    return this.#state;
  }

  /** Why the link ended, once it has. */
  get reason(): CloseReason | undefined {
    return this.#reason;
  }

  get closed(): Promise<CloseReason> {
    return this.#closed.promise;
  }

  /** Requests and asks of ours that have no answer yet. */
  get pending(): number {
    return this.session.pendingRequests + this.#asking;
  }

  get dropped(): number {
    return this.#inbox.dropped;
  }

  /** Resolves when messages may flow; rejects when the link ends before. */
  open(): Promise<void> {
    this.endpoint.alarm.notify(this.#handshakeDeadline);
    this.link.start();
    this.endpoint.alarm.notify(this.nextTickAt);
    return this.#opened.promise;
  }

  // ---- what users do

  send(value: unknown, options: { timeoutMs?: number; signal?: AbortSignal } = {}): Promise<void> {
    return quiet(this.#say("message", options, () => this.session.send(value)));
  }

  action(name: string, args: readonly unknown[], kwargs: Kwargs | undefined): Promise<void> {
    return quiet(this.#say(`action "${name}"`, {}, () => this.session.action(name, args, kwargs)));
  }

  /** The bytes of a plain message on this conversation. @throws what the dialect's `write` throws. */
  encode(value: unknown): Uint8Array {
    return this.session.encode(value);
  }

  /**
   * Takes a message that another peer's session has encoded; false when the link is down, the outbox is full, or the
   * message is larger than the other side takes.
   */
  sendEncoded(bytes: Uint8Array): boolean {
    if (this.#state !== "open" || this.link.backlogBytes >= this.endpoint.limits.outboxHighBytes) {
      return false;
    }
    const taken = this.session.sendEncoded(bytes);
    this.link.flush();
    return taken;
  }

  request(
    name: string,
    args: readonly unknown[],
    options: { kwargs?: Kwargs; timeoutMs?: number; signal?: AbortSignal },
  ): Promise<unknown> {
    const { signal, timeoutMs = this.endpoint.limits.requestMs } = options;
    if (this.#state !== "open" || this.#reason !== undefined) {
      return Promise.reject(this.#notOpen(`request "${name}"`));
    }
    if (signal?.aborted) return Promise.reject(signal.reason);
    const now = this.endpoint.alarm.now();
    return new Promise((resolve, reject) => {
      const waiting: Waiting = { resolve, reject };
      const id = this.session.request(name, args, options.kwargs, { now, timeoutMs }, waiting);
      if (signal !== undefined) {
        const cancel = () => {
          this.session.abandon(id);
          reject(signal.reason);
        };
        signal.addEventListener("abort", cancel);
        waiting.resolve = (value) => (signal.removeEventListener("abort", cancel), resolve(value));
        waiting.reject = (error) => (signal.removeEventListener("abort", cancel), reject(error));
      }
      this.endpoint.alarm.notify(now + timeoutMs);
      this.link.flush();
      this.#readOn();
    });
  }

  ask(value: unknown, options: { timeoutMs?: number; signal?: AbortSignal }): Promise<unknown> {
    if (this.#reason !== undefined) return Promise.reject(this.#notOpen("message"));
    if (options.signal?.aborted) return Promise.reject(options.signal.reason);
    try {
      this.#put("message", () => this.session.send(value));
    } catch (error) {
      return Promise.reject(error);
    }
    this.#asking++;
    this.#readOn();
    const { timeoutMs = this.endpoint.limits.askMs, signal } = options;
    const answer = this.#nextMessage("answer", { timeoutMs, signal });
    const answered = () => void this.#asking--;
    answer.then(answered, answered);
    return answer;
  }

  receive(options: { timeoutMs?: number; signal?: AbortSignal }): Promise<unknown> {
    this.#pulled = true;
    if (this.#inbox.size > 0) return Promise.resolve(this.#takeFromInbox());
    if (this.#reason !== undefined) return Promise.reject(this.#notOpen("message", "receive"));
    const { timeoutMs = this.endpoint.limits.receiveMs, signal } = options;
    return this.#nextMessage("message", { timeoutMs, signal });
  }

  /** All messages until the link ends. The message in hand counts as work: the link is not closed under it. */
  async *messages(): AsyncGenerator<unknown, void, void> {
    this.#pulled = true;
    for (;;) {
      let message: unknown;
      if (this.#inbox.size > 0) message = this.#takeFromInbox();
      else if (this.#reason !== undefined || this.#state === "closing") return;
      else {
        try {
          message = await this.#nextMessage("message", { timeoutMs: Infinity });
        } catch {
          return; // the link has ended; `closed` tells why
        }
      }
      const done = this.#calls.begin();
      try {
        yield message;
      } finally {
        done();
      }
    }
  }

  /** Ends the link after what was said has left. Never rejects. */
  close(code = "bye", message = ""): Promise<CloseReason> {
    if (this.#reason !== undefined) {
      this.#calls.stopWaiting();
    } else {
      const reason = new CloseReason("closed", message || `Link ${this.label} was closed here`, {
        byUs: true,
      });
      this.#finish(reason, { code, message });
    }
    return this.closed;
  }

  // ---- what the link tells

  now(): number {
    return this.endpoint.alarm.now();
  }

  handle(events: readonly SessionEvent[]): void {
    for (let i = 0; i < events.length; i++) {
      if (this.#state === "closing" || this.#state === "closed") {
        // Only answers still matter: whoever waits for one must not be left waiting.
        const event = events[i];
        if (event.kind === "answered" || event.kind === "failed") this.#settle(event);
        continue;
      }
      this.#on(events[i]);
    }
    if (this.#state === "open" || this.#state === "opening") this.endpoint.alarm.notify(this.nextTickAt);
  }

  drained(): void {
    if (this.#senders.size > 0 && this.link.backlogBytes <= this.endpoint.limits.outboxLowBytes) {
      this.#senders.resolveAll();
    }
    if (this.#answersHold && this.link.backlogBytes <= this.endpoint.limits.outboxLowBytes) {
      this.#answersHold = false;
      this.link.release();
    }
  }

  ended(error: ParleyError | undefined): void {
    if (this.#reason !== undefined) {
      if (error !== undefined) this.#calls.stopWaiting(); // not half-closed but gone: nobody reads an answer
      return;
    }
    if (this.#state === "opening") return this.#finish(this.#refusedReason(error));
    this.#finish(this.#endReason(error), undefined, error === undefined && this.#goodbye === undefined);
  }

  // ---- the clock

  get nextTickAt(): number {
    if (this.#state === "closing" || this.#state === "closed") return Infinity;
    const handshake = this.#state === "opening" ? this.#handshakeDeadline : Infinity;
    return Math.min(
      handshake,
      this.session.nextTickAt,
      this.#readers.nextDeadline,
      this.#senders.nextDeadline,
    );
  }

  tick(now: number): void {
    if (this.#state === "closing" || this.#state === "closed") return;
    if (this.#state === "opening" && now >= this.#handshakeDeadline) {
      const ms = this.endpoint.limits.handshakeMs;
      const text =
        `${this.label} did not answer the "${this.endpoint.dialect.name}" handshake within ${ms} ms; ` +
        `does it speak this dialect?`;
      const error = new TimeoutError("handshake", text);
      return this.#finish(new CloseReason("handshake", text, { byUs: true, error }));
    }
    this.link.feed(this.session.tick(now, this.link.isListening));
    this.#readers.expire(now);
    this.#senders.expire(now);
  }

  // ---- events

  #on(event: SessionEvent): void {
    switch (event.kind) {
      case "message":
        return this.#onMessage(event.value, event.bytes);
      case "answered":
      case "failed":
        return this.#settle(event);
      case "request":
        return this.#onRequest(event);
      case "action":
        return this.#onAction(event);
      case "ready":
        return this.#onReady();
      case "fault":
        return this.#onFault(event.error);
      case "goodbye":
        this.#goodbye = event;
        if (this.#state === "opening") this.#finish(this.#refusedReason(undefined));
        return;
      case "lost": {
        const doing = this.#state === "opening" ? "refused" : "given up";
        const error = new BrokenError(event.code, `Link ${this.label} is ${doing}: ${event.message}`);
        return this.#finish(new CloseReason(event.code, error.message, { byUs: true, error }));
      }
    }
  }

  #onReady(): void {
    this.#state = "open";
    this.#hooks.ready?.();
    if (this.#state !== "open") return; // refused by the endpoint
    this.endpoint.chain.connect(this.peer);
    this.#opened.resolve();
  }

  #onMessage(value: unknown, bytes: number): void {
    this.endpoint.chain.receive(value, this.peer, this.#track);
    if (this.#readers.size > 0 && this.#readers.resolveFirst(value)) return;
    this.#inbox.push(value, bytes);
    if (!this.#pulled && this.endpoint.chain.hasReceivers) {
      this.#inbox.trim(KEPT_MESSAGES, KEPT_BYTES); // callbacks consume; only the latest are kept for `receive`
    } else if (this.#inbox.isFull && !this.#inboxHolds) {
      if (this.session.pendingRequests === 0) {
        this.#inboxHolds = true;
        this.link.hold();
      } else if (this.#inbox.isOverflowing) {
        this.#overloaded(
          `Inbox of ${this.label} holds ${this.#inbox.size} messages that nobody receives ` +
            `(limits.maxInboxMessages ${this.endpoint.limits.maxInboxMessages})`,
        );
      }
    }
  }

  #onAction(event: SessionEvent & { kind: "action" }): void {
    const handler = this.endpoint.findAction(event.name);
    if (handler === undefined) {
      const text = `Action "${event.name}" from ${this.label} has no handler here`;
      return this.endpoint.chain.fail(new ProtocolError("not_found", text, { fatal: false }), this.peer);
    }
    this.#calls.run(
      handler,
      event,
      this.peer,
      undefined,
      (thrown) => this.#reportHandler("action", event.name, thrown),
    );
  }

  #onRequest(event: SessionEvent & { kind: "request" }): void {
    const { id, name } = event;
    const handler = this.endpoint.findRequest(name);
    if (handler === undefined) {
      return this.#fail(id, "not_found", "no request of that name is registered there");
    }
    const { maxHandling, maxOutboxBytes } = this.endpoint.limits;
    if (this.#calls.size >= maxHandling) {
      return this.#fail(id, "busy", `${maxHandling} calls are being handled already`);
    }
    if (this.link.backlogBytes >= maxOutboxBytes) {
      return this.#fail(id, "busy", `${this.link.backlogBytes} bytes wait to be read already`);
    }
    this.#calls.run(handler, event, this.peer, (value) => this.#answer(id, name, value), (thrown) => {
      this.#fail(id, "handler_failed", asError(thrown).message);
      this.#reportHandler("request", name, thrown);
    });
  }

  #answer(id: number | string, name: string, value: unknown): void {
    if (this.#state === "closed") return;
    try {
      this.session.answer(id, value);
      this.link.flush();
      this.#holdForAnswers();
    } catch (thrown) {
      const error = asError(thrown);
      this.#fail(id, error instanceof RangeError ? "too_large" : "unserialisable", error.message);
      this.#reportHandler("request", name, error);
    }
  }

  #fail(id: number | string, code: string, message: string): void {
    if (this.#state === "closed") return;
    try {
      this.session.fail(id, code, message);
    } catch (thrown) {
      this.#failShortly(id, code, thrown);
    }
    this.link.flush();
    this.#holdForAnswers();
  }

  /** The other side may take only small frames, and the text did not fit: the bare code still ends its wait. */
  #failShortly(id: number | string, code: string, thrown: unknown): void {
    try {
      this.session.fail(id, code, "");
    } catch {
      this.endpoint.chain.fail(asError(thrown), this.peer); // a dialect without words for failures
    }
  }

  #reportHandler(kind: "action" | "request", name: string, thrown: unknown): void {
    const error = asError(thrown);
    if (!("handler" in error) && Object.isExtensible(error)) {
      Object.defineProperty(error, "handler", { value: `${kind} "${name}"`, configurable: true });
    }
    this.endpoint.chain.fail(error, this.peer);
  }

  #onFault(error: ProtocolError): void {
    if (error.fatal && this.#state === "opening") return this.#finish(this.#refusedReason(error));
    const named = new ProtocolError(error.code, `${error.message} (from ${this.label})`, {
      fatal: error.fatal,
      cause: error.cause,
    });
    this.endpoint.chain.fail(named, this.peer);
    if (!error.fatal) return;
    const reason = new CloseReason(error.code, named.message, { byUs: true, error: named });
    this.#finish(reason, { code: "protocol", message: error.message });
  }

  #settle(event: SessionEvent & { kind: "answered" | "failed" }): void {
    const waiting = event.token as Waiting;
    if (event.kind === "answered") waiting.resolve(event.value);
    else waiting.reject(event.error);
  }

  // ---- waiting

  /** Says something and resolves when the outbox has room again. */
  #say(
    what: string,
    options: { timeoutMs?: number; signal?: AbortSignal },
    write: () => void,
  ): Promise<void> {
    if (options.signal?.aborted) return Promise.reject(options.signal.reason);
    try {
      this.#put(what, write);
    } catch (error) {
      return Promise.reject(error);
    }
    const { outboxHighBytes, sendMs } = this.endpoint.limits;
    if (this.link.backlogBytes <= outboxHighBytes) return TAKEN;
    const { timeoutMs = sendMs, signal } = options;
    const deadline = this.endpoint.alarm.now() + timeoutMs;
    this.endpoint.alarm.notify(deadline);
    const timeout = () => {
      const text =
        `${this.label} did not read for ${timeoutMs} ms: ${this.link.backlogBytes} bytes wait to be written`;
      return new TimeoutError("timeout", text, { outcome: "unknown" });
    };
    return this.#senders.add({ deadline, timeout, signal });
  }

  /** Says something now. @throws when the link is not open or the outbox may not grow. */
  #put(what: string, write: () => void): void {
    if (this.#state !== "open") throw this.#notOpen(what);
    const { maxOutboxBytes } = this.endpoint.limits;
    const { backlogBytes } = this.link;
    if (backlogBytes >= maxOutboxBytes) {
      const text = `Cannot send ${what} to ${this.label}: ${backlogBytes} bytes wait to be written already ` +
        `(limits.maxOutboxBytes ${maxOutboxBytes}); await each send to go no faster than the link`;
      throw new ParleyError("outbox_full", text, { outcome: "not-sent" });
    }
    write();
    this.link.flush();
  }

  #nextMessage(what: string, options: { timeoutMs: number; signal?: AbortSignal }): Promise<unknown> {
    const { timeoutMs, signal } = options;
    const deadline = timeoutMs === Infinity ? Infinity : this.endpoint.alarm.now() + timeoutMs;
    this.endpoint.alarm.notify(deadline);
    const outcome = what === "answer" ? "unknown" : undefined;
    const timeout = () =>
      new TimeoutError("timeout", `No ${what} from ${this.label} within ${timeoutMs} ms`, { outcome });
    return this.#readers.add({ deadline, timeout, signal });
  }

  #takeFromInbox(): unknown {
    const message = this.#inbox.shift();
    if (this.#inboxHolds && this.#inbox.hasRoom) {
      this.#inboxHolds = false;
      this.link.release();
    }
    return message;
  }

  /** A callback that goes on asynchronously is work like a handler: too much of it stops the reading. */
  readonly #track = (work: PromiseLike<unknown>): void => {
    const done = this.#calls.begin();
    work.then(done, done);
    if (this.#workHolds || this.#calls.size < this.endpoint.limits.maxHandling) return;
    if (this.pending === 0) {
      this.#workHolds = true;
      this.link.hold();
    } else if (this.#calls.size >= this.endpoint.limits.maxHandling * OVERFLOW_FACTOR) {
      this.#overloaded(
        `${this.#calls.size} callbacks and handlers of ${this.label} run at once ` +
          `(limits.maxHandling ${this.endpoint.limits.maxHandling})`,
      );
    }
  };

  /** A peer that asks and does not read its answers is read no further, until it does. */
  #holdForAnswers(): void {
    if (this.#answersHold || this.link.backlogBytes <= this.endpoint.limits.outboxHighBytes) return;
    if (this.pending > 0) return;
    this.#answersHold = true;
    this.link.hold();
  }

  /** Somebody waits for an answer now: it has to be read, whatever has come before it. */
  #readOn(): void {
    if (this.#inboxHolds) this.link.release();
    if (this.#workHolds) this.link.release();
    if (this.#answersHold) this.link.release();
    this.#inboxHolds = this.#workHolds = this.#answersHold = false;
  }

  /** Reading could not stop because an answer is waited for, and more has come than can be kept. */
  #overloaded(text: string): void {
    if (this.#reason !== undefined) return;
    const error = new ProtocolError("overloaded", text);
    this.endpoint.chain.fail(error, this.peer);
    const reason = new CloseReason("overloaded", text, { byUs: true, error });
    this.#finish(reason, { code: "limit", message: text });
  }

  #workEnded(): void {
    if (this.#workHolds && this.#calls.size <= this.endpoint.limits.maxHandling / 2) {
      this.#workHolds = false;
      this.link.release();
    }
  }

  // ---- ending

  #notOpen(what: string, verb = "send", known: Outcome = "not-sent"): ParleyError {
    const doing = verb === "send"
      ? `Cannot send ${what} to ${this.label}`
      : `Cannot receive from ${this.label}`;
    const outcome = verb === "send" ? known : undefined;
    const reason = this.#reason;
    if (reason === undefined) {
      return new ClosedError("not_connected", `${doing}: the link is not open yet`, { outcome });
    }
    if (reason.byUs && reason.error === undefined) {
      return new ClosedError("closed", `${doing}: the link was closed here`, { outcome });
    }
    return new BrokenError("not_connected", `${doing}: the link is down (${reason.message})`, { outcome });
  }

  /** Why a link that was up has ended. */
  #endReason(error: ParleyError | undefined): CloseReason {
    if (this.#goodbye !== undefined) {
      const { code, message } = this.#goodbye;
      const text = message === "" || code === "bye"
        ? "closed the link"
        : `closed the link: ${message} (${code})`;
      return new CloseReason(code === "bye" ? "eof" : "goodbye", `${this.label} ${text}`, { byUs: false });
    }
    if (error === undefined) return new CloseReason("eof", `${this.label} closed the link`, { byUs: false });
    return new CloseReason(error.code, `Link ${this.label} broke: ${error.message}`, { byUs: false, error });
  }

  /** Why a link never came up. */
  #refusedReason(error: ParleyError | undefined): CloseReason {
    const { name } = this.endpoint.dialect;
    if (this.#goodbye !== undefined) {
      const { code, message } = this.#goodbye;
      const text = `${this.label} refused the link: ${message || code}`;
      return new CloseReason(code, text, { byUs: false, error: new RemoteError(code, text) });
    }
    if (error instanceof ProtocolError) {
      const text = `Handshake with ${this.label} failed: ${error.message}`;
      return new CloseReason(error.code, text, { byUs: true, error: new ProtocolError(error.code, text) });
    }
    const how = error === undefined ? "closed the link" : `broke the link (${error.code})`;
    const text = `${this.label} ${how} during the "${name}" handshake; does it speak this dialect?`;
    return new CloseReason("handshake", text, {
      byUs: false,
      error: new BrokenError("handshake", text, { cause: error }),
    });
  }

  /** Settles everything that waits, and closes the link; when `orderly`, only after the work at hand is done. */
  #finish(reason: CloseReason, goodbye?: Refusal, orderly = false): void {
    const wasOpen = this.#state === "open";
    this.#state = orderly ? this.#state : "closing";
    this.#reason = reason;
    const error = () => reason.error ?? this.#notOpen("message", "receive");
    const failed = this.session.drain((name) => this.#lostRequest(name, reason));
    for (const event of failed) if (event.kind === "failed") this.#settle(event);
    this.#readers.rejectAll(error);
    if (!wasOpen) this.#opened.reject(reason.error ?? new ClosedError("closed", reason.message));
    this.#end(reason, goodbye, orderly, wasOpen);
  }

  async #end(
    reason: CloseReason,
    goodbye: Refusal | undefined,
    orderly: boolean,
    wasOpen: boolean,
  ): Promise<void> {
    const { closeMs } = this.endpoint.limits;
    if (orderly) await this.#calls.idle(closeMs); // the other side half-closed: what it asked for is still answered
    this.#state = "closing";
    if (goodbye !== undefined) this.#sayGoodbye(goodbye);
    this.#calls.abort(reason.error ?? new ClosedError("closed", reason.message));
    if (reason.error instanceof BrokenError && !reason.byUs) this.link.abort();
    await this.link.finish(reason.error === undefined ? closeMs : FAILED_DRAIN_MS, LINGER_MS);
    // What these have said was in the outbox: nobody knows how much of it has arrived.
    this.#senders.rejectAll(() => this.#notOpen("message", "send", "unknown"));
    this.#state = "closed";
    this.#hooks.ended?.(reason);
    if (wasOpen) this.endpoint.chain.disconnect(this.peer, reason);
    this.#closed.resolve(reason);
  }

  #sayGoodbye({ code, message }: Refusal): void {
    try {
      this.session.close(code, message);
    } catch {
      // It does not fit what the other side takes in one frame; the end of the stream tells it as well.
    }
  }

  #lostRequest(name: string, reason: CloseReason): ParleyError {
    const text = `Link ${this.label} ended before request "${name}" was answered: ${reason.message}`;
    const options = { outcome: "unknown", cause: reason.error } as const;
    return reason.byUs && reason.error === undefined
      ? new ClosedError("closed", text, options)
      : new BrokenError("disconnected", text, options);
  }
}

/** What is kept for `receive` beside callbacks that see every message anyway. */
const KEPT_MESSAGES = 64;
const KEPT_BYTES = 64 * 1024;
/** How far beyond `limits.maxHandling` callbacks may go while reading cannot stop. */
const OVERFLOW_FACTOR = 4;
/** How long last words to a peer that broke the rules may take, in milliseconds. */
const FAILED_DRAIN_MS = 500;
/** How long the other side may take to close as well, in milliseconds. */
const LINGER_MS = 200;

const TAKEN: Promise<void> = Promise.resolve();

function noop(): void {}

/** A `send` that nobody awaits must not end the program when its link is down; who awaits it gets the error. */
function quiet(promise: Promise<void>): Promise<void> {
  if (promise !== TAKEN) promise.catch(noop);
  return promise;
}
