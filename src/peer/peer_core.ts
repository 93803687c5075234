import type { Refusal, Role } from "../dialect/dialect.ts";
import { BrokenError, ClosedError, type ParleyError, ProtocolError, TimeoutError } from "../errors.ts";
import type { Kwargs } from "../message.ts";
import { Session } from "../session.ts";
import type { SessionEvent } from "../session_event.ts";
import type { Transport } from "../transport/transport.ts";
import { CloseReason } from "./close_reason.ts";
import { Dispatcher, type DispatcherOwner } from "./dispatcher.ts";
import type { Endpoint } from "./endpoint.ts";
import { Link, type LinkOwner } from "./link.ts";
import { endReason, lostAnswer, notOpen, refusedReason } from "./link_reasons.ts";
import { Mailbox } from "./mailbox.ts";
import { Outbox } from "./outbox.ts";
import type { Peer } from "./peer.ts";
import { ReadGate } from "./read_gate.ts";
import { RunningCalls } from "./running_calls.ts";

/** What the endpoint of a peer wants to know. */
export interface PeerHooks {
  /** The handshake is done. Called before `onConnect`. */
  ready?(): void;
  /** The link has ended, whether it was ready or not. Called before `onDisconnect`. */
  ended?(reason: CloseReason): void;
  /** Asked in the handshake: why the other side may not come in. */
  admit?(): Refusal | undefined;
}

/** How long a call waits, and what else ends it. */
interface Wait {
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
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
export class PeerCore implements LinkOwner, DispatcherOwner {
  readonly endpoint: Endpoint;
  readonly session: Session;
  readonly link: Link;
  readonly outbox: Outbox;
  readonly calls: RunningCalls;
  readonly label: string;
  readonly openedAt: number = Date.now();
  /** The user's view of this core; set once, right after construction. */
  peer!: Peer;

  readonly #hooks: PeerHooks;
  readonly #gate: ReadGate;
  readonly #mailbox: Mailbox;
  readonly #dispatcher: Dispatcher;
  readonly #opened = Promise.withResolvers<void>();
  readonly #closed = Promise.withResolvers<CloseReason>();
  readonly #handshakeDeadline: number;
  #state: State = "opening";
  #reason: CloseReason | undefined;
  #goodbye: Refusal | undefined;
  /** Calls of `ask` that have no answer yet. */
  #asking = 0;

