import { PATIENT_MS } from "./invariants.ts";
import type { Journal } from "./journal.ts";
import { settle } from "./operation.ts";
import { LARGE_STREAM, readParts } from "./read_parts.ts";
import type { Run } from "./run.ts";
import type { SimWorld } from "./sim_world.ts";
import type { Stage } from "./stage.ts";

/** Lets things happen until `untilMs`, or until `done`. */
export async function go(sim: SimWorld, untilMs: number, done?: () => boolean): Promise<void> {
  if (!await sim.run(untilMs, done)) throw new Error("The simulation goes round for ever");
}

/** Nothing goes wrong any more: soon every client is back, everybody has an answer, and what is asked is answered. */
export async function checkLiveness(run: Run, stage: Stage): Promise<void> {
  const { sim, journal } = run;
  const isBack = () => stage.isComplete && stage.clients.every(({ client }) => client.state === "open");
  const parties = [stage.server, ...stage.clients];
  const thawed = Math.max(sim.now, ...parties.map(({ machine }) => machine.frozenUntil));
  await go(sim, thawed + NOTICE_MS);
  await go(sim, sim.now + RECOVERY_MS, isBack);
  for (const { client, machine } of stage.clients) {
    if (client.state !== "open") {
      sim.problem(`${machine.name} is "${client.state}" a minute after the last fault`);
    }
  }
  await go(sim, sim.now + PATIENT_MS + RECOVERY_MS, settling(journal));
  await go(sim, sim.now + LINGER_MS);
  checkHandlers(run);
  checkDuplicates(run, stage);
  const before = journal.operations.size;
  const { timeoutMs } = LARGE_STREAM;
  for (const { client, machine } of stage.clients) {
    const operation = journal.begin("last request", machine, { timeoutMs, confirms: true });
    settle(run, operation, () => client.request("work", [operation.id, 0, 10], { timeoutMs }));
  }
  const { client, machine } = stage.clients[0];
  readParts(run, { machine, peer: client }, LARGE_STREAM);
  await go(sim, sim.now + RECOVERY_MS, settling(journal));
  for (const { id, kind, by, error } of [...journal.operations.values()].slice(before)) {
    if (error === undefined) continue;
    sim.problem(`${kind} ${id} of ${by.name} failed though all was well: ${error.message}`);
  }
}

/** Tells, each time it is called, whether nobody waits for anything any more, except in processes that are no more. */
function settling({ operations }: Journal): () => boolean {
  const left = [...operations.values()];
  return () => {
    while (left.length > 0 && (left.at(-1)!.settledAt !== undefined || left.at(-1)!.by.isDead)) left.pop();
    return left.length === 0;
  };
}

/** What the other side has is not sent to it again, unless it says that it has it not. */
function checkDuplicates({ sim, settings }: Run, { server, clients }: Stage): void {
  if (settings.understatedPercent > 0) return;
  for (const { machine, counts } of [server, ...clients]) {
    if (counts.duplicates > 0) sim.problem(`${machine.name} has got ${counts.duplicates} frames twice`);
  }
}

/** Handlers hear that nobody waits for them any more, and end. */
function checkHandlers({ sim, journal }: Run): void {
  for (const [id, machine] of journal.running) {
    const { kind, by, timeoutMs } = journal.operations.get(id)!;
    if (machine.isDead || by.hasLeft) continue; // a server keeps the session of a lost client for a while
    // A deadline travels as what is left of it, and begins anew when it arrives late.
    const latest = Math.max(...journal.executions.get(id)!.map(({ at }) => at)) + timeoutMs + LINGER_MS;
    if (kind !== "stream" && sim.now < latest) continue;
    sim.problem(`${kind} ${id} still runs in ${machine.name}, and nobody waits for it`);
  }
}

/** Everybody leaves: no timer, no link and no stream is left. */
export async function checkLeftovers(run: Run, stage: Stage): Promise<void> {
  const { sim, network, journal } = run;
  let closed = false;
  stage.close().then(() => closed = true);
  await go(sim, sim.now + RECOVERY_MS, () => closed);
  if (!closed) return sim.problem("not everybody has closed within a minute");
  await go(sim, sim.now + LINGER_MS);
  for (const { machine, client } of stage.clients) {
    if (machine.timers > 0) sim.problem(`${machine.name} is closed and has ${machine.timers} timers`);
    if (client.pending > 0) sim.problem(`${machine.name} is closed and has ${client.pending} requests`);
  }
  const { machine, server } = stage.server;
  if (machine.timers > 0) sim.problem(`${machine.name} is closed and has ${machine.timers} timers`);
  if (server.peers.size > 0) sim.problem(`${machine.name} is closed and has ${server.peers.size} peers`);
  if (network.openEnds > 0) sim.problem(`${network.openEnds} ends of links are open, and everybody has left`);
  if (network.listeners > 0) sim.problem(`${network.listeners} listeners are left`);
  for (const [operation, where] of journal.running) {
    if (!where.isDead) sim.problem(`the handler of ${operation} still runs in ${where.name}`);
  }
}

/** By then everybody has noticed a link that is silent for ever. */
const NOTICE_MS = 12_000;
/** How long everything may take to be well again, in virtual milliseconds. */
const RECOVERY_MS = 60_000;
/** For what leaves by itself after everybody has closed. */
const LINGER_MS = 5_000;
