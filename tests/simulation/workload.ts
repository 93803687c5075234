import { earlyFault, FAULTS } from "./faults.ts";
import type { Actor } from "./operation.ts";
import { OPERATIONS } from "./operations.ts";
import type { Stage } from "./stage.ts";

/** Plans everything that is asked for and everything that goes wrong, at any time of the run. */
export function plan(stage: Stage, faultsDone: Map<string, number>): void {
  const { sim, network, settings } = stage.run;
  const { durationMs, operations, faults, earlyFaultPercent } = settings;
  for (let i = 0; i < operations; i++) sim.after(sim.between(0, durationMs), "operate", () => operate(stage));
  for (let i = 0; i < faults; i++) {
    sim.after(sim.between(0, durationMs), "fault", () => {
      const fault = weighted(sim.random.below(total(FAULTS)), FAULTS);
      sim.note("fault", fault.name);
      if (fault.do(stage)) faultsDone.set(fault.name, (faultsDone.get(fault.name) ?? 0) + 1);
    });
  }
  network.onLink = (link) => {
    if (sim.now > durationMs || !sim.percent(earlyFaultPercent)) return;
    faultsDone.set("early", (faultsDone.get("early") ?? 0) + 1);
    sim.after(sim.between(0, 60), "early fault", () => earlyFault(stage, link));
  };
}

/** Some bursts, so that windows fill; most of it one by one. */
function operate(stage: Stage): void {
  const { sim } = stage.run;
  const actor = chooseActor(stage);
  if (actor === undefined) return;
  const times = sim.percent(3) ? 20 : 1;
  const kind = weighted(sim.random.below(total(OPERATIONS)), OPERATIONS);
  for (let i = 0; i < times; i++) kind.do(stage.run, actor);
}

/** Mostly clients ask; a server asks one of its peers. */
function chooseActor({ run: { sim }, server, clients }: Stage): Actor | undefined {
  if (sim.percent(25)) {
    const peers = [...server.server.peers];
    if (peers.length === 0 || !isAwake(server.machine, sim.now)) return undefined;
    return { machine: server.machine, peer: sim.random.pick(peers), server: server.server };
  }
  const { machine, client } = sim.random.pick(clients);
  return isAwake(machine, sim.now) ? { machine, peer: client } : undefined;
}

function isAwake(machine: { isDead: boolean; frozenUntil: number }, now: number): boolean {
  return !machine.isDead && machine.frozenUntil <= now;
}

function total(kinds: readonly { readonly weight: number }[]): number {
  return kinds.reduce((sum, { weight }) => sum + weight, 0);
}

function weighted<Kind extends { readonly weight: number }>(place: number, kinds: readonly Kind[]): Kind {
  let left = place;
  for (const kind of kinds) {
    if (left < kind.weight) return kind;
    left -= kind.weight;
  }
  throw new RangeError(`No kind at ${place}`);
}