  constructor(endpoint: Endpoint, transport: Transport, role: Role, hooks: PeerHooks) {
    const { limits, alarm } = endpoint;
    this.endpoint = endpoint;
    this.#hooks = hooks;
    this.label = transport.remoteAddress;
    this.session = new Session(endpoint.dialect, {
      role,
      limits,
      payload: endpoint.payload,
      link: this.label,
      admit: hooks.admit && (() => hooks.admit!()),
    });
    this.link = new Link(transport, this.session, this);
    this.outbox = new Outbox(this.label, limits, alarm, this.link);
    this.calls = new RunningCalls(() => this.#workEnded());
    this.#gate = new ReadGate(this.link);
    this.#mailbox = new Mailbox(this.label, limits, alarm, this.#gate);
    this.#dispatcher = new Dispatcher(this);
    this.#handshakeDeadline = alarm.now() + limits.handshakeMs;
    this.#opened.promise.catch(noop); // a server does not wait for it
  }

  get state(): State {
    return this.#state;
  }

  get canSpeak(): boolean {
    return this.#state !== "closed";
  }

  get closed(): Promise<CloseReason> {
    return this.#closed.promise;
  }

  /** Requests and asks of ours that have no answer yet. */
  get pending(): number {
    return this.session.pendingRequests + this.#asking;
  }

  /** Messages that nobody received and that were forgotten. */
  get dropped(): number {
    return this.#mailbox.dropped;
  }

  /** Resolves when messages may flow; rejects when the link ends before. */
  open(): Promise<void> {
    this.endpoint.alarm.notify(this.#handshakeDeadline);
    this.link.start();
    this.endpoint.alarm.notify(this.nextTickAt);
    return this.#opened.promise;
  }

  // ---- what users do

  send(value: unknown, options: Wait = {}): Promise<void> {
    return quiet(this.#say("message", options, () => this.session.send(value)));
  }

  action(name: string, args: readonly unknown[], kwargs: Kwargs | undefined): Promise<void> {
    return quiet(this.#say(`action "${name}"`, {}, () => this.session.action(name, args, kwargs)));
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

  request(name: string, args: readonly unknown[], options: Wait & { kwargs?: Kwargs }): Promise<unknown> {
    const { signal, timeoutMs = this.endpoint.limits.requestMs } = options;
    if (this.#state !== "open" || this.#reason !== undefined) {
      return Promise.reject(this.#cannotSend(`request "${name}"`));
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
      this.#gate.open();
    });
  }

  async ask(value: unknown, options: Wait): Promise<unknown> {
    const { timeoutMs = this.endpoint.limits.askMs, signal } = options;
    signal?.throwIfAborted();
    if (this.#state !== "open" || this.#reason !== undefined) throw this.#cannotSend("message");
    this.outbox.put("message", () => this.session.send(value));
    this.#gate.open();
    this.#asking++;
    try {
      return await this.#mailbox.next("answer", timeoutMs, signal);
    } catch (error) {
      // Those who only receive hear that the link has ended; who asked hears what became of the question.
      throw error === LINK_ENDED ? lostAnswer(this.label, "the message", this.#reason!) : error;
    } finally {
      this.#asking--;
    }
  }

  async receive(options: Wait): Promise<unknown> {
    const { timeoutMs = this.endpoint.limits.receiveMs, signal } = options;
    this.#mailbox.pull();
    if (this.#mailbox.size > 0) return this.#mailbox.take();
    if (this.#reason !== undefined) throw this.#cannotReceive();
    try {
      return await this.#mailbox.next("message", timeoutMs, signal);
    } catch (error) {
      throw error === LINK_ENDED ? this.#reason!.error ?? this.#cannotReceive() : error;
    }
  }

  /** All messages until the link ends. The message in hand counts as work: the link is not closed under it. */
  async *messages(): AsyncGenerator<unknown, void, void> {
    this.#mailbox.pull();
    for (;;) {
      let message: unknown;
      if (this.#mailbox.size > 0) message = this.#mailbox.take();
      else if (this.#reason !== undefined) return;
      else {
        try {
          message = await this.#mailbox.next("message", Infinity, undefined);
        } catch {
          return; // the link has ended; `closed` tells why
        }
      }
      const done = this.calls.begin();
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
      this.calls.stopWaiting();
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
      if (this.#state === "closing" || this.#state === "closed") this.#onlySettle(events[i]);
      else this.#on(events[i]);
    }
    if (this.#state === "open" || this.#state === "opening") this.endpoint.alarm.notify(this.nextTickAt);
  }

  drained(): void {
    if (this.outbox.drained()) this.#gate.release("answers");
  }

  ended(error: ParleyError | undefined): void {
    if (this.#reason !== undefined) {
      if (error !== undefined) this.calls.stopWaiting(); // not half-closed but gone: nobody reads an answer
    } else if (this.#state === "opening") {
      this.#finish(this.#refused(error));
    } else {
      const orderly = error === undefined && this.#goodbye === undefined;
      this.#finish(endReason(this.label, this.#goodbye, error), undefined, orderly);
    }
  }

  /** A peer that asks and does not read its answers is read no further, until it does. */
  answered(): void {
    if (this.outbox.isHigh && this.pending === 0) this.#gate.hold("answers");
  }

  // ---- the clock

  get nextTickAt(): number {
    if (this.#state === "closing" || this.#state === "closed") return Infinity;
    const handshake = this.#state === "opening" ? this.#handshakeDeadline : Infinity;
    return Math.min(handshake, this.session.nextTickAt, this.#mailbox.nextDeadline, this.outbox.nextDeadline);
  }

  tick(now: number): void {
    if (this.#state === "closing" || this.#state === "closed") return;
    if (this.#state === "opening" && now >= this.#handshakeDeadline) {
      const text = `${this.label} did not answer the "${this.endpoint.dialect.name}" handshake within ` +
        `${this.endpoint.limits.handshakeMs} ms; does it speak this dialect?`;
      const error = new TimeoutError("handshake", text);
      return this.#finish(new CloseReason("handshake", text, { byUs: true, error }));
    }
    this.link.feed(this.session.tick(now, this.link.isListening));
    this.#mailbox.expire(now);
    this.outbox.expire(now);
  }

  // ---- events

  #on(event: SessionEvent): void {
    switch (event.kind) {
      case "message":
        return this.#onMessage(event.value, event.bytes);
      case "answered":
      case "failed":
        return this.#onlySettle(event);
      case "request":
        return this.#dispatcher.request(event);
      case "action":
        return this.#dispatcher.action(event);
      case "ready":
        return this.#onReady();
      case "fault":
        return this.#onFault(event.error);
      case "goodbye":
        this.#goodbye = event;
        if (this.#state === "opening") this.#finish(this.#refused(undefined));
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
    this.endpoint.chain.connect(this.peer);
    this.#opened.resolve();
  }

  #onMessage(value: unknown, bytes: number): void {
    const { chain, limits } = this.endpoint;
    chain.receive(value, this.peer, this.#track);
    const delivery = { hasReceivers: chain.hasReceivers, mustRead: this.session.pendingRequests > 0 };
    if (this.#mailbox.deliver(value, bytes, delivery)) return;
    this.#overloaded(
      `Inbox of ${this.label} holds ${this.#mailbox.size} messages that nobody receives ` +
        `(limits.maxInboxMessages ${limits.maxInboxMessages})`,
    );
  }

  #onFault(error: ProtocolError): void {
    if (error.fatal && this.#state === "opening") return this.#finish(this.#refused(error));
    const text = `${error.message} (from ${this.label})`;
    const named = new ProtocolError(error.code, text, { fatal: error.fatal, cause: error.cause });
    this.endpoint.chain.fail(named, this.peer);
    if (!error.fatal) return;
    const reason = new CloseReason(error.code, text, { byUs: true, error: named });
    this.#finish(reason, { code: "protocol", message: error.message });
  }

  /** Answers matter to the last: whoever waits for one must not be left waiting. */
  #onlySettle(event: SessionEvent): void {
    if (event.kind === "answered") (event.token as Waiting).resolve(event.value);
    else if (event.kind === "failed") (event.token as Waiting).reject(event.error);
  }

  // ---- work that goes on

  /** A callback that goes on asynchronously is work like a handler: too much of it stops the reading. */
  readonly #track = (work: PromiseLike<unknown>): void => {
    const { maxHandling } = this.endpoint.limits;
    const done = this.calls.begin();
    work.then(done, done);
    if (this.calls.size < maxHandling) return;
    if (this.pending === 0) {
      this.#gate.hold("work");
    } else if (this.calls.size >= maxHandling * OVERFLOW_FACTOR) {
      this.#overloaded(
        `${this.calls.size} callbacks and handlers of ${this.label} run at once (limits.maxHandling ${maxHandling})`,
      );
    }
  };

  #workEnded(): void {
    if (this.calls.size <= this.endpoint.limits.maxHandling / 2) this.#gate.release("work");
  }

  /** Reading could not stop because an answer is waited for, and more has come than can be kept. */
  #overloaded(text: string): void {
    if (this.#reason !== undefined) return;
    const error = new ProtocolError("overloaded", text);
    this.endpoint.chain.fail(error, this.peer);
    this.#finish(new CloseReason("overloaded", text, { byUs: true, error }), {
      code: "limit",
      message: text,
    });
  }

  // ---- saying

  #say(what: string, options: Wait, write: () => void): Promise<void> {
    if (options.signal?.aborted) return Promise.reject(options.signal.reason);
    if (this.#state !== "open") return Promise.reject(this.#cannotSend(what));
    try {
      this.outbox.put(what, write);
    } catch (error) {
      return Promise.reject(error);
    }
    return this.outbox.isHigh ? this.outbox.room(options) : TAKEN;
  }

  #cannotSend(what: string): ParleyError {
    return notOpen(`Cannot send ${what} to ${this.label}`, this.#reason, "not-sent");
  }

  #cannotReceive(): ParleyError {
    return notOpen(`Cannot receive from ${this.label}`, this.#reason);
  }

  // ---- ending

  #refused(error: ParleyError | undefined): CloseReason {
    return refusedReason(this.label, this.endpoint.dialect.name, this.#goodbye, error);
  }

  /** Settles everything that waits, and closes the link; when `orderly`, only after the work at hand is done. */
  #finish(reason: CloseReason, goodbye?: Refusal, orderly = false): void {
    const wasOpen = this.#state === "open";
    if (!orderly) this.#state = "closing";
    this.#reason = reason;
    const lost = this.session.drain((name) => lostAnswer(this.label, `request "${name}"`, reason));
    for (const event of lost) this.#onlySettle(event);
    this.#mailbox.end(() => LINK_ENDED);
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
    if (orderly) await this.calls.idle(closeMs); // the other side half-closed: what it asked for is still answered
    this.#state = "closing";
    if (goodbye !== undefined) this.#sayGoodbye(goodbye);
    this.calls.abort(reason.error ?? new ClosedError("closed", reason.message));
    if (reason.error instanceof BrokenError && !reason.byUs) this.link.abort();
    await this.link.finish(reason.error === undefined ? closeMs : FAILED_DRAIN_MS, LINGER_MS);
    // What these have said was in the outbox: nobody knows how much of it has arrived.
    this.outbox.end(() => notOpen(`Cannot send message to ${this.label}`, reason, "unknown"));
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
}

/** How far beyond `limits.maxHandling` callbacks may go while reading cannot stop. */
const OVERFLOW_FACTOR = 4;
/** How long last words to a peer that broke the rules may take, in milliseconds. */
const FAILED_DRAIN_MS = 500;
/** How long the other side may take to close as well, in milliseconds. */
const LINGER_MS = 200;
/** What those who wait for a message are told when none will come; each makes its own error of it. */
const LINK_ENDED = Symbol("link ended");

/** What every `send` gets that need not wait. */
const TAKEN: Promise<void> = Promise.resolve();

function noop(): void {}

/** A `send` that nobody awaits must not end the program when its link is down; who awaits it gets the error. */
function quiet(promise: Promise<void>): Promise<void> {
  if (promise !== TAKEN) promise.catch(noop);
  return promise;
}
