import { CancelledError, ParleyError, TimeoutError } from "../errors.ts";
import type { Kwargs } from "../message.ts";
import type { Wait } from "./caller.ts";
import type { Endpoint } from "./endpoint.ts";
import { Outbox, type OutboxOwner } from "./outbox.ts";
import { WaitList } from "./wait_list.ts";

/** What {@linkcode Outgoing} needs of the conversation it works for. */
export interface OutgoingOwner extends OutboxOwner {
  readonly endpoint: Endpoint;
  /** True while there is a link on which messages may flow. */
  readonly isOpen: boolean;
  /** True while the link is lost and another is to follow. */
  readonly isDown: boolean;
  /** False once nothing can be said any more. */
  readonly canSpeak: boolean;
  /** The error for a message that is not taken. */
  cannotSend(what: string): ParleyError;
}

/** The messages and actions that this side says and wants no answer to, and those who wait for room to say more. */
export class Outgoing {
  readonly outbox: Outbox;
  readonly #owner: OutgoingOwner;
  /** Those who wait until there is a link, and until there is room for more parts of a stream. */
  #awaitLink: WaitList<void> | undefined;
  #awaitRoom: WaitList<void> | undefined;

  constructor(owner: OutgoingOwner) {
    this.#owner = owner;
    this.outbox = new Outbox(owner, owner.endpoint.limits, owner.endpoint.overflow);
  }

  send(value: unknown, options: Wait & { queue?: boolean; mode?: number }): Promise<void> {
    if (options.queue === true && this.#owner.isDown) return quiet(this.#sendLater(value, options));
    return quiet(this.#say("message", options, () => this.outbox.send(value, options.mode)));
  }

  action(
    name: string,
    args: readonly unknown[],
    kwargs: Kwargs | undefined,
    options: Wait,
  ): Promise<void> {
    const { session } = this.#owner;
    const what = `action "${name}"`;
    return quiet(
      this.#say(what, options, () => this.outbox.put(what, () => session.action(name, args, kwargs))),
    );
  }

  /** Resolves when there is room for more parts of a stream, or nobody wants them any more. */
  async room(): Promise<void> {
    while (!this.#hasRoom && this.#owner.canSpeak) {
      this.#awaitRoom ??= new WaitList();
      await this.#awaitRoom.add({ deadline: Infinity, timeout: never });
    }
  }

  // ---- what happens to the link

  /** There is a link: those who wait for one may go on. */
  up(): void {
    this.#awaitLink?.resolveAll();
  }

  /** Something was written or has come: there may be room now. */
  admitParts(): void {
    if (this.#awaitRoom !== undefined && (this.#hasRoom || !this.#owner.canSpeak)) {
      this.#awaitRoom.resolveAll();
    }
  }

  /** No link will follow: who waits for one hears `error`. */
  giveUp(error: () => unknown): void {
    this.#awaitLink?.rejectAll(error);
  }

  get nextDeadline(): number {
    const { nextDeadline } = this.outbox;
    return this.#awaitLink === undefined
      ? nextDeadline
      : Math.min(nextDeadline, this.#awaitLink.nextDeadline);
  }

  expire(now: number): void {
    this.outbox.expire(now);
    this.#awaitLink?.expire(now);
  }

  // ---- saying

  #say(what: string, options: Wait, write: () => void): Promise<void> {
    const { signal } = options;
    const { label } = this.#owner;
    if (signal?.aborted) return Promise.reject(new CancelledError(`Message to ${label}`, signal, "not-sent"));
    if (!this.#owner.isOpen) return Promise.reject(this.#owner.cannotSend(what));
    try {
      write();
    } catch (error) {
      return Promise.reject(error);
    }
    const waits = this.outbox.isHigh && this.#owner.endpoint.overflow === "block";
    return waits ? this.outbox.room(options) : TAKEN;
  }

  /** Waits for the next link, and says it there. */
  async #sendLater(value: unknown, options: Wait & { mode?: number }): Promise<void> {
    const timeoutMs = await this.#linkUp(options, this.#owner.endpoint.limits.sendMs);
    const { signal } = options;
    await this.#say("message", { timeoutMs, signal }, () => this.outbox.send(value, options.mode));
  }

  /** Waits for the link while it is being restored, then calls `go` with how long there is still to wait. */
  whenUp(options: Wait, mostMs: number, go: (timeoutMs: number) => Promise<void>): Promise<void> {
    return quiet(this.#linkUp(options, mostMs).then(go));
  }

  async #linkUp(options: Wait, mostMs: number): Promise<number> {
    const { endpoint, label } = this.#owner;
    const { timeoutMs = mostMs, signal } = options;
    const what = `Message to ${label}`;
    this.#awaitLink ??= new WaitList();
    if (this.#awaitLink.size >= endpoint.limits.maxPending) {
      const text =
        `${what} is not taken: ${this.#awaitLink.size} wait for the link already (limits.maxPending)`;
      throw new ParleyError("busy", text, { outcome: "not-sent" });
    }
    const deadline = this.#owner.now() + timeoutMs;
    this.#owner.wake(deadline);
    const text = `${what} was not sent: the link was down for ${timeoutMs} ms`;
    const timeout = () => new TimeoutError("timeout", text, { outcome: "not-sent" });
    await this.#awaitLink.add({ deadline, timeout, signal, what, outcome: "not-sent" });
    return Math.max(1, deadline - this.#owner.now());
  }

  get #hasRoom(): boolean {
    return this.#owner.isOpen && !this.outbox.isHigh && !this.#owner.session.isFull;
  }
}

/** What every `send` gets that need not wait. */
const TAKEN: Promise<void> = Promise.resolve();

function noop(): void {}

function never(): TimeoutError {
  return new TimeoutError("timeout", "Waited for ever");
}

/** A `send` that nobody awaits must not end the program when its link is down; who awaits it gets the error. */
function quiet(promise: Promise<void>): Promise<void> {
  if (promise !== TAKEN) promise.catch(noop);
  return promise;
}
