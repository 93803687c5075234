import type { Journal } from "./journal.ts";
import type { Settings } from "./settings.ts";
import type { SimNetwork } from "./sim_network.ts";
import type { SimWorld } from "./sim_world.ts";

/** What everything in one run has in common. */
export interface Run {
  readonly sim: SimWorld;
  readonly network: SimNetwork;
  readonly journal: Journal;
  readonly settings: Settings;
}
