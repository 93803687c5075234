import type { SeededRandom } from "../../src/testing/seeded_random.ts";
import type { LinkFault } from "./faulty_link.ts";
import type { CableFault } from "./serial_cable.ts";

/** What can happen to processes: `kill -9` or SIGSTOP. */
type ProcessFault =
  | "kill server"
  | "kill client"
  | "kill both"
  | "freeze server"
  | "freeze client"
  | "long freeze";

/** What can happen in a run: something to a link, or to a process. */
export type Fault = LinkFault | CableFault | ProcessFault;

/** How often each fault is in a deck. */
export type Cards = Readonly<Partial<Record<Fault, number>>>;

/** What happens to links over TCP. */
export const TCP_CARDS: Cards = Object.freeze({
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

/** What happens to links over a serial line. */
export const SERIAL_CARDS: Cards = Object.freeze({
  "flips": 4,
  "holes": 3,
  "bursts": 3,
  "hiss": 2,
  "stall": 4,
  "long stall": 1,
  "unplug server": 3,
  "unplug client": 3,
  "intruder": 3,
  "replay": 4,
  "kill server": 2,
  "kill client": 2,
  "kill both": 1,
  "freeze server": 2,
  "freeze client": 2,
  "long freeze": 1,
});

/** How many faults one deck holds. */
export function deckSize(cards: Cards): number {
  return Object.values(cards).reduce((sum, count) => sum + count);
}

/** Faults in random order, of which none is left out: a shuffled deck is used up before the next one begins. */
export class FaultDeck {
  readonly #random: SeededRandom;
  readonly #cards: Cards;
  #left: number;
  #deck: Fault[] = [];

  /** @param count How many faults there are in all. */
  constructor(count: number, cards: Cards, random: SeededRandom) {
    this.#left = count;
    this.#cards = cards;
    this.#random = random;
  }

  /** The next fault, or `undefined` when there are no more. */
  draw(): Fault | undefined {
    if (this.#left === 0) return undefined;
    this.#left--;
    if (this.#deck.length === 0) {
      this.#deck = Object.entries(this.#cards).flatMap(([fault, n]) => Array(n).fill(fault));
    }
    return this.#deck.splice(this.#random.below(this.#deck.length), 1)[0];
  }
}
