import type { Session } from "../session.ts";
import type { SessionEvent } from "../session_event.ts";
import type { Endpoint } from "./endpoint.ts";
import type { ReadGate } from "./read_gate.ts";
import { within } from "./world.ts";

/** What {@linkcode Turns} needs of the conversation it works for. */
export interface TurnsOwner {
  readonly endpoint: Endpoint;
  readonly session: Session;
  readonly gate: ReadGate;
  /** True while what comes is for the callbacks. */
  readonly listens: boolean;
  /** Milliseconds on a clock that never jumps. */
  now(): number;
  /** Handles what the session says outside of reading. */
  feed(events: readonly SessionEvent[]): void;
}

/**
 * One message after the other, on wires where only the order tells which answer belongs to what: what has come waits in
 * the session, which says `isBusy`, until the callbacks of the last message are done.
 */
export class Turns {
  readonly #owner: TurnsOwner;
  /** Who waits until all that has come had its turn. */
  #over: PromiseWithResolvers<void> | undefined;

  constructor(owner: TurnsOwner) {
    this.#owner = owner;
  }

  /** Bytes have come: no more are read than may wait. */
  heard(): void {
    const { session, gate } = this.#owner;
    if (session.isBusy && session.inputBytes >= MOST_BYTES) gate.hold("turn");
  }

  /** Somebody waits for the next message, or the callbacks of the last one are done: what has come goes on. */
  proceed(): void {
    const { session, gate, listens } = this.#owner;
    if (!session.isBusy || !listens) return;
    this.#owner.feed(session.proceed(this.#owner.now()));
    // Once nothing waits for its turn, what is there is the begin of a long message, and has to get its rest.
    if (!session.isBusy || session.inputBytes < MOST_BYTES) gate.release("turn");
  }

  /** All callbacks are done. */
  ended(): void {
    this.proceed();
    if (!this.#owner.session.isBusy || !this.#owner.listens) this.#over?.resolve();
  }

  /** Resolves when all that has come had its turn, at most after `limits.closeMs`. */
  over(): Promise<void> {
    const { world, limits } = this.#owner.endpoint;
    this.#over = Promise.withResolvers();
    return within(world, this.#over.promise, limits.closeMs);
  }

  /** Nothing has a turn any more: the link is lost, or closes. */
  stop(): void {
    this.#owner.gate.release("turn");
    this.#over?.resolve();
  }
}

/** So much may wait for the turn of other messages, in bytes: read all the same, so that the end of a link is noticed. */
const MOST_BYTES = 64 * 1024;
