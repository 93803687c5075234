/**
 * What is fuzzed, and what counts as broken.
 *
 * @module
 */
import type { SeededRandom } from "../../src/testing/seeded_random.ts";

/** One thing that reads what strangers send. */
export interface Target {
  /** For `--target`. */
  readonly name: string;
  /** One line for people. */
  readonly about: string;
  /** True when nothing is ever refused, so that a run without a refusal is as it should be. */
  readonly acceptsAll?: boolean;
  /** Makes the next input. It may depend on `random` alone, so that an index makes the same input again. */
  make(random: SeededRandom): Case;
}

/** One input, ready to be fed any number of times. */
export interface Case {
  /** How many pieces it can be cut into: bytes or characters; 0 for an input that has to come whole. */
  readonly size: number;
  /**
   * Feeds it to a new reader in pieces of these sizes, and calls `lap` when the reader is done with a piece: only
   * the time up to a lap counts, so that what is checked afterwards costs nothing.
   *
   * @throws {BrokenRule} the reader breaks a rule. Anything else that is thrown has escaped the reader.
   */
  feed(sizes: readonly number[], lap: () => void): Outcome;
  /** The input, for people. */
  show(): string;
}

/** What became of an input. */
export interface Outcome {
  /** All that came out, as one number: the same however the input was cut. */
  readonly digest: number;
  /** The codes of the errors, in order; empty when all of the input was accepted. */
  readonly refused: readonly string[];
  /**
   * Calls into the reader beside one for each piece, where the reader hands over one thing a call. The time limit is
   * for one call, so each of these may take a little time of its own. Default 0.
   */
  readonly calls?: number;
}

/** A reader has broken a rule that holds for any input. */
export class BrokenRule extends Error {
  /** Always `"BrokenRule"`. */
  override readonly name = "BrokenRule";
}

/** The most bytes of one input: as many as the default limit of a frame. */
export const MAX_INPUT_BYTES = 1024 * 1024;
