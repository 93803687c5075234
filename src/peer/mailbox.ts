import { TimeoutError } from "../errors.ts";
import type { Limits } from "../limits.ts";
import type { Session } from "../session.ts";
import { type Entry, Inbox } from "./inbox.ts";
import type { ReadGate } from "./read_gate.ts";
import { unfinished } from "./unfinished.ts";
import { WaitList } from "./wait_list.ts";

/** How a message that has come is kept. */
export interface Delivery {
  /** True when callbacks see every message: then only the latest are kept, until somebody pulls one. */
  readonly hasReceivers: boolean;
  /** True when reading cannot stop, because an answer is waited for. */
  readonly mustRead: boolean;
}

/** Who keeps the time for a mailbox. */
export interface MailboxOwner {
  /** The other end, for error messages. */
  readonly label: string;
  /** What makes messages of the bytes that come. */
  readonly session: Session;
  /** Milliseconds on a clock that never jumps. */
  now(): number;
  /** Something is due at `at`. */
  wake(at: number): void;
}

/** The messages of a peer on their way to `ask`, `receive` and `for await`: those who wait, and what waits. */
export class Mailbox {
  readonly #owner: MailboxOwner;
  readonly #gate: ReadGate;
  readonly #inbox: Inbox;
  /** Those who wait for the next message: `ask` and `receive`, in order. */
  readonly #readers = new WaitList<Entry>();
  /** The loops that wait: they get what nobody has asked for. */
  #loops: WaitList<Entry> | undefined;
  /** How many pull messages: as long as there is one, none may be forgotten. */
  #pulling = 0;

  constructor(owner: MailboxOwner, limits: Readonly<Limits>, gate: ReadGate) {
    this.#owner = owner;
    this.#gate = gate;
    this.#inbox = new Inbox(limits);
  }

  /** Messages that nobody waited for. */
  get size(): number {
    return this.#inbox.size;
  }

  /** Messages that were forgotten. */
  get dropped(): number {
    return this.#inbox.dropped;
  }

  get nextDeadline(): number {
    return this.#readers.nextDeadline;
  }

  /** A message has come. False when more has come than can be kept, and reading could not stop. */
  deliver(entry: Entry, { hasReceivers, mustRead }: Delivery): boolean {
    if (this.#readers.size > 0 && this.#readers.resolveFirst(entry)) return true;
    if (this.#loops !== undefined && this.#loops.resolveFirst(entry)) return true;
    this.#inbox.push(entry);
    if (this.#pulling === 0 && hasReceivers) {
      this.#inbox.trim(KEPT_MESSAGES, KEPT_BYTES);
    } else if (this.#inbox.isFull) {
      if (mustRead) return !this.#inbox.isOverflowing;
      this.#gate.hold("inbox");
    }
    return true;
  }

  /** Messages are pulled from now on: none of them may be forgotten. */
  pull(): void {
    this.#pulling++;
  }

  /** One who has pulled wants no more: with receivers, only the latest are kept again. */
  letGo(hasReceivers: boolean): void {
    this.#pulling--;
    if (this.#pulling > 0 || !hasReceivers) return;
    this.#inbox.trim(KEPT_MESSAGES, KEPT_BYTES);
    if (this.#inbox.hasRoom) this.#gate.release("inbox");
  }

  /** Takes the oldest message out. The caller has checked `size`. */
  take(): Entry {
    const entry = this.#inbox.shift();
    if (this.#inbox.hasRoom) this.#gate.release("inbox");
    return entry;
  }

  /** Waits for the next message for as long as it takes. */
  nextInLoop(signal: AbortSignal | undefined): Promise<Entry> {
    const { label } = this.#owner;
    const timeout = () => new TimeoutError("timeout", `No message from ${label}`);
    this.#loops ??= new WaitList();
    return this.#loops.add({ deadline: Infinity, timeout, signal, what: `Message from ${label}` });
  }

  /** Waits for the next message; `what` names it when none comes. */
  next(what: "answer" | "message", timeoutMs: number, signal: AbortSignal | undefined): Promise<Entry> {
    const { label, session } = this.#owner;
    const deadline = this.#owner.now() + timeoutMs;
    this.#owner.wake(deadline);
    const isAnswer = what === "answer";
    const outcome = isAnswer ? "unknown" : undefined;
    const timeout = () => {
      const text = `No ${what} from ${label} within ${timeoutMs} ms${unfinished(session)}`;
      return new TimeoutError("timeout", text, { outcome });
    };
    const waiting = `${isAnswer ? "Answer" : "Message"} from ${label}`;
    return this.#readers.add({ deadline, timeout, signal, what: waiting, outcome, endsWithLink: isAnswer });
  }

  expire(now: number): void {
    this.#readers.expire(now);
  }

  /** The link is lost, and another may follow: who has asked gets no answer any more. */
  lose(error: () => unknown): void {
    this.#readers.rejectLinked(error);
  }

  /** Nothing will come any more. */
  end(error: () => unknown): void {
    this.#readers.rejectAll(error);
    this.#loops?.rejectAll(error);
  }
}

/** What is kept for `receive` beside callbacks that see every message anyway. */
const KEPT_MESSAGES = 64;
const KEPT_BYTES = 64 * 1024;
