import { capital } from "../capital.ts";
import type { Admission, ResumeClaim, Role } from "../dialect/dialect.ts";
import { BrokenError, CancelledError, ClosedError, type ParleyError, ProtocolError } from "../errors.ts";
import { fileError } from "../files/file_error.ts";
import type { Message } from "../message.ts";
import { Session, type SessionWatcher } from "../session.ts";
import type { SessionEvent } from "../session_event.ts";
import type { Transport } from "../transport/transport.ts";
import type { Sleeper } from "./alarm.ts";
import { Caller, type CallerOwner, type Wait, type Waiting } from "./caller.ts";
import { CloseReason } from "./close_reason.ts";
import { Dispatcher, type DispatcherOwner } from "./dispatcher.ts";
import type { Endpoint } from "./endpoint.ts";
import type { FileOwner } from "./file_owner.ts";
import { FileTraffic } from "./file_traffic.ts";
import { Incoming, type IncomingOwner, LINK_ENDED } from "./incoming.ts";
import { type LifeState, LinkLife, type LinkLifeOwner } from "./link_life.ts";
import { lostAnswer, notOpen } from "./link_reasons.ts";
import type { Outbox } from "./outbox.ts";
import { Outgoing, type OutgoingOwner } from "./outgoing.ts";
import type { CoreSlot, Peer } from "./peer.ts";
import { ReadGate } from "./read_gate.ts";
import { RunningCalls } from "./running_calls.ts";
import { type Direction, TrafficView } from "./traffic.ts";
import { Turns, type TurnsOwner } from "./turns.ts";
import { Upkeep, type UpkeepOwner } from "./upkeep.ts";

/** What the endpoint of a peer wants to know, and decides: one for all of its peers. */
export interface PeerHooks {
  /** True when each link begins with something else: who waits for a link waits until `outgoing.up()` is called. */
  readonly greets?: boolean;
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
  /** A peer has asked for the end of the server, in a dialect that lets it. */
  shutDown?(): void;
  /** Asked when a link is lost or did not come up: whether another may follow. */
  mayReturn?(core: PeerCore, reason: CloseReason): boolean;
}

/**
 * One conversation with one other end, over one link or several: where the pure session meets the link, the callbacks,
 * the handlers and the promises of the user. It holds the parts that do the work and passes on what one of them has
 * for another. `Peer` is what users see of it.
 */
