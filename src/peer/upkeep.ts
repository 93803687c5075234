import type { Limits } from "../limits.ts";
import type { Session } from "../session.ts";

/** What {@linkcode Upkeep} looks at. */
export interface UpkeepOwner {
  readonly session: Session;
  readonly label: string;
  /** Bytes that are not handed to the system yet. */
  readonly backlogBytes: number;
  /** True while somebody waits for something on the link. */
  readonly isBusy: boolean;
  /** Something is due at `at`. */
  wake(at: number): void;
  /** The link carried nothing for too long. */
  idle(text: string): void;
}

/** What a link needs now and then, by the clock: an end when it is of no use, and its memory given back. */
export class Upkeep {
  readonly #owner: UpkeepOwner;
  readonly #limits: Pick<Limits, "idleMs">;
  #idleSince: number;
  #messages = 0;
  #trimAt = Infinity;

  constructor(owner: UpkeepOwner, limits: Pick<Limits, "idleMs">, now: number) {
    this.#owner = owner;
    this.#limits = limits;
    this.#idleSince = now;
  }

  get nextTickAt(): number {
    return Math.min(this.#idleSince + this.#limits.idleMs, this.#trimAt);
  }

  /** There is a new link. */
  begin(now: number): void {
    this.#idleSince = now;
  }

  /** Bytes have come or gone. */
  used(now: () => number): void {
    if (this.#trimAt === Infinity && this.#owner.session.isLarge) this.#trim(now());
  }

  tick(now: number): void {
    if (now >= this.#trimAt) this.#trim(now);
    if (now >= this.#idleSince + this.#limits.idleMs) this.#checkIdle(now);
  }

  /** Memory of a burst goes back a second after it, or later if there was another. */
  #trim(now: number): void {
    const { session, backlogBytes } = this.#owner;
    if (this.#trimAt !== Infinity && backlogBytes === 0) session.trim();
    this.#trimAt = session.isLarge ? now + TRIM_MS : Infinity;
    this.#owner.wake(this.#trimAt);
  }

  /** Nothing is noted for each message: a look from time to time at how many there were is enough. */
  #checkIdle(now: number): void {
    const { messagesIn, messagesOut } = this.#owner.session.counts;
    const messages = messagesIn + messagesOut;
    this.#idleSince = now;
    if (messages !== this.#messages || this.#owner.isBusy) {
      this.#messages = messages;
      return;
    }
    const { idleMs } = this.#limits;
    this.#owner.idle(`Link ${this.#owner.label} carried no message for ${idleMs} ms (limits.idleMs)`);
  }
}

/** How long memory of a burst is kept for the next one, in milliseconds. */
const TRIM_MS = 1000;
