import type { SeededRandom } from "../../src/testing/seeded_random.ts";
import { mutate, type Sample } from "./mutation.ts";
import { MAX_INPUT_BYTES } from "./target.ts";

/** Where the three kinds of input come from. */
export interface Mixture {
  /** Bytes without sense. */
  noise(random: SeededRandom): Uint8Array;
  /** A stream that the reader accepts. */
  sample(random: SeededRandom): Sample;
  /** Input made to cost more than it weighs. */
  bomb(random: SeededRandom): Uint8Array;
}

/** The next input: 40 of 100 are noise, 40 are samples that have changed, 20 are bombs. At most 1 MiB. */
export function mixed(random: SeededRandom, mixture: Mixture): Uint8Array {
  const roll = random.below(100);
  if (roll < 40) return mixture.noise(random);
  if (roll < 80) return mutate(random, mixture.sample(random), () => mixture.sample(random));
  return mixture.bomb(random).subarray(0, MAX_INPUT_BYTES);
}

/** How large a bomb gets, in bytes: one in two thousand as large as is allowed, since those take a while. */
export function bombLength(random: SeededRandom): number {
  const roll = random.below(2000);
  if (roll === 0) return MAX_INPUT_BYTES;
  return 1 + random.below(roll < 20 ? 64 * 1024 : roll < 400 ? 2048 : 128);
}
