import type { SeededRandom } from "../../src/testing/seeded_random.ts";
import type { LinkFault } from "./faulty_link.ts";

/** What can happen in a run: something to a link, or `kill -9` or SIGSTOP to a process. */
export type Fault = LinkFault | "kill server" | "kill client" | "freeze server" | "freeze client";

/** One deck holds every fault, frequent ones more than once. */
const CARDS: Readonly<Record<Fault, number>> = Object.freeze({
  "reset": 8,
  "cut": 12,
  "early cut": 5,
  "refuse": 4,
  "stall": 3,
  "slice": 8,
  "delay": 4,
  "black hole": 1,
  "half-open": 2,
  "kill server": 1,
  "kill client": 1,
  "freeze server": 1,
  "freeze client": 1,
});

/** How many faults one deck holds. */
export const DECK_SIZE: number = Object.values(CARDS).reduce((sum, count) => sum + count);

/** Faults in random order, of which none is left out: a shuffled deck is used up before the next one begins. */
export class FaultDeck {
  readonly #random: SeededRandom;
  #left: number;
  #deck: Fault[] = [];

  /** @param count How many faults there are in all. */
  constructor(count: number, random: SeededRandom) {
    this.#left = count;
    this.#random = random;
  }

  /** The next fault, or `undefined` when there are no more. */
  draw(): Fault | undefined {
    if (this.#left === 0) return undefined;
    this.#left--;
    if (this.#deck.length === 0) {
      this.#deck = Object.entries(CARDS).flatMap(([fault, n]) => Array(n).fill(fault));
    }
    return this.#deck.splice(this.#random.below(this.#deck.length), 1)[0];
  }
}
