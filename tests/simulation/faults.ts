import type { SimLink } from "./sim_link.ts";
import type { Exit, Stage } from "./stage.ts";

/** Something that goes wrong. */
export interface FaultKind {
  readonly name: string;
  /** How frequent it is beside the others. */
  readonly weight: number;
  /** Does it; false when there was nothing to do it to. */
  do(stage: Stage): boolean;
}

/** Everything that goes wrong: to add a kind, add it here. */
export const FAULTS: readonly FaultKind[] = [
  { name: "cut", weight: 20, do: (stage) => onLink(stage, (link) => cut(stage, link)) },
  { name: "cut late", weight: 12, do: (stage) => onLink(stage, (link) => cutLate(stage, link)) },
  { name: "stall", weight: 12, do: (stage) => onLink(stage, (link) => blackHole(stage, link, false)) },
  { name: "half-open", weight: 8, do: (stage) => onLink(stage, (link) => blackHole(stage, link, true)) },
  { name: "end", weight: 6, do: (stage) => onLink(stage, (link) => link.endOrderly()) },
  { name: "cut again and again", weight: 6, do: cutAgainAndAgain },
  { name: "refuse", weight: 4, do: (stage) => dialing(stage, "refuse") },
  { name: "hang", weight: 3, do: (stage) => dialing(stage, "hang") },
  { name: "freeze", weight: 6, do: freeze },
  { name: "restart server", weight: 3, do: restartServer },
  { name: "restart client", weight: 4, do: restartClient },
];

/** What happens to some links in their first moments. */
export function earlyFault(stage: Stage, link: SimLink): void {
  if (link.isOver) return;
  if (stage.run.sim.percent(70)) cut(stage, link);
  else blackHole(stage, link, stage.run.sim.percent(50));
}

function onLink(stage: Stage, fault: (link: SimLink) => void): boolean {
  const { links } = stage.run.network;
  if (links.length === 0) return false;
  fault(stage.run.sim.random.pick(links));
  return true;
}

/** Both ends hear of it, or only one. */
function cut({ run: { sim } }: Stage, link: SimLink): void {
  const who = sim.random.below(6);
  const client = who === 4 ? "silence" : "reset";
  const server = who === 5 ? "silence" : "reset";
  link.cut({ client, server }, sim.percent(60));
}

/** The client is back before its last bytes have arrived on the link that it has lost. */
function cutLate({ run: { sim } }: Stage, link: SimLink): void {
  link.cutLate(sim.random.pick([20, 200, 1_000, 8_000]), sim.percent(50) ? "reset" : "silence");
}

function blackHole({ run: { sim } }: Stage, link: SimLink, forEver: boolean): void {
  const way = sim.random.below(3);
  const ms = forEver ? Infinity : sim.random.pick([50, 500, 3_000, 12_000]);
  link.blackHole({ there: way !== 1, back: way !== 2 }, ms);
}

/** Hardly is a client back, and its link is cut again. */
function cutAgainAndAgain(stage: Stage): boolean {
  const { sim } = stage.run;
  const times = 2 + sim.random.below(6);
  let at = 0;
  for (let time = 0; time < times; time++) {
    at += sim.random.pick([5, 30, 100, 400]);
    sim.after(at, "cut again", () => onLink(stage, (link) => cut(stage, link)));
  }
  return true;
}

function dialing({ run: { sim, network } }: Stage, mood: "refuse" | "hang"): boolean {
  network.dialing = mood;
  sim.note("dialing", mood);
  sim.after(sim.random.pick([200, 1_000, 6_000]), "dial again", () => network.dialing = "normal");
  return true;
}

function freeze(stage: Stage): boolean {
  const { sim } = stage.run;
  const parties = [stage.server, ...stage.clients];
  sim.random.pick(parties).machine.freeze(sim.random.pick([50, 600, 4_000, 15_000]));
  return true;
}

const EXITS: readonly Exit[] = ["kill", "kill", "power", "close"];

function restartServer(stage: Stage): boolean {
  const { random } = stage.run.sim;
  stage.restartServer(random.pick(EXITS), random.pick([0, 100, 2_000]));
  return true;
}

function restartClient(stage: Stage): boolean {
  const { random } = stage.run.sim;
  stage.restartClient(random.below(stage.clients.length), random.pick(EXITS), random.pick([0, 100, 2_000]));
  return true;
}
