import type { Sleeper } from "./alarm.ts";
import type { Admission, Refusal, ResumeClaim, Role } from "../dialect/dialect.ts";
import {
  BrokenError,
  CancelledError,
  ClosedError,
  ParleyError,
  ProtocolError,
  TimeoutError,
} from "../errors.ts";
import type { Kwargs } from "../message.ts";
import { Session } from "../session.ts";
import type { SessionEvent } from "../session_event.ts";
import type { Transport } from "../transport/transport.ts";
import { Caller, type CallerOwner, type Wait, type Waiting } from "./caller.ts";
import { CloseReason } from "./close_reason.ts";
import { Dispatcher, type DispatcherOwner } from "./dispatcher.ts";
import type { Endpoint } from "./endpoint.ts";
import { Incoming, type IncomingOwner, LINK_ENDED } from "./incoming.ts";
import { Link, type LinkOwner } from "./link.ts";
import { endReason, lostAnswer, notOpen, refusedReason } from "./link_reasons.ts";
import type { Outbox } from "./outbox.ts";
import { Outgoing, type OutgoingOwner } from "./outgoing.ts";
import type { CoreSlot, Peer } from "./peer.ts";
import { ReadGate } from "./read_gate.ts";
import { RunningCalls } from "./running_calls.ts";
import { Upkeep, type UpkeepOwner } from "./upkeep.ts";

/** What the endpoint of a peer wants to know, and decides: one for all of its peers. */
export interface PeerHooks {
  /** The handshake of a link is done. Called before `onConnect`. */
  ready?(core: PeerCore): void;
  /** A link that was up is lost, and another may follow. Called before `onDisconnect`. */
  lost?(core: PeerCore, reason: CloseReason): void;
  /** No other link will follow, whether there was one or not. Called before `onDisconnect`. */
  ended?(core: PeerCore, reason: CloseReason): void;
  /** Asked in the handshake of a server: whether the other side may come in. */
  admit?(core: PeerCore, claim?: ResumeClaim): Admission;
  /** The other side comes back to another peer, which takes the transport over. */
  moved?(claim: ResumeClaim, transport: Transport, rest: Uint8Array): void;
  /** Asked when a link is lost or did not come up: whether another may follow. */
  mayReturn?(core: PeerCore, reason: CloseReason): boolean;
}

/**
 * - `opening`: the first link is being made
 * - `open`: messages may flow
 * - `down`: the link is lost, and another is to follow
 * - `closing`: what was said is leaving
 * - `closed`: nothing more will happen
 */
type State = "opening" | "open" | "down" | "closing" | "closed";

/**
 * One conversation with one other end, over one link or several: where the pure session meets the transport, the
 * callbacks, the handlers and the promises of the user. `Peer` is what users see of it.
 */