export class PeerCore
  implements
    LinkLifeOwner,
    DispatcherOwner,
    CallerOwner,
    IncomingOwner,
    OutgoingOwner,
    UpkeepOwner,
    FileOwner,
    TurnsOwner,
    Sleeper,
    SessionWatcher,
    CoreSlot {
  readonly endpoint: Endpoint;
  readonly session: Session;
  readonly calls: RunningCalls;
  readonly caller: Caller;
  readonly outgoing: Outgoing;
  /** Kept by the alarm. */
  wakeAt = Infinity;
  /** The user's view of this core; set once, right after construction. */
  peer!: Peer;

  readonly #hooks: PeerHooks;
  readonly #life: LinkLife;
  readonly gate: ReadGate;
  readonly #incoming: Incoming;
  readonly #dispatcher: Dispatcher;
  readonly #upkeep: Upkeep;
  /** Made with the first file: most links carry none. */
  #files: FileTraffic | undefined;
  /** Calls of `ask` that have no answer yet. */
  #asking = 0;
  /** Made when messages take turns for the first time: on most wires they never do. */
  #turns: Turns | undefined;
  /** When something came last. */
  #heardAt: number | undefined;
  /** Made when somebody looks on for the first time. */
  #traffic: TrafficView | undefined;

  constructor(endpoint: Endpoint, label: string, role: Role, hooks: PeerHooks) {
    const { limits } = endpoint;
    this.endpoint = endpoint;
    this.#hooks = hooks;
    this.session = new Session(endpoint.dialect, {
      role,
      limits,
      payload: endpoint.payload,
      link: label,
      resumable: hooks.mayReturn !== undefined,
      oneByOne: true,
      watcher: this,
      admit: hooks.admit && ((claim) => hooks.admit!(this, claim)),
    });
    this.#life = new LinkLife(this, label);
    this.gate = new ReadGate(this);
    this.outgoing = new Outgoing(this);
    this.#incoming = new Incoming(this, this.gate);
    this.calls = new RunningCalls(endpoint.world, this.#incoming);
    this.caller = new Caller(this);
    this.#dispatcher = new Dispatcher(this);
    this.#upkeep = new Upkeep(this, limits, this.now());
  }

  // ---- how it stands

  get state(): LifeState {
    return this.#life.state;
  }

  get isOpen(): boolean {
    return this.#life.state === "open";
  }

  get isDown(): boolean {
    return this.#life.state === "down";
  }

  /** True once no other link will follow. */
  get isOver(): boolean {
    return this.#life.reason !== undefined;
  }

  get canSpeak(): boolean {
    const { state } = this.#life;
    return state === "open" || state === "closing" || state === "opening" || this.#isWaiting;
  }

  get canCall(): boolean {
    return (this.isOpen && !this.isOver) || this.#isWaiting;
  }

  get isBusy(): boolean {
    return !this.isOpen || this.pending > 0 || this.calls.size > 0;
  }

  /** True when one of its links was up. */
  get wasUp(): boolean {
    return this.#life.wasUp;
  }

  /** The address of the other end. */
  get label(): string {
    return this.#life.label;
  }

  get address(): string {
    return this.#life.label;
  }

  /** When the link was made that there is, or was last, in milliseconds since 1970. */
  get openedAt(): number {
    return this.#life.openedAt;
  }

  get core(): PeerCore {
    return this;
  }

  get closed(): Promise<CloseReason> {
    return this.#life.closed;
  }

  get outbox(): Outbox {
    return this.outgoing.outbox;
  }

  /** The files that travel on the link. */
  get files(): FileTraffic {
    return this.#files ??= new FileTraffic(this);
  }

  get discloses(): boolean {
    return this.endpoint.discoverable ?? this.#life.isLocal;
  }

  /** Requests and asks of ours that have no answer yet. */
  get pending(): number {
    return this.session.pendingRequests + this.#asking + this.caller.queued;
  }

  /** Messages that have come and that nobody has received yet. */
  get unread(): number {
    return this.#incoming.unread;
  }

  /** For how long nothing has come, in milliseconds. */
  get silentMs(): number | undefined {
    return this.#heardAt === undefined ? undefined : this.now() - this.#heardAt;
  }

  /** Messages that nobody received and that were forgotten. */
  get forgotten(): number {
    return this.#incoming.dropped;
  }

  /** True while calls may be made though there is no link: they leave with the next one. */
  get #isWaiting(): boolean {
    return this.isDown && this.session.isResumable;
  }

  // ---- links

  /** Takes a link, the first one or another. `opener` hears when messages may flow, or that it has ended before. */
  attach(transport: Transport, opener?: PromiseWithResolvers<void>): void {
    this.#life.attach(transport, opener);
    this.wake(this.nextTickAt);
  }

  /** The other side is back on another link. */
  takeOver(transport: Transport, claim: ResumeClaim, rest: Uint8Array): void {
    this.#life.takeOver(transport, claim, rest);
    this.wake(this.nextTickAt);
  }

  /** No other link will come: the other side was waited for long enough, or cannot be reached. */
  giveUp(reason: CloseReason): void {
    this.#life.finish(reason);
  }

  // ---- what users do

  /**
   * Takes a message that another peer's session has encoded; false when the link is down, the outbox is full, or the
   * message is larger than the other side takes.
   */
  sendEncoded(bytes: Uint8Array, value: unknown): boolean {
    return this.isOpen && this.outbox.sendEncoded(bytes, value);
  }

  /** Sends a message of its own; false when the link is down or the outbox has no room. @throws what `write` throws. */
  sendIfRoom(value: unknown): boolean {
    return this.isOpen && this.outbox.sendIfRoom(value);
  }

  async ask(value: unknown, options: Wait): Promise<unknown> {
    const { timeoutMs = this.endpoint.limits.askMs, signal } = options;
    if (signal?.aborted) throw new CancelledError(`Message to ${this.label}`, signal, "not-sent");
    if (!this.isOpen || this.isOver) throw this.cannotSend("message");
    this.outbox.put("message", () => this.session.send(value));
    this.gate.open();
    this.#asking++;
    try {
      const answer = this.#incoming.answer(timeoutMs, signal);
      // A callback that asks waits for the next message, which must not wait for the callback.
      if (this.session.isBusy) this.#takeTurns().proceed();
      return await answer;
    } catch (error) {
      // Those who only receive hear that the link has ended; who asked hears what became of the question.
      throw error === LINK_ENDED
        ? lostAnswer(this.label, "the message", this.#life.reason!, "unknown")
        : error;
    } finally {
      this.#asking--;
    }
  }

  receive({ timeoutMs = this.endpoint.limits.receiveMs, signal }: Wait): Promise<unknown> {
    return this.#incoming.receive(timeoutMs, signal);
  }

  messages(signal?: AbortSignal): AsyncGenerator<unknown, void, void> {
    return this.#incoming.messages(signal);
  }

  /** Ends the conversation after what was said has left. Never rejects. */
  close(code = "bye", message = ""): Promise<CloseReason> {
    return this.#life.close(code, message);
  }

  // ---- what the link tells

  now(): number {
    return this.endpoint.alarm.now();
  }

  handle(events: readonly SessionEvent[]): void {
    for (;;) {
      for (let i = 0; i < events.length; i++) {
        if (!this.listens) this.#onlySettle(events[i]);
        else if (this.#files?.defers(events, i) === true) break;
        else this.#on(events[i]);
      }
      if (!this.session.isBusy || this.#incoming.isHandling || !this.listens) break;
      events = this.session.proceed(this.now());
    }
    if (this.isOpen || this.#life.isOpening || this.session.waitingBytes > 0) this.wake(this.nextTickAt);
  }

  heard(): void {
    this.#heardAt = this.now();
    this.wake(this.session.nextTickAt); // a codec that waits for a pause has no event to tell of
    this.#upkeep.used(this.endpoint.world.now);
    this.caller.advance();
    this.outgoing.admitParts();
    if (this.session.isBusy) this.#takeTurns().heard();
  }

  turnEnds(): void {
    if (this.session.isBusy || this.#turns !== undefined) this.#takeTurns().ended();
  }

  #takeTurns(): Turns {
    return this.#turns ??= new Turns(this);
  }

  turnsEnd(): Promise<void> {
    return this.#takeTurns().over();
  }

  /** True while what comes is for the callbacks. */
  get listens(): boolean {
    const { state, link } = this.#life;
    return link !== undefined && state !== "closing" && state !== "closed";
  }

  drained(): void {
    const { session } = this;
    if (session.mindsWrites && this.backlogBytes === session.waitingBytes) session.written(this.now());
    this.wake(session.nextTickAt); // a wire that wants a pause after what was written counts it from now
    this.#upkeep.used(this.endpoint.world.now);
    this.#files?.advance();
    if (!this.outbox.drained()) return;
    this.gate.release("answers");
    this.outgoing.admitParts();
  }

  ended(error: ParleyError | undefined): void {
    this.#life.ended(error);
  }

  // ---- what becomes of the links

  get holds(): number {
    return this.gate.holds;
  }

  mayReturn(reason: CloseReason): boolean {
    return this.#hooks.mayReturn?.(this, reason) === true;
  }

  linkUp(): void {
    this.#upkeep.begin(this.now());
    this.#hooks.ready?.(this);
    if (this.#hooks.greets !== true) this.outgoing.up();
    this.heard();
  }

  linkLost(reason: CloseReason): void {
    this.#endFiles(reason);
    if (this.session.isResumable) return;
    this.#drain(reason);
    this.#dispatcher.abort(reason.error ?? new ClosedError("closed", reason.message));
  }

  linkDown(reason: CloseReason): void {
    this.#incoming.lose(() => lostAnswer(this.label, "the message", reason, "unknown"));
    this.outbox.end(() => notOpen(`Cannot send message to ${this.label}`, reason, "unknown"));
    this.gate.release("answers");
    this.#turns?.stop();
    this.#hooks.lost?.(this, reason);
    this.wake(this.nextTickAt);
  }

  lifeEnds(reason: CloseReason): void {
    this.#endFiles(reason);
    this.#drain(reason);
    this.caller.end((what) => notOpen(`${what} was not sent`, reason, "not-sent"));
    this.outgoing.giveUp(() => this.cannotSend("message"));
    this.#incoming.end();
  }

  linkCloses(reason: CloseReason): void {
    this.#turns?.stop();
    const closed = reason.byUs && reason.error === undefined;
    this.#dispatcher.abort(reason.error ?? new ClosedError("closed", reason.message), closed);
  }

  lifeEnded(reason: CloseReason): void {
    // What these have said was in the outbox: nobody knows how much of it has arrived.
    this.outbox.end(() => notOpen(`Cannot send message to ${this.label}`, reason, "unknown"));
    this.outgoing.admitParts();
    this.#hooks.ended?.(this, reason);
  }

  /** Files do not go on with another link. What has come behind one has come, even if the file is not at its place. */
  #endFiles(reason: CloseReason): void {
    if (this.#files?.isInBody === true) this.#life.link?.forgetWaiting();
    const kept = this.#files?.end((what, wasSent) => {
      return wasSent
        ? notOpen(`${capital(what)} is not complete`, reason, "unknown")
        : notOpen(`Cannot send ${what} to ${this.label}`, reason, "not-sent");
    });
    for (const event of kept ?? []) this.#onlySettle(event);
  }

  /** Whoever waits for an answer hears that none will come. */
  #drain(reason: CloseReason): void {
    const lost = this.session.drain((what, outcome) => lostAnswer(this.label, what, reason, outcome));
    for (const event of lost) this.#onlySettle(event);
  }

  // ---- what the parts ask of each other

  get backlogBytes(): number {
    return this.#life.link?.backlogBytes ?? 0;
  }

  get unsentBytes(): number {
    return this.backlogBytes - this.session.waitingBytes;
  }

  get unfinished(): Promise<unknown> | undefined {
    return this.#files?.unfinished;
  }

  get overfullBytes(): number | undefined {
    return this.outbox.isFull ? this.backlogBytes : undefined;
  }

  get isProducing(): boolean {
    return this.#dispatcher.isProducing;
  }

  holdWork(): void {
    this.#incoming.holdWork();
  }

  /** A stream is made now: its reader's credit has to be heard. */
  producing(): void {
    this.gate.release("work");
  }

  flush(): void {
    this.#life.link?.flush();
  }

  feed(events: readonly SessionEvent[]): void {
    const { link } = this.#life;
    if (link !== undefined) link.feed(events);
    else this.handle(events);
  }

  report(thrown: unknown, doing: string): void {
    this.endpoint.chain.fail(fileError(doing, thrown), this.peer);
  }

  breakLink(error: BrokenError): void {
    if (this.isOpen) this.#life.ended(error);
  }

  hold(): void {
    this.#life.link?.hold();
  }

  release(): void {
    this.#life.link?.release();
  }

  wake(at: number): void {
    if (at < this.wakeAt) this.endpoint.alarm.wake(this, at);
  }

  /** Reading goes on, whatever has come: somebody waits for an answer now. */
  called(deadline: number): void {
    this.wake(deadline);
    this.flush();
    this.gate.open();
  }

  room(): Promise<void> {
    return this.outgoing.room();
  }

  /** A peer that asks and does not read its answers is read no further, until it does. */
  answered(): void {
    if (this.outbox.isHigh) this.#holdAnswers();
    const { keptBytes } = this.session;
    const { maxOutboxBytes } = this.endpoint.limits;
    if (keptBytes > maxOutboxBytes && !this.isOver) this.#giveUpSession(keptBytes);
  }

  /** The session is given up for what it would have to keep, not the other side: a client comes back and begins anew. */
  #giveUpSession(keptBytes: number): void {
    const { maxOutboxBytes } = this.endpoint.limits;
    const text = `${this.label} does not acknowledge what it gets: ${keptBytes} bytes are kept for it ` +
      `(limits.maxOutboxBytes ${maxOutboxBytes})`;
    this.session.forget();
    if (this.isOpen) return this.#life.fault(new ProtocolError("overloaded", text));
    const reason = new CloseReason("overloaded", text, { byUs: true });
    if (!this.mayReturn(reason)) return this.giveUp(reason);
    this.linkLost(reason);
    this.session.suspend();
  }

  /** The other side makes us say more than it reads. */
  #holdAnswers(): void {
    if (this.pending === 0) return this.gate.hold("answers");
    const { backlogBytes } = this;
    const { maxOutboxBytes } = this.endpoint.limits;
    if (backlogBytes <= 2 * maxOutboxBytes) return; // reading cannot stop while we wait for an answer ourselves
    this.tooSlow(
      `${this.label} asks and does not read: ${backlogBytes} bytes wait to be written (limits.maxOutboxBytes ${maxOutboxBytes})`,
    );
  }

  cannotSend(what: string): ParleyError {
    return notOpen(`Cannot send ${what} to ${this.label}`, this.#life.whyDown, "not-sent");
  }

  cannotReceive(): unknown {
    const { reason } = this.#life;
    return reason?.error ?? notOpen(`Cannot receive from ${this.label}`, reason);
  }

  dropped(count: number): void {
    this.endpoint.chain.event({ kind: "drop", count }, this.peer);
  }

  idle(text: string): void {
    this.#life.finish(new CloseReason("idle", text, { byUs: true }), { code: "limit", message: text });
  }

  tooSlow(text: string): void {
    this.#failWith(new BrokenError("slow", text));
  }

  overloaded(text: string): void {
    this.#failWith(new ProtocolError("overloaded", text));
  }

  /** The other side asks too much of us, and is told so with the last words. */
  #failWith(error: ParleyError): void {
    if (this.isOver) return;
    const { code, message } = error;
    this.endpoint.chain.fail(error, this.peer);
    this.#life.finish(new CloseReason(code, message, { byUs: true, error }), { code: "limit", message });
  }

  // ---- who looks on

  get isWatching(): boolean {
    return this.endpoint.chain.hasWatchers;
  }

  saw(direction: Direction, message: Message, bytes: number): void {
    const traffic = (this.#traffic ??= new TrafficView()).see(direction, message, bytes, this.now());
    if (traffic !== undefined) this.endpoint.chain.traffic(traffic, this.peer);
  }

  get isTapped(): boolean {
    return this.endpoint.chain.hasTaps;
  }

  passed(direction: Direction, bytes: Uint8Array): void {
    this.endpoint.chain.bytes(bytes.slice(), direction, this.peer);
  }

  // ---- the clock

  get nextTickAt(): number {
    const { state } = this.#life;
    if (state === "closed") return Infinity;
    if (state === "closing") return this.session.waitingBytes > 0 ? this.session.nextTickAt : Infinity;
    return Math.min(
      this.#life.nextTickAt,
      this.session.nextTickAt,
      this.#incoming.nextDeadline,
      this.outgoing.nextDeadline,
      this.caller.nextDeadline,
      this.#files?.nextDeadline ?? Infinity,
      this.calls.nextDeadline,
      this.#upkeep.nextTickAt,
    );
  }

  tick(now: number): void {
    const { state, link } = this.#life;
    if (state === "closed" || (state === "closing" && this.session.waitingBytes === 0)) return;
    if (state !== "closing" && this.#life.tick(now)) return;
    const events = this.session.tick(now, link?.isListening(now, this.endpoint.limits.heartbeatMs) ?? true);
    this.feed(events);
    if (state === "closing") return;
    this.#incoming.expire(now);
    this.outgoing.expire(now);
    this.caller.expire(now);
    this.#files?.expire(now);
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
      case "file":
      case "body":
      case "file-request":
        return this.files.on(event);
      case "ready":
        return this.#life.ready(event);
      case "fault":
        return this.#life.fault(event.error);
      case "goodbye":
        this.#life.goodbye(event);
        if (event.code === "shutdown" && this.endpoint.dialect.mayShutDown === true) this.#hooks.shutDown?.();
        return;
      case "lost":
        return this.#life.silent(event);
      case "moved":
        return this.#hooks.moved?.(event.claim, this.#life.handOver(), event.rest);
      case "reset": {
        const text = `${this.label} has begun anew: nobody waits any more`;
        this.#dispatcher.abort(new BrokenError("reset", text));
        return this.endpoint.chain.event({ kind: "reset", unknown: event.unknown }, this.peer);
      }
      case "stale":
        return this.endpoint.chain.event({ kind: "stale", ms: event.ms }, this.peer);
    }
  }

  /** Answers matter to the last: whoever waits for one must not be left waiting. */
  #onlySettle(event: SessionEvent): void {
    if (event.kind === "answered") (event.token as Waiting).resolve(event.value);
    else if (event.kind === "failed") (event.token as Waiting).reject(event.error);
    else if (event.kind === "part") (event.token as Waiting).part?.(event.value, event.bytes);
  }
}
