import type { Refusal, ResumeClaim } from "../dialect/dialect.ts";
import { BrokenError, ClosedError, type ParleyError, ProtocolError, TimeoutError } from "../errors.ts";
import type { Session } from "../session.ts";
import type { SessionEvent } from "../session_event.ts";
import type { Transport } from "../transport/transport.ts";
import { CloseReason } from "./close_reason.ts";
import type { Endpoint } from "./endpoint.ts";
import { Link, type LinkOwner } from "./link.ts";
import { endReason, refusedReason } from "./link_reasons.ts";
import type { Peer } from "./peer.ts";
import type { RunningCalls } from "./running_calls.ts";
import { within } from "./world.ts";

/**
 * - `opening`: the first link is being made
 * - `open`: messages may flow
 * - `down`: the link is lost, and another is to follow
 * - `closing`: what was said is leaving
 * - `closed`: nothing more will happen
 */
export type LifeState = "opening" | "open" | "down" | "closing" | "closed";

/** What {@linkcode LinkLife} needs of the conversation whose links it keeps, and tells it. */
export interface LinkLifeOwner extends LinkOwner {
  readonly endpoint: Endpoint;
  readonly session: Session;
  readonly calls: RunningCalls;
  readonly peer: Peer;
  /** Reasons that there are not to read. */
  readonly holds: number;
  /** Files that are still open: settles when none is; `undefined` when that is so. */
  readonly unfinished: Promise<unknown> | undefined;
  /** Whether another link may follow one that is lost for `reason`, or did not come up. */
  mayReturn(reason: CloseReason): boolean;
  /** A link is up. Called before anybody else hears of it. */
  linkUp(): void;
  /** The link is lost and another may follow; the session still holds what was said on it. */
  linkLost(reason: CloseReason): void;
  /** The same, once the session waits for the next link. Called before the callbacks. */
  linkDown(reason: CloseReason): void;
  /** No other link will follow: whoever waits for something is told. */
  lifeEnds(reason: CloseReason): void;
  /** What was at hand is done, and the last words are about to leave. */
  linkCloses(reason: CloseReason): void;
  /** The last link is closed. Called before the callbacks. */
  lifeEnded(reason: CloseReason): void;
}

/**
 * The links of one conversation, one after the other: how each comes up, is lost or closed, and when it was the last.
 * What flows on them is no matter here.
 */
export class LinkLife {
  readonly #owner: LinkLifeOwner;
  #label: string;
  #isLocal = false;
  #openedAt: number = Date.now();
  #link: Link | undefined;
  /** True while a link is being made, until its handshake is done. */
  #isOpening = false;
  /** Who waits for that. */
  #opener: PromiseWithResolvers<void> | undefined;
  #handshakeMs = 0;
  #handshakeDeadline = Infinity;
  #state: LifeState = "opening";
  #wasUp = false;
  #reason: CloseReason | undefined;
  /** Why the last link was lost, while there is none. */
  #lastReason: CloseReason | undefined;
  #goodbye: Refusal | undefined;
  /** Settles when the last link that was dropped has given everything back. */
  #dropped: Promise<void> | undefined;
  #closed: PromiseWithResolvers<CloseReason> | undefined;

  constructor(owner: LinkLifeOwner, label: string) {
    this.#owner = owner;
    this.#label = label;
  }

  get state(): LifeState {
    return this.#state;
  }

  /** The link that there is, be it up or in the making. */
  get link(): Link | undefined {
    return this.#link;
  }

  /** The address of the other end. */
  get label(): string {
    return this.#label;
  }

  /** True when the other end is on this machine. */
  get isLocal(): boolean {
    return this.#isLocal;
  }

  /** When the link was made that there is, or was last, in milliseconds since 1970. */
  get openedAt(): number {
    return this.#openedAt;
  }

  /** True when one of the links was up. */
  get wasUp(): boolean {
    return this.#wasUp;
  }

  get isOpening(): boolean {
    return this.#isOpening;
  }

  /** Why no other link will follow, once that is so. */
  get reason(): CloseReason | undefined {
    return this.#reason;
  }

  /** Why there is no link. */
  get whyDown(): CloseReason | undefined {
    return this.#reason ?? this.#lastReason;
  }

