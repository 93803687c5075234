import type { SimWorld } from "./sim_world.ts";

/** How one link behaves while nothing is wrong with it. */
export interface LinkNature {
  /** Bytes under way and unread above which a write waits. */
  readonly capacityBytes: number;
  /** The time that bytes take, in milliseconds: at least, and at most. */
  readonly latencyMs: readonly [number, number];
  /** How many frames fewer than it has received each end claims on this link: then some come twice. */
  readonly understatedBy: number;
}

/** Links differ: near and far ones, with room for a lot or for next to nothing. */
export function drawNature(sim: SimWorld, understatedPercent: number): LinkNature {
  const { random } = sim;
  const least = random.pick([0.05, 0.5, 5, 20]);
  const capacityBytes = random.pick([1_000, 10_000, 200_000]);
  return {
    capacityBytes,
    latencyMs: [least, least * random.pick([1.5, 4])],
    understatedBy: sim.percent(understatedPercent) ? 1 + random.below(5) : 0,
  };
}
