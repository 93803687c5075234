import { checkLeftovers, checkLiveness, go } from "./endings.ts";
import { checkJournal } from "./invariants.ts";
import { Journal } from "./journal.ts";
import type { Run } from "./run.ts";
import { drawSettings } from "./settings.ts";
import { SimNetwork } from "./sim_network.ts";
import { SimWorld } from "./sim_world.ts";
import { Stage } from "./stage.ts";
import { plan } from "./workload.ts";

/** How one run went. */
export interface SimResult {
  readonly seed: number;
  readonly ok: boolean;
  /** What must never happen and did, in words. */
  readonly problems: readonly string[];
  /** The same for two runs of one seed. */
  readonly traceHash: string;
  /** What happened, when it was to be kept. */
  readonly trace: readonly string[] | undefined;
  /** How many events happened. */
  readonly events: number;
  /** Calls that were made, and those of them that ended well. */
  readonly operations: number;
  readonly succeeded: number;
  /** How often each fault was done. */
  readonly faults: ReadonlyMap<string, number>;
  /** How long it took by the clock of the simulation. */
  readonly virtualMs: number;
}

/** Runs one seed to its end: things go wrong, then all is well for a while, then everybody leaves. */
export async function simulate(seed: number, options: { keepTrace?: boolean } = {}): Promise<SimResult> {
  const sim = new SimWorld(seed, options);
  const faults = new Map<string, number>();
  const unhandled = (event: PromiseRejectionEvent) => {
    event.preventDefault();
    sim.problem(`a rejection was not handled: ${event.reason?.stack ?? event.reason}`);
  };
  globalThis.addEventListener("unhandledrejection", unhandled);
  const journal = new Journal(sim);
  const run: Run = { sim, network: new SimNetwork(sim), journal, settings: drawSettings(sim) };
  try {
    run.network.understatedPercent = run.settings.understatedPercent;
    sim.note("settings", JSON.stringify(run.settings));
    const stage = new Stage(run);
    await stage.open();
    plan(stage, faults);
    await go(sim, run.settings.durationMs);
    run.network.heal();
    await checkLiveness(run, stage);
    await checkLeftovers(run, stage);
    checkJournal(sim, journal);
  } catch (error) {
    sim.problem(`the run ended early: ${error instanceof Error ? error.stack : error}`);
  } finally {
    globalThis.removeEventListener("unhandledrejection", unhandled);
  }
  const operations = [...journal.operations.values()];
  return {
    seed,
    ok: sim.problems.length === 0,
    problems: sim.problems,
    traceHash: sim.trace.hash,
    trace: sim.trace.lines,
    events: sim.events,
    operations: operations.length,
    succeeded: operations.filter(({ settledAt, error }) => settledAt !== undefined && !error).length,
    faults,
    virtualMs: sim.now,
  };
}