export class PeerCore
  implements
    LinkOwner,
    DispatcherOwner,
    CallerOwner,
    IncomingOwner,
    OutgoingOwner,
    UpkeepOwner,
    Sleeper,
    CoreSlot {
  readonly endpoint: Endpoint;
  readonly session: Session;
  readonly calls: RunningCalls;
  readonly caller: Caller;
  /** When the link was made that there is, or was last, in milliseconds since 1970. */
  openedAt: number = Date.now();
  /** Kept by the alarm. */
  wakeAt = Infinity;
  /** The user's view of this core; set once, right after construction. */
  peer!: Peer;

  readonly #hooks: PeerHooks;
  readonly #gate: ReadGate;
  readonly #incoming: Incoming;
  readonly #outgoing: Outgoing;
  readonly #dispatcher: Dispatcher;
  readonly #upkeep: Upkeep;
  #label: string;
  #isLocal = false;
  #link: Link | undefined;
  /** True while a link is being made, until its handshake is done. */
  #isOpening = false;
  /** Who waits for that. */
  #opener: PromiseWithResolvers<void> | undefined;
  #handshakeDeadline = Infinity;
  #state: State = "opening";
  #wasUp = false;
  #reason: CloseReason | undefined;
  /** Why the last link was lost, while there is none. */
  #lastReason: CloseReason | undefined;
  #goodbye: Refusal | undefined;
  #closed: PromiseWithResolvers<CloseReason> | undefined;
  /** Calls of `ask` that have no answer yet. */
  #asking = 0;

  constructor(endpoint: Endpoint, label: string, role: Role, hooks: PeerHooks) {
    const { limits } = endpoint;
    this.endpoint = endpoint;
    this.#hooks = hooks;
    this.#label = label;
    this.session = new Session(endpoint.dialect, {
      role,
      limits,
      payload: endpoint.payload,
      link: label,
      resumable: hooks.mayReturn !== undefined,
      admit: hooks.admit && ((claim) => hooks.admit!(this, claim)),
    });
    this.#gate = new ReadGate(this);
    this.#outgoing = new Outgoing(this);
    this.#incoming = new Incoming(this, this.#gate);
    this.calls = new RunningCalls(endpoint.world, this.#incoming);
    this.caller = new Caller(this);
    this.#dispatcher = new Dispatcher(this);
    this.#upkeep = new Upkeep(this, limits, this.now());
  }

  get state(): State {
    return this.#state;
  }

  get isOpen(): boolean {
    return this.#state === "open";
  }

  get isDown(): boolean {
    return this.#state === "down";
  }

  /** The address of the other end. */
  get label(): string {
    return this.#label;
  }

  get address(): string {
    return this.#label;
  }

  get core(): PeerCore {
    return this;
  }

  get outbox(): Outbox {
    return this.#outgoing.outbox;
  }

  get closed(): Promise<CloseReason> {
    if (this.#closed === undefined) {
      this.#closed = Promise.withResolvers();
      if (this.#state === "closed") this.#closed.resolve(this.#reason!);
    }
    return this.#closed.promise;
  }

  get canSpeak(): boolean {
    return this.#state === "open" || this.#state === "closing" || this.#state === "opening" ||
      this.#isWaiting;
  }

  get canCall(): boolean {
    return (this.#state === "open" && this.#reason === undefined) || this.#isWaiting;
  }

  get isOver(): boolean {
    return this.#reason !== undefined;
  }

  get discloses(): boolean {
    return this.endpoint.discoverable ?? this.#isLocal;
  }

  /** Requests and asks of ours that have no answer yet. */
  get pending(): number {
    return this.session.pendingRequests + this.#asking + this.caller.queued;
  }

  /** Messages that nobody received and that were forgotten. */
  get forgotten(): number {
    return this.#incoming.dropped;
  }

  /**
   * Takes a link, the first one or another.
   *
   * @param opener Hears when messages may flow, or that the link has ended before.
   * @param begin What the session does first; by default it opens.
   */
  attach(
    transport: Transport,
    opener?: PromiseWithResolvers<void>,
    begin: () => readonly SessionEvent[] = () => this.session.open(this.now()),
  ): void {
    const { limits, world } = this.endpoint;
    this.#label = this.session.link = transport.remoteAddress;
    this.#isLocal = transport.isLocal;
    this.openedAt = Date.now();
    this.#goodbye = undefined;
    this.#isOpening = true;
    this.#opener = opener;
    this.#handshakeDeadline = this.now() + limits.handshakeMs;
    this.#link = new Link(transport, this.session, this, world, this.#gate.holds);
    this.#link.start(begin);
    this.wake(this.nextTickAt);
  }

  /** The other side is back on another link: whatever link there still is has been lost. */
  takeOver(transport: Transport, claim: ResumeClaim, rest: Uint8Array): void {
    if (this.#link !== undefined) {
      const text = `${this.#label} came back on another link`;
      this.#dropLink({ code: "session_taken", message: text });
      this.#lose(new CloseReason("session_taken", text, { byUs: true }));
    }
    this.attach(transport, undefined, () => {
      const events = this.session.resume(claim, this.now());
      return [...events, ...this.session.receive(rest, this.now())];
    });
  }

  // ---- what users do

  send(value: unknown, options: Wait & { queue?: boolean } = NO_OPTIONS): Promise<void> {
    return this.#outgoing.send(value, options);
  }

  action(
    name: string,
    args: readonly unknown[],
    kwargs: Kwargs | undefined,
    options: Wait,
  ): Promise<void> {
    return this.#outgoing.action(name, args, kwargs, options);
  }

  /**
   * Takes a message that another peer's session has encoded; false when the link is down, the outbox is full, or the
   * message is larger than the other side takes.
   */
  sendEncoded(bytes: Uint8Array): boolean {
    return this.#state === "open" && this.outbox.sendEncoded(bytes);
  }

  async ask(value: unknown, options: Wait): Promise<unknown> {
    const { timeoutMs = this.endpoint.limits.askMs, signal } = options;
    if (signal?.aborted) throw new CancelledError(`Message to ${this.#label}`, signal, "not-sent");
    if (this.#state !== "open" || this.#reason !== undefined) throw this.cannotSend("message");
    this.outbox.put("message", () => this.session.send(value));
    this.#gate.open();
    this.#asking++;
    try {
      return await this.#incoming.answer(timeoutMs, signal);
    } catch (error) {
      // Those who only receive hear that the link has ended; who asked hears what became of the question.
      throw error === LINK_ENDED ? lostAnswer(this.#label, "the message", this.#reason!, "unknown") : error;
    } finally {
      this.#asking--;
    }
  }

  receive({ timeoutMs = this.endpoint.limits.receiveMs, signal }: Wait): Promise<unknown> {
    return this.#incoming.receive(timeoutMs, signal);
  }

  messages(): AsyncGenerator<unknown, void, void> {
    return this.#incoming.messages();
  }

  /** Ends the conversation after what was said has left. Never rejects. */
  close(code = "bye", message = ""): Promise<CloseReason> {
    if (this.#reason !== undefined) {
      this.calls.stopWaiting();
    } else {
      const reason = new CloseReason("closed", message || `Link ${this.#label} was closed here`, {
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
      if (this.#link === undefined || this.#state === "closing" || this.#state === "closed") {
        this.#onlySettle(events[i]);
      } else {
        this.#on(events[i]);
      }
    }
    if (this.#state === "open" || this.#isOpening) this.wake(this.nextTickAt);
  }

  heard(): void {
    this.#upkeep.used(this.endpoint.world.now);
    this.caller.advance();
    this.#outgoing.admitParts();
  }

  drained(): void {
    this.#upkeep.used(this.endpoint.world.now);
    if (!this.outbox.drained()) return;
    this.#gate.release("answers");
    this.#outgoing.admitParts();
  }

  ended(error: ParleyError | undefined): void {
    if (this.#reason !== undefined) {
      if (error !== undefined) this.calls.stopWaiting(); // not half-closed but gone: nobody reads an answer
    } else if (this.#isOpening) {
      this.#refuse(this.#refused(error));
    } else {
      const orderly = error === undefined && this.#goodbye === undefined;
      this.#leave(endReason(this.#label, this.#goodbye, error), undefined, orderly);
    }
  }

  /** A peer that asks and does not read its answers is read no further, until it does. */
  answered(): void {
    if (this.outbox.isHigh && this.pending === 0) this.#gate.hold("answers");
    const { keptBytes } = this.session;
    if (keptBytes <= this.endpoint.limits.maxOutboxBytes) return;
    this.overloaded(
      `${this.#label} does not acknowledge what it gets: ${keptBytes} bytes are kept for it ` +
        `(limits.maxOutboxBytes ${this.endpoint.limits.maxOutboxBytes})`,
    );
  }

  // ---- what the parts of a core ask of it

  get backlogBytes(): number {
    return this.#link?.backlogBytes ?? 0;
  }

  get isProducing(): boolean {
    return this.#dispatcher.isProducing;
  }

  /** A stream is made now: its reader's credit has to be heard. */
  producing(): void {
    this.#gate.release("work");
  }

  get overfullBytes(): number | undefined {
    return this.outbox.isFull ? this.backlogBytes : undefined;
  }

  flush(): void {
    this.#link?.flush();
  }

  hold(): void {
    this.#link?.hold();
  }

  release(): void {
    this.#link?.release();
  }

  wake(at: number): void {
    if (at < this.wakeAt) this.endpoint.alarm.wake(this, at);
  }

  /** Reading goes on, whatever has come: somebody waits for an answer now. */
  called(deadline: number): void {
    this.wake(deadline);
    this.flush();
    this.#gate.open();
  }

  room(): Promise<void> {
    return this.#outgoing.room();
  }

  get isBusy(): boolean {
    return this.#state !== "open" || this.pending > 0 || this.calls.size > 0;
  }

  idle(text: string): void {
    this.#finish(new CloseReason("idle", text, { byUs: true }), { code: "limit", message: text });
  }

  cannotSend(what: string): ParleyError {
    return notOpen(`Cannot send ${what} to ${this.#label}`, this.#reason ?? this.#lastReason, "not-sent");
  }

  cannotReceive(): unknown {
    return this.#reason?.error ?? notOpen(`Cannot receive from ${this.#label}`, this.#reason);
  }

  dropped(count: number): void {
    this.endpoint.chain.event({ kind: "drop", count }, this.peer);
  }

  tooSlow(text: string): void {
    if (this.#reason !== undefined) return;
    const error = new BrokenError("slow", text);
    this.endpoint.chain.fail(error, this.peer);
    this.#finish(new CloseReason("slow", text, { byUs: true, error }), { code: "limit", message: text });
  }

  /** Reading could not stop because an answer is waited for, and more has come than can be kept. */
  overloaded(text: string): void {
    if (this.#reason !== undefined) return;
    const error = new ProtocolError("overloaded", text);
    this.endpoint.chain.fail(error, this.peer);
    this.#finish(new CloseReason("overloaded", text, { byUs: true, error }), {
      code: "limit",
      message: text,
    });
  }

  // ---- the clock

  get nextTickAt(): number {
    if (this.#state === "closing" || this.#state === "closed") return Infinity;
    const handshake = this.#isOpening ? this.#handshakeDeadline : Infinity;
    return Math.min(
      handshake,
      this.session.nextTickAt,
      this.#incoming.nextDeadline,
      this.#outgoing.nextDeadline,
      this.caller.nextDeadline,
      this.calls.nextDeadline,
      this.#upkeep.nextTickAt,
    );
  }

  tick(now: number): void {
    if (this.#state === "closing" || this.#state === "closed") return;
    if (this.#isOpening && now >= this.#handshakeDeadline) {
      const text = `${this.#label} did not answer the "${this.endpoint.dialect.name}" handshake within ` +
        `${this.endpoint.limits.handshakeMs} ms; does it speak this dialect?`;
      const error = new TimeoutError("handshake", text);
      return this.#refuse(new CloseReason("handshake", text, { byUs: true, error }));
    }
    const events = this.session.tick(now, this.#link?.isListening ?? true);
    if (this.#link !== undefined) this.#link.feed(events);
    else this.handle(events);
    this.#incoming.expire(now);
    this.#outgoing.expire(now);
    this.caller.expire(now);
    this.#dispatcher.expire(now);
    this.#upkeep.tick(now);
  }

  // ---- events

  #on(event: SessionEvent): void {
    switch (event.kind) {
      case "message":
        return this.#incoming.deliver(event);
      case "answered":
      case "failed":
      case "part":
        return this.#onlySettle(event);
      case "request":
        return this.#dispatcher.request(event);
      case "action":
        return this.#dispatcher.action(event);
      case "cancel":
        return this.#dispatcher.cancel(event.id);
      case "credit":
        return this.#dispatcher.credit(event.id, event.bytes);
      case "ready":
        return this.#onReady(event);
      case "reset":
        this.#dispatcher.abort(
          new BrokenError("reset", `${this.#label} has begun anew: nobody waits any more`),
        );
        return this.endpoint.chain.event({ kind: "reset", unknown: event.unknown }, this.peer);
      case "moved": {
        const transport = this.#link!.handOver();
        this.#link = undefined;
        this.#vanish();
        return this.#hooks.moved?.(event.claim, transport, event.rest);
      }
      case "fault":
        return this.#onFault(event.error);
      case "goodbye":
        this.#goodbye = event;
        if (this.#isOpening) this.#refuse(this.#refused(undefined));
        return;
      case "stale":
        return this.endpoint.chain.event({ kind: "stale", ms: event.ms }, this.peer);
      case "lost": {
        const doing = this.#isOpening ? "refused" : "given up";
        const error = new BrokenError(event.code, `Link ${this.#label} is ${doing}: ${event.message}`);
        const reason = new CloseReason(event.code, error.message, { byUs: true, error });
        return this.#isOpening ? this.#refuse(reason) : this.#leave(reason);
      }
    }
  }

  #onReady({ resumed, replayed, duplicates }: SessionEvent & { kind: "ready" }): void {
    const { chain } = this.endpoint;
    const first = !this.#wasUp;
    const opener = this.#takeOpener();
    this.#lastReason = undefined;
    this.#wasUp = true;
    this.#state = "open";
    this.#upkeep.begin(this.now());
    this.#hooks.ready?.(this);
    if (resumed) chain.event({ kind: "resumed", replayed, duplicates }, this.peer);
    chain.event({ kind: "up", first, resumed }, this.peer);
    chain.connect(this.peer, { first, resumed });
    opener?.resolve();
    this.#outgoing.up();
    this.heard();
  }

  #onFault(error: ProtocolError): void {
    if (error.fatal && this.#isOpening) return this.#refuse(this.#refused(error));
    const text = `${error.message} (from ${this.#label})`;
    const named = new ProtocolError(error.code, text, { fatal: error.fatal, cause: error.cause });
    this.endpoint.chain.fail(named, this.peer);
    if (!error.fatal) return;
    const reason = new CloseReason(error.code, text, { byUs: true, error: named });
    this.#leave(reason, { code: "protocol", message: error.message });
  }

  /** Answers matter to the last: whoever waits for one must not be left waiting. */
  #onlySettle(event: SessionEvent): void {
    if (event.kind === "answered") (event.token as Waiting).resolve(event.value);
    else if (event.kind === "failed") (event.token as Waiting).reject(event.error);
    else if (event.kind === "part") (event.token as Waiting).part?.(event.value, event.bytes);
  }

  // ---- losing the link

  /** True when one of its links was up. */
  get wasUp(): boolean {
    return this.#wasUp;
  }

  /** No other link will come: the other side was waited for long enough, or cannot be reached. */
  giveUp(reason: CloseReason): void {
    if (this.#reason === undefined) this.#finish(reason);
  }

  /** True while calls may be made though there is no link: they leave with the next one. */
  get #isWaiting(): boolean {
    return this.#state === "down" && this.session.isResumable;
  }

  #refused(error: ParleyError | undefined): CloseReason {
    return refusedReason(this.#label, this.endpoint.dialect.name, this.#goodbye, error);
  }

  #mayReturn(reason: CloseReason): boolean {
    if (this.#goodbye !== undefined && LAST_WORDS.has(this.#goodbye.code)) return false;
    return this.#hooks.mayReturn?.(this, reason) === true;
  }

  /** A link did not come up. */
  #refuse(reason: CloseReason): void {
    if (!this.#mayReturn(reason)) return this.#finish(reason);
    const opener = this.#takeOpener();
    this.#dropLink();
    this.session.suspend();
    this.#state = "down";
    this.#lastReason ??= reason;
    opener?.reject(reason.error ?? new ClosedError("closed", reason.message));
  }

  /** A link that was up has ended: the conversation waits for another, or ends with it. */
  #leave(reason: CloseReason, goodbye?: Refusal, orderly = false): void {
    if (!this.#mayReturn(reason)) return this.#finish(reason, goodbye, orderly);
    this.#dropLink(goodbye);
    this.#lose(reason);
  }

  #dropLink(goodbye?: Refusal): void {
    const link = this.#link;
    this.#link = undefined;
    this.#takeOpener();
    if (goodbye === undefined) return link?.abort();
    this.#sayGoodbye(goodbye);
    link?.leave(this.session.takeOutput().slice());
  }

  /** There is no link any more, and another may follow. */
  #lose(reason: CloseReason): void {
    const { chain } = this.endpoint;
    const retrying = reason.retrying(true);
    this.#state = "down";
    this.#lastReason = retrying;
    if (!this.session.isResumable) {
      const drained = this.session.drain((what, outcome) => lostAnswer(this.#label, what, reason, outcome));
      for (const event of drained) this.#onlySettle(event);
      this.#dispatcher.abort(reason.error ?? new ClosedError("closed", reason.message));
    }
    this.session.suspend();
    this.#incoming.lose(() => lostAnswer(this.#label, "the message", reason, "unknown"));
    this.outbox.end(() => notOpen(`Cannot send message to ${this.#label}`, reason, "unknown"));
    this.#gate.release("answers");
    this.#hooks.lost?.(this, retrying);
    chain.event({ kind: "down", reason: retrying, willRetry: true }, this.peer);
    chain.disconnect(this.peer, retrying);
    this.wake(this.nextTickAt);
  }

  // ---- ending

  /** Another peer goes on with the link: of this one nobody has heard yet. */
  #vanish(): void {
    this.#state = "closed";
    this.#reason = new CloseReason("moved", `${this.#label} has come back`, { byUs: false });
    this.#takeOpener();
    this.#hooks.ended?.(this, this.#reason);
    this.#closed?.resolve(this.#reason);
  }

  /** Settles everything that waits, and closes the link; when `orderly`, only after the work at hand is done. */
  #finish(reason: CloseReason, goodbye?: Refusal, orderly = false): void {
    const wasOpen = this.#state === "open";
    const opener = this.#takeOpener();
    if (!orderly) this.#state = "closing";
    this.#reason = reason;
    const lost = this.session.drain((what, outcome) => lostAnswer(this.#label, what, reason, outcome));
    for (const event of lost) this.#onlySettle(event);
    this.caller.end((what) => notOpen(`${what} was not sent`, reason, "not-sent"));
    this.#outgoing.giveUp(() => this.cannotSend("message"));
    this.#incoming.end();
    opener?.reject(reason.error ?? new ClosedError("closed", reason.message));
    this.#end(reason, goodbye, orderly, wasOpen);
  }

  async #end(
    reason: CloseReason,
    goodbye: Refusal | undefined,
    orderly: boolean,
    wasOpen: boolean,
  ): Promise<void> {
    const { limits, chain } = this.endpoint;
    if (orderly) await this.calls.idle(limits.closeMs); // the other side half-closed: it still gets its answers
    this.#state = "closing";
    if (goodbye !== undefined && this.#link !== undefined) this.#sayGoodbye(goodbye);
    this.#dispatcher.abort(reason.error ?? new ClosedError("closed", reason.message));
    if (reason.error instanceof BrokenError && !reason.byUs) this.#link?.abort();
    await this.#link?.finish(reason.error === undefined ? limits.closeMs : FAILED_DRAIN_MS, LINGER_MS);
    // What these have said was in the outbox: nobody knows how much of it has arrived.
    this.outbox.end(() => notOpen(`Cannot send message to ${this.#label}`, reason, "unknown"));
    this.#state = "closed";
    this.#outgoing.admitParts();
    this.#hooks.ended?.(this, reason);
    if (this.#wasUp) chain.event({ kind: "down", reason, willRetry: false }, this.peer);
    if (wasOpen) chain.disconnect(this.peer, reason);
    this.#closed?.resolve(reason);
  }

  /** No link is being made any more; returns who waits for it. */
  #takeOpener(): PromiseWithResolvers<void> | undefined {
    const opener = this.#opener;
    this.#isOpening = false;
    this.#opener = undefined;
    return opener;
  }

  #sayGoodbye({ code, message }: Refusal): void {
    try {
      this.session.close(code, message);
    } catch {
      // It does not fit what the other side takes in one frame; the end of the stream tells it as well.
    }
  }
}

/** What the other side says that will not talk to us on another link either. */
const LAST_WORDS: ReadonlySet<string> = new Set(["bye", "version", "auth"]);
/** How long last words to a peer that broke the rules may take, in milliseconds. */
const FAILED_DRAIN_MS = 500;
/** How long the other side may take to close as well, in milliseconds. */
const LINGER_MS = 200;

const NO_OPTIONS = Object.freeze({});
