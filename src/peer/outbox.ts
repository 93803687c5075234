import { ParleyError, TimeoutError } from "../errors.ts";
import type { Limits } from "../limits.ts";
import type { Alarm } from "./alarm.ts";
import type { Link } from "./link.ts";
import { WaitList } from "./wait_list.ts";

/** What a peer says, and those who wait until there is room for more. */
export class Outbox {
  readonly #label: string;
  readonly #limits: Readonly<Limits>;
  readonly #alarm: Alarm;
  readonly #link: Link;
  readonly #senders = new WaitList<void>();

  constructor(label: string, limits: Readonly<Limits>, alarm: Alarm, link: Link) {
    this.#label = label;
    this.#limits = limits;
    this.#alarm = alarm;
    this.#link = link;
  }

  /** True when so much waits to be written that a `send` would wait. */
  get isHigh(): boolean {
    return this.#link.backlogBytes > this.#limits.outboxHighBytes;
  }

  /** True when nothing more may be said that somebody else could have said less of. */
  get isFull(): boolean {
    return this.#link.backlogBytes >= this.#limits.maxOutboxBytes;
  }

  get nextDeadline(): number {
    return this.#senders.nextDeadline;
  }

  /** Says something now. @throws {ParleyError} code `outbox_full`. @throws what `write` throws. */
  put(what: string, write: () => void): void {
    if (this.isFull) {
      const text =
        `Cannot send ${what} to ${this.#label}: ${this.#link.backlogBytes} bytes wait to be written ` +
        `already (limits.maxOutboxBytes ${this.#limits.maxOutboxBytes}); await each send to go no faster than the link`;
      throw new ParleyError("outbox_full", text, { outcome: "not-sent" });
    }
    write();
    this.#link.flush();
  }

  /** Resolves when there is room for more. The caller has looked at `isHigh`. */
  room({ timeoutMs, signal }: { timeoutMs?: number; signal?: AbortSignal }): Promise<void> {
    const waitMs = timeoutMs ?? this.#limits.sendMs;
    const deadline = this.#alarm.now() + waitMs;
    this.#alarm.notify(deadline);
    const timeout = () => {
      const { backlogBytes } = this.#link;
      const text = `${this.#label} did not read for ${waitMs} ms: ${backlogBytes} bytes wait to be written`;
      return new TimeoutError("timeout", text, { outcome: "unknown" });
    };
    return this.#senders.add({ deadline, timeout, signal });
  }

  /** Something was written; true when there is room for more. */
  drained(): boolean {
    if (this.#link.backlogBytes > this.#limits.outboxLowBytes) return false;
    this.#senders.resolveAll();
    return true;
  }

  expire(now: number): void {
    this.#senders.expire(now);
  }

  /** Nothing will be written any more. */
  end(error: () => unknown): void {
    this.#senders.rejectAll(error);
  }
}
