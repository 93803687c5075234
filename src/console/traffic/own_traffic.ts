import type { Peer, Traffic } from "../../../mod.ts";

/** What inputs have asked one peer. */
interface Asked {
  /** Requests without an answer, by their ids: the number of the input that has made each. */
  readonly ids: Map<unknown, number>;
  /** How many messages that come next are answers to an `ask`. */
  asks: number;
}

/**
 * Tells what is said only because a typed expression has asked for it: what comes of it is the value of that input, or of
 * one that awaits it later. Knows how long the answers took that an input got while it was evaluated.
 */
export class OwnTraffic {
  readonly #givesValue: () => boolean;
  readonly #onAsked: (ms: number) => void;
  readonly #asked = new WeakMap<Peer, Asked>();
  #input = 0;
  #isAsking = false;
  #isForced = false;
  #roundTrips: number[] = [];

  /**
   * @param givesValue True while code of the input being evaluated runs, and that is shown as its value.
   * @param onAsked Is told how long the answer to an `ask` took.
   */
  constructor(givesValue: () => boolean, onAsked: (ms: number) => void) {
    this.#givesValue = () => this.#isForced || givesValue();
    this.#onAsked = onAsked;
  }

  /** Whether this was asked for, or is what was asked. */
  see(traffic: Traffic, peer: Peer): boolean {
    const { direction, kind } = traffic;
    if (direction === "out") return this.#said(traffic, peer);
    const asked = this.#asked.get(peer);
    if (asked === undefined) return false;
    if (kind === "message") {
      if (asked.asks === 0) return false;
      asked.asks--;
      return true;
    }
    if (kind === "part") return asked.ids.has(traffic.id);
    const input = asked.ids.get(traffic.id);
    if (kind !== "answer" && kind !== "failure" || input === undefined) return false;
    asked.ids.delete(traffic.id);
    if (traffic.ms !== undefined) this.#took(traffic.ms, input);
    return true;
  }

  /** Calls `say`: what it says before it returns is said for a command, which shows what comes of it. */
  forCommand<Value>(say: () => Value): Value {
    this.#isForced = true;
    try {
      return say();
    } finally {
      this.#isForced = false;
    }
  }

  /** Calls an `ask` of this peer. What it says is the input's own, if the input has called it, and so is the answer. */
  async ask<Answer>(peer: Peer, ask: () => Promise<Answer>): Promise<Answer> {
    if (!this.#givesValue()) return await this.#timed(ask, undefined);
    const asked = this.#of(peer);
    asked.asks++;
    try {
      return await this.#timed(() => {
        this.#isAsking = true;
        try {
          return ask();
        } finally {
          this.#isAsking = false;
        }
      }, this.#input);
    } catch (error) {
      if (asked.asks > 0) asked.asks--;
      throw error;
    }
  }

  async #timed<Answer>(ask: () => Promise<Answer>, input: number | undefined): Promise<Answer> {
    const startMs = performance.now();
    const answer = await ask();
    const ms = performance.now() - startMs;
    this.#onAsked(ms);
    if (input !== undefined) this.#took(ms, input);
    return answer;
  }

  /** The input has been evaluated: gives how long each answer took that it has got. */
  end(): readonly number[] {
    const roundTrips = this.#roundTrips;
    this.#roundTrips = [];
    this.#input++;
    return roundTrips;
  }

  #said({ kind, id }: Traffic, peer: Peer): boolean {
    if (kind === "cancel") return this.#asked.get(peer)?.ids.has(id) === true; // the other side may still answer that
    if (this.#isAsking && kind === "message") return true;
    if (kind !== "request" || !this.#givesValue()) return false;
    const { ids } = this.#of(peer);
    if (ids.size >= MAX_OWN) ids.clear(); // those that were never answered
    ids.set(id, this.#input);
    return true;
  }

  #of(peer: Peer): Asked {
    const found = this.#asked.get(peer) ?? { ids: new Map(), asks: 0 };
    this.#asked.set(peer, found);
    return found;
  }

  #took(ms: number, input: number): void {
    if (input === this.#input && this.#roundTrips.length < MAX_OWN) this.#roundTrips.push(ms);
  }
}

/** Requests of an input that may still be answered, and answers of which the time is known. */
const MAX_OWN = 4096;
