import { ParleyError, TimeoutError } from "../errors.ts";
import type { Limits } from "../limits.ts";
import type { Session } from "../session.ts";
import { FreshMessages } from "./fresh_messages.ts";
import { WaitList } from "./wait_list.ts";

/** What happens to messages that the other side is too slow for: see the option `overflow`. */
export type Overflow = "block" | "drop-oldest" | "close";

/** What an outbox needs of the conversation it belongs to. */
export interface OutboxOwner {
  readonly session: Session;
  readonly label: string;
  /** Bytes that are not handed to the system yet. */
  readonly backlogBytes: number;
  /** Milliseconds on a clock that never jumps. */
  now(): number;
  /** Something is due at `at`. */
  wake(at: number): void;
  /** What was said leaves. */
  flush(): void;
  /** So many messages were dropped just now. */
  dropped(count: number): void;
  /** The other side does not read, and the link is to be closed for that. */
  tooSlow(text: string): void;
}

/** What a peer says, and those who wait until there is room for more. */
export class Outbox {
  readonly #owner: OutboxOwner;
  readonly #limits: Readonly<Limits>;
  readonly #overflow: Overflow;
  #senders: WaitList<void> | undefined;
  /** With `drop-oldest`: messages that wait outside of the output, where they can still be dropped. */
  #fresh: FreshMessages | undefined;

  constructor(owner: OutboxOwner, limits: Readonly<Limits>, overflow: Overflow) {
    this.#owner = owner;
    this.#limits = limits;
    this.#overflow = overflow;
  }

  /** True when so much waits to be written that a `send` would wait. */
  get isHigh(): boolean {
    return this.#owner.backlogBytes > this.#limits.outboxHighBytes;
  }

  /** True when nothing more may be said that somebody else could have said less of. */
  get isFull(): boolean {
    return this.#owner.backlogBytes >= this.#limits.maxOutboxBytes;
  }

  /** Messages that were dropped because the other side did not read. */
  get dropped(): number {
    return this.#fresh?.dropped ?? 0;
  }

  get nextDeadline(): number {
    return this.#senders?.nextDeadline ?? Infinity;
  }

  /** Sends one plain message as the overflow policy says. @throws what {@linkcode Outbox.put} throws. */
  send(value: unknown, mode?: number): void {
    const { session, backlogBytes } = this.#owner;
    if (this.#overflow === "drop-oldest" && backlogBytes > 0) {
      return this.#keepFresh(session.encode(value), value);
    }
    this.put("message", () => session.send(value, mode));
    if (this.#overflow === "close" && this.isHigh) this.#close();
  }

  /** Sends one plain message where a `send` would not wait; false where it would. @throws what `write` throws. */
  sendIfRoom(value: unknown): boolean {
    if (!this.#hasRoom()) return false;
    this.#owner.session.send(value);
    this.#owner.flush();
    return true;
  }

  /**
   * Takes a message that is encoded already; false when there is no room for it, or the other side refuses it. `value`
   * is what was encoded.
   */
  sendEncoded(bytes: Uint8Array, value: unknown): boolean {
    const { session, backlogBytes } = this.#owner;
    if (this.#overflow === "drop-oldest" && backlogBytes > 0) {
      if (bytes.length > session.maxMessageBytes) return false;
      this.#keepFresh(bytes, value);
      return true;
    }
    if (!this.#hasRoom()) return false;
    const taken = session.sendEncoded(bytes, value);
    this.#owner.flush();
    return taken;
  }

  /** Says something now. @throws {ParleyError} code `outbox_full`. @throws what `write` throws. */
  put(what: string, write: () => void): void {
    if (this.isFull) {
      const text =
        `Cannot send ${what} to ${this.#owner.label}: ${this.#owner.backlogBytes} bytes wait to be written ` +
        `already (limits.maxOutboxBytes ${this.#limits.maxOutboxBytes}); await each send to go no faster than the link`;
      throw new ParleyError("outbox_full", text, { outcome: "not-sent" });
    }
    write();
    this.#owner.flush();
  }

  /** Resolves when there is room for more. The caller has looked at `isHigh`. */
  room({ timeoutMs, signal }: { timeoutMs?: number; signal?: AbortSignal }): Promise<void> {
    const waitMs = timeoutMs ?? this.#limits.sendMs;
    const deadline = this.#owner.now() + waitMs;
    this.#owner.wake(deadline);
    const { label } = this.#owner;
    const timeout = () => {
      const { backlogBytes } = this.#owner;
      const text = `${label} did not read for ${waitMs} ms: ${backlogBytes} bytes wait to be written`;
      return new TimeoutError("timeout", text, { outcome: "unknown" });
    };
    this.#senders ??= new WaitList();
    return this.#senders.add({ deadline, timeout, signal, what: `Message to ${label}`, outcome: "unknown" });
  }

  /** Something was written; true when there is room for more. */
  drained(): boolean {
    if (this.#fresh !== undefined && this.#owner.backlogBytes === 0) this.#sendFresh(this.#fresh);
    if (this.#owner.backlogBytes > this.#limits.outboxLowBytes) return false;
    this.#senders?.resolveAll();
    return true;
  }

  expire(now: number): void {
    this.#senders?.expire(now);
  }

  /** The link is lost: what waited in it is gone. */
  end(error: () => unknown): void {
    this.#fresh?.clear();
    this.#senders?.rejectAll(error);
  }

  #keepFresh(bytes: Uint8Array, value: unknown): void {
    this.#fresh ??= new FreshMessages(this.#limits.outboxHighBytes);
    const dropped = this.#fresh.add({ bytes, value });
    if (dropped > 0) this.#owner.dropped(dropped);
  }

  /** As much as one write carries well; the rest stays where it can be dropped. */
  #sendFresh(fresh: FreshMessages): void {
    for (const { bytes, value } of fresh.take(FRESH_BYTES)) this.#owner.session.sendEncoded(bytes, value);
    this.#owner.flush();
  }

  /** True where a `send` would not wait; where it would and too slow means closed, the link closes. */
  #hasRoom(): boolean {
    if (this.#owner.backlogBytes < this.#limits.outboxHighBytes) return true;
    if (this.#overflow === "close") this.#close();
    return false;
  }

  #close(): void {
    const { label, backlogBytes } = this.#owner;
    this.#owner.tooSlow(
      `${label} does not read: ${backlogBytes} bytes wait to be written (limits.outboxHighBytes ` +
        `${this.#limits.outboxHighBytes}, overflow "close")`,
    );
  }
}

/** With `drop-oldest`: how much is written at once. */
const FRESH_BYTES = 64 * 1024;