  get closed(): Promise<CloseReason> {
    if (this.#closed === undefined) {
      this.#closed = Promise.withResolvers();
      if (this.#state === "closed") this.#closed.resolve(this.#reason!);
    }
    return this.#closed.promise;
  }

  // ---- a link

  /**
   * Takes a link, the first one or another.
   *
   * @param opener Hears when messages may flow, or that the link has ended before.
   * @param begin What the session does first; by default it opens.
   */
  attach(
    transport: Transport,
    opener: PromiseWithResolvers<void> | undefined,
    begin: () => readonly SessionEvent[] = () => this.#owner.session.open(this.#owner.now()),
  ): void {
    const { endpoint, session, holds } = this.#owner;
    this.#label = session.link = transport.remoteAddress;
    this.#isLocal = transport.isLocal;
    this.#openedAt = Date.now();
    this.#goodbye = undefined;
    this.#isOpening = true;
    this.#opener = opener;
    const { baudRate = Infinity } = transport.line ?? {};
    this.#handshakeMs = endpoint.limits.handshakeMs + Math.ceil(HANDSHAKE_BITS * 1000 / baudRate);
    this.#handshakeDeadline = this.#owner.now() + this.#handshakeMs;
    this.#link = new Link(transport, session, this.#owner, endpoint.world, holds);
    this.#link.start(begin);
  }

  /** The other side is back on another link: whatever link there still is has been lost. */
  takeOver(transport: Transport, claim: ResumeClaim, rest: Uint8Array): void {
    const { session } = this.#owner;
    if (this.#link !== undefined) {
      const text = `${this.#label} came back on another link`;
      this.#dropLink({ code: "session_taken", message: text });
      this.#lose(new CloseReason("session_taken", text, { byUs: true }));
    }
    this.attach(transport, undefined, () => {
      const events = session.resume(claim, this.#owner.now());
      return [...events, ...session.receive(rest, this.#owner.now())];
    });
  }

  /** When the handshake under way is given up. */
  get nextTickAt(): number {
    return this.#isOpening ? this.#handshakeDeadline : Infinity;
  }

  /** True when the time has come, and the link was refused for it. */
  tick(now: number): boolean {
    if (now < this.nextTickAt) return false;
    const { name, noHandshake = "does it speak this dialect?" } = this.#owner.endpoint.dialect;
    const text =
      `${this.#label} did not answer the "${name}" handshake within ${this.#handshakeMs} ms; ${noHandshake}`;
    const error = new TimeoutError("handshake", text);
    this.#refuse(new CloseReason("handshake", text, { byUs: true, error }), {
      code: "handshake",
      message: text,
    });
    return true;
  }

  // ---- what happens to it

  ready({ resumed, replayed, duplicates }: SessionEvent & { kind: "ready" }): void {
    const { endpoint, peer } = this.#owner;
    const first = !this.#wasUp;
    const opener = this.#takeOpener();
    this.#lastReason = undefined;
    this.#wasUp = true;
    this.#state = "open";
    this.#owner.linkUp();
    if (resumed) endpoint.chain.event({ kind: "resumed", replayed, duplicates }, peer);
    endpoint.chain.event({ kind: "up", first, resumed }, peer);
    endpoint.chain.connect(peer, { first, resumed });
    opener?.resolve();
  }

  goodbye(event: Refusal & { readonly leave?: boolean }): void {
    this.#goodbye = event;
    if (this.#isOpening) return this.#refuse(this.#refused(undefined));
    if (event.leave === true) this.#leave(endReason(this.#label, event, undefined), LEAVING);
  }

  fault(error: ProtocolError): void {
    if (error.fatal && this.#isOpening) return this.#refuse(this.#refused(error));
    const text = `${error.message} (from ${this.#label})`;
    const named = new ProtocolError(error.code, text, { fatal: error.fatal, cause: error.cause });
    this.#owner.endpoint.chain.fail(named, this.#owner.peer);
    if (!error.fatal) return;
    const reason = new CloseReason(error.code, text, { byUs: true, error: named });
    this.#leave(reason, { code: "protocol", message: error.message });
  }

  silent({ code, message }: Refusal): void {
    const doing = this.#isOpening ? "refused" : "given up";
    const error = new BrokenError(code, `Link ${this.#label} is ${doing}: ${message}`);
    const reason = new CloseReason(code, error.message, { byUs: true, error });
    if (this.#isOpening) this.#refuse(reason);
    else this.#leave(reason);
  }

  ended(error: ParleyError | undefined): void {
    if (this.#reason !== undefined) {
      if (error !== undefined) this.#owner.calls.stopWaiting(); // not half-closed but gone: nobody reads an answer
    } else if (this.#isOpening) {
      this.#refuse(this.#refused(error));
    } else {
      const orderly = error === undefined && this.#goodbye === undefined;
      this.#leave(endReason(this.#label, this.#goodbye, error), undefined, orderly);
    }
  }

  /** Another peer goes on with the link, which is returned: of this one nobody has heard yet. */
  handOver(): Transport {
    const transport = this.#link!.handOver();
    this.#link = undefined;
    this.#takeOpener();
    this.#reason = new CloseReason("moved", `${this.#label} has come back`, { byUs: false });
    this.#over(this.#reason);
    return transport;
  }

  // ---- the end of it

  /** Ends the conversation after what was said has left. Never rejects. */
  close(code: string, message: string): Promise<CloseReason> {
    if (this.#reason !== undefined) {
      this.#owner.calls.stopWaiting();
    } else {
      const text = message || `Link ${this.#label} was closed here`;
      this.finish(new CloseReason("closed", text, { byUs: true }), { code, message });
    }
    return this.closed;
  }

  /** Settles everything that waits, and closes the link; when `orderly`, only after the work at hand is done. */
  finish(reason: CloseReason, goodbye?: Refusal, orderly = false): void {
    if (this.#reason !== undefined) return;
    const wasOpen = this.#state === "open";
    const opener = this.#takeOpener();
    if (!orderly) this.#state = "closing";
    this.#reason = reason;
    this.#owner.lifeEnds(reason);
    opener?.reject(reason.error ?? new ClosedError("closed", reason.message));
    this.#end(reason, goodbye, orderly, wasOpen);
  }

  /** A link did not come up. */
  #refuse(reason: CloseReason, goodbye?: Refusal): void {
    if (!this.#mayReturn(reason)) return this.finish(reason, goodbye);
    const opener = this.#takeOpener();
    this.#dropLink(goodbye);
    this.#owner.linkLost(reason);
    this.#owner.session.suspend();
    this.#state = "down";
    this.#lastReason ??= reason;
    opener?.reject(reason.error ?? new ClosedError("closed", reason.message));
  }

  /** A link that was up has ended: the conversation waits for another, or ends with it. */
  #leave(reason: CloseReason, goodbye?: Refusal, orderly = false): void {
    if (!this.#mayReturn(reason)) return this.finish(reason, goodbye, orderly);
    this.#dropLink(goodbye);
    this.#lose(reason);
  }

  /** There is no link any more, and another may follow. */
  #lose(reason: CloseReason): void {
    const { endpoint, session, peer } = this.#owner;
    const retrying = reason.retrying(true);
    this.#state = "down";
    this.#lastReason = retrying;
    this.#owner.linkLost(reason);
    session.suspend();
    this.#owner.linkDown(retrying);
    endpoint.chain.event({ kind: "down", reason: retrying, willRetry: true }, peer);
    endpoint.chain.disconnect(peer, retrying);
  }

  async #end(
    reason: CloseReason,
    goodbye: Refusal | undefined,
    orderly: boolean,
    wasOpen: boolean,
  ): Promise<void> {
    const { endpoint, calls, peer } = this.#owner;
    const { limits, chain } = endpoint;
    if (orderly) await calls.idle(limits.closeMs); // the other side half-closed: it still gets its answers
    this.#state = "closing";
    if (goodbye !== undefined && this.#link !== undefined) this.#sayGoodbye(goodbye);
    this.#owner.linkCloses(reason);
    if (reason.error instanceof BrokenError && !reason.byUs) this.#link?.abort();
    await this.#link?.finish(reason.error === undefined ? limits.closeMs : FAILED_DRAIN_MS, LINGER_MS);
    await this.#dropped;
    const { unfinished } = this.#owner;
    if (unfinished !== undefined) await within(endpoint.world, unfinished, limits.closeMs);
    this.#over(reason, () => {
      if (this.#wasUp) chain.event({ kind: "down", reason, willRetry: false }, peer);
      if (wasOpen) chain.disconnect(peer, reason);
    });
  }

  #over(reason: CloseReason, tell?: () => void): void {
    this.#state = "closed";
    this.#owner.lifeEnded(reason);
    tell?.();
    this.#closed?.resolve(reason);
  }

  #mayReturn(reason: CloseReason): boolean {
    if (this.#goodbye !== undefined && LAST_WORDS.has(this.#goodbye.code)) return false;
    return this.#owner.mayReturn(reason);
  }

  #refused(error: ParleyError | undefined): CloseReason {
    return refusedReason(this.#label, this.#owner.endpoint.dialect.name, this.#goodbye, error);
  }

  #dropLink(goodbye?: Refusal): void {
    const link = this.#link;
    this.#link = undefined;
    this.#takeOpener();
    if (goodbye === undefined) {
      link?.abort();
      this.#dropped = link?.transport.released;
      return;
    }
    this.#sayGoodbye(goodbye);
    link?.leave(this.#owner.session.takeOutput().slice());
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
      this.#owner.session.close(code, message);
    } catch {
      // It does not fit what the other side takes in one frame; the end of the stream tells it as well.
    }
  }
}

/** What is said to a peer that wants us to close the link. */
const LEAVING: Refusal = Object.freeze({ code: "bye", message: "" });
/** What a handshake may take of a slow line besides, both ways and some of it twice: 1000 bytes of ten bits. */
const HANDSHAKE_BITS = 10_000;
/** What the other side says that will not talk to us on another link either. */
const LAST_WORDS: ReadonlySet<string> = new Set(["bye", "version", "auth"]);
/** How long last words to a peer that broke the rules may take, in milliseconds. */
const FAILED_DRAIN_MS = 500;
/** How long the other side may take to close as well, in milliseconds. */
const LINGER_MS = 200;
