import { SeededRandom } from "../../src/testing/seeded_random.ts";

/** The random numbers of one input: any input can be made again without those before it. */
export function caseRandom(seed: number, target: string, index: number): SeededRandom {
  let mixed = mix(seed | 0);
  for (let at = 0; at < target.length; at++) mixed = mix(mixed ^ target.charCodeAt(at));
  return new SeededRandom(mix(mixed ^ Math.imul(index + 1, 0x9e3779b1)));
}

/** Every bit of the result depends on every bit of the number (the finalizer of MurmurHash3). */
function mix(number: number): number {
  number = Math.imul(number ^ number >>> 16, 0x85ebca6b);
  number = Math.imul(number ^ number >>> 13, 0xc2b2ae35);
  return (number ^ number >>> 16) | 0;
}
