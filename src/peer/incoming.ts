import { asError, type ParleyError } from "../errors.ts";
import type { RequestId } from "../message.ts";
import type { SessionEvent } from "../session_event.ts";
import { INVALID, type MessageDetails, PLAIN } from "./callbacks.ts";
import type { Endpoint } from "./endpoint.ts";
import { Mailbox, type MailboxOwner } from "./mailbox.ts";
import type { Peer } from "./peer.ts";
import type { ReadGate } from "./read_gate.ts";
import type { RunningCalls } from "./running_calls.ts";

/** What {@linkcode Incoming} needs of the conversation it works for. */
export interface IncomingOwner extends MailboxOwner {
  readonly endpoint: Endpoint;
  readonly calls: RunningCalls;
  readonly peer: Peer;
  /** Calls and questions of ours that have no answer yet: reading must not stop then. */
  readonly pending: number;
  /** True while answers are made in parts: reading must not stop then either, or no credit for them is heard. */
  readonly isProducing: boolean;
  /** What was said leaves. */
  flush(): void;
  /** All callbacks are done with the messages they were given. */
  turnEnds(): void;
  /** More has come than can be kept, and reading could not stop. */
  overloaded(text: string): void;
  /** Set once nothing will come any more. */
  readonly isOver: boolean;
  /** Why nothing can be received. */
  cannotReceive(): unknown;
}

/** The plain messages that come: to the callbacks, and to those who pull them. */
export class Incoming {
  readonly #owner: IncomingOwner;
  readonly #gate: ReadGate;
  readonly #mailbox: Mailbox;
  /** Callbacks that have a message, those that go on asynchronously included. */
  #running = 0;

  constructor(owner: IncomingOwner, gate: ReadGate) {
    this.#owner = owner;
    this.#gate = gate;
    this.#mailbox = new Mailbox(owner, owner.endpoint.limits, gate);
  }

  /** True while a callback is at work on a message. */
  get isHandling(): boolean {
    return this.#running > 0;
  }

  /** Messages that nobody received and that were forgotten. */
  get dropped(): number {
    return this.#mailbox.dropped;
  }

  /** Messages that wait to be received. */
  get unread(): number {
    return this.#mailbox.size;
  }

  get nextDeadline(): number {
    return this.#mailbox.nextDeadline;
  }

  expire(now: number): void {
    this.#mailbox.expire(now);
  }

  /** A message has come. */
  deliver(event: SessionEvent & { kind: "message" }): void {
    const { endpoint, session, peer } = this.#owner;
    const { chain, limits } = endpoint;
    const { value, bytes, id } = event;
    const details = event.invalid === true ? INVALID : PLAIN;
    const handled = id === undefined || chain.hasReceivers ? undefined : this.#answerOnce(id);
    const delivery = { hasReceivers: chain.hasReceivers, mustRead: session.pendingRequests > 0 };
    // Before the callbacks: a callback that asks something wants the next message, not this one.
    const hasRoom = this.#mailbox.deliver({ message: value, bytes, handled }, delivery);
    this.#running++; // one that asks at once goes on with the next message, and not with those behind it
    if (id === undefined) chain.receive(value, peer, details, this.#track);
    else if (handled === undefined) this.#handleAcked(value, id, details);
    this.#running--;
    if (hasRoom) return;
    this.#owner.overloaded(
      `Inbox of ${this.#owner.label} holds ${this.#mailbox.size} messages that nobody receives ` +
        `(limits.maxInboxMessages ${limits.maxInboxMessages})`,
    );
  }

  /** The next message after a question; rejects with {@linkcode LINK_ENDED} when the link is gone before. */
  async answer(timeoutMs: number, signal: AbortSignal | undefined): Promise<unknown> {
    const { message, handled } = await this.#mailbox.next("answer", timeoutMs, signal);
    handled?.();
    return message;
  }

