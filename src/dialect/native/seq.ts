/**
 * The numbers of frames: 1 to 2^32 - 1, then 1 again. 0 is no number; as "the last one that has come" it means none.
 *
 * @module
 */

/** The number after `seq`. */
export function after(seq: number): number {
  return seq === COUNT ? 1 : seq + 1;
}

/** The number before `seq`; 0 before the first. */
export function before(seq: number): number {
  return seq - 1;
}

/** How many steps it takes from `from` up to `seq`; more than half of all numbers means that it lies behind. */
export function distance(from: number, seq: number): number {
  const steps = (seq - from) % COUNT;
  return steps < 0 ? steps + COUNT : steps;
}

/** True when `seq` comes after `from`. */
export function isAfter(seq: number, from: number): boolean {
  const steps = distance(from, seq);
  return steps !== 0 && steps <= COUNT / 2;
}

const COUNT = 0xffff_ffff;