  async receive(timeoutMs: number, signal: AbortSignal | undefined): Promise<unknown> {
    this.#mailbox.pull();
    if (this.#mailbox.size === 0 && this.#owner.isOver) throw this.#owner.cannotReceive();
    const isThere = this.#mailbox.size > 0;
    const { message, handled } = isThere
      ? this.#mailbox.take()
      : await this.#mailbox.next("message", timeoutMs, signal).catch((error) => {
        throw error === LINK_ENDED ? this.#owner.cannotReceive() : error;
      });
    handled?.();
    return message;
  }

  /**
   * All messages until the link ends, or `signal` ends the loop. The message in hand counts as work: the link is not
   * closed under it.
   */
  async *messages(signal?: AbortSignal): AsyncGenerator<unknown, void, void> {
    this.#mailbox.pull();
    try {
      for (;;) {
        let entry;
        if (this.#mailbox.size > 0) entry = this.#mailbox.take();
        else if (this.#owner.isOver) return;
        else {
          try {
            entry = await this.#mailbox.nextInLoop(signal);
          } catch {
            return; // the link has ended, and `closed` tells why; or nobody wants more
          }
        }
        const done = this.#owner.calls.begin();
        try {
          yield entry.message;
        } finally {
          entry.handled?.();
          done();
        }
      }
    } finally {
      if (signal?.aborted) this.#mailbox.letGo(this.#owner.endpoint.chain.hasReceivers);
    }
  }

  /** Enough work was done for reading to go on. */
  workEnded(): void {
    if (this.#owner.calls.size <= this.#owner.endpoint.limits.maxHandling / 2) this.#gate.release("work");
  }

  /** The link is lost: who has asked something hears so. */
  lose(error: () => ParleyError): void {
    this.#mailbox.lose(error);
  }

  /** Nothing will come any more. */
  end(): void {
    this.#mailbox.end(() => LINK_ENDED);
  }

  /** A callback that goes on asynchronously is work like a handler: too much of it stops the reading. */
  readonly #track = (work: PromiseLike<unknown>): void => {
    const { calls, endpoint } = this.#owner;
    const done = calls.begin();
    this.#running++;
    const ended = () => {
      done();
      if (--this.#running === 0) this.#owner.turnEnds();
    };
    work.then(ended, ended);
    if (calls.size >= endpoint.limits.maxHandling) this.holdWork();
  };

  /** As many calls are at work as may be: reading stops, unless that would keep them from their end. */
  holdWork(): void {
    const { calls, endpoint, label, pending } = this.#owner;
    const { maxHandling } = endpoint.limits;
    if (pending === 0 && !this.#owner.isProducing) {
      this.#gate.hold("work");
    } else if (calls.size >= maxHandling * OVERFLOW_FACTOR) {
      this.#owner.overloaded(
        `${calls.size} callbacks and handlers of ${label} run at once (limits.maxHandling ${maxHandling})`,
      );
    }
  }

  /** The sender wants to hear when the callbacks are done with the message. */
  #handleAcked(value: unknown, id: RequestId, details: MessageDetails): void {
    const { endpoint, peer } = this.#owner;
    const settle = this.#answerOnce(id);
    const work = endpoint.chain.receiveAll(value, peer, details).then(
      () => settle(),
      (error) => settle(asError(error).message),
    );
    this.#track(work);
  }

  /** Answers message `id` when called: handled, or failed with `message`. */
  #answerOnce(id: RequestId): (message?: string) => void {
    const { session } = this.#owner;
    const { generation } = session;
    return (message) => {
      if (this.#owner.isOver || session.generation !== generation) return;
      if (message === undefined) session.answer(id, undefined);
      else session.fail(id, "handler_failed", message);
      this.#owner.flush();
    };
  }
}

/** What those who wait for a message are told when none will come; each makes its own error of it. */
export const LINK_ENDED: unique symbol = Symbol("link ended");

/** How far beyond `limits.maxHandling` callbacks may go while reading cannot stop. */
const OVERFLOW_FACTOR = 4;
