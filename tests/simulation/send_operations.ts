import { Client } from "../../src/peer/client.ts";
import { PATIENT_MS } from "./invariants.ts";
import { type Actor, settle, TIMEOUTS, WORK_MS } from "./operation.ts";
import type { Run } from "./run.ts";

/** A few in a row, so that there is an order to keep. */
export async function sendPlain(run: Run, actor: Actor): Promise<void> {
  const count = 1 + run.sim.random.below(4);
  await Promise.all(Array.from({ length: count }, () => send(run, actor, "send", {})));
}

/** A message that waits for a link. */
export async function sendQueued(run: Run, actor: Actor): Promise<void> {
  await send(run, actor, "send queued", { queue: true });
}

/** A message whose handling is waited for. */
export async function sendAcked(run: Run, actor: Actor): Promise<void> {
  await send(run, actor, "send ack", { ack: true });
}

async function send(
  run: Run,
  { machine, peer }: Actor,
  kind: string,
  options: { ack?: boolean; queue?: boolean },
): Promise<void> {
  const timeoutMs = run.sim.random.pick(TIMEOUTS);
  const ack = options.ack === true;
  const operation = run.journal.begin(kind, machine, { timeoutMs, confirms: ack });
  const message = { operation: operation.id, ack, workMs: ack ? run.sim.random.pick(WORK_MS) : 0 };
  await settle(run, operation, () => peer.send(message, { timeoutMs, ...options }));
}

/** An action. */
export async function actionPlain(run: Run, { machine, peer }: Actor): Promise<void> {
  const timeoutMs = run.sim.random.pick(TIMEOUTS);
  const operation = run.journal.begin("action", machine, { timeoutMs });
  await settle(run, operation, () => peer.action("act", [operation.id, 0], { timeoutMs }));
}

/** An action whose handling is waited for. */
export async function actionAcked(run: Run, { machine, peer }: Actor): Promise<void> {
  const timeoutMs = run.sim.random.pick(TIMEOUTS);
  const operation = run.journal.begin("action ack", machine, { timeoutMs, confirms: true });
  const args = [operation.id, run.sim.random.pick(WORK_MS)];
  await settle(run, operation, () => peer.action("act", args, { timeoutMs, ack: true }));
}

/** A message of a server to all of its peers. */
export async function broadcast(run: Run, { machine, server }: Actor): Promise<void> {
  if (server === undefined) return;
  const promise = { promised: "once per receiver", timeoutMs: 0 } as const;
  const operation = run.journal.begin("broadcast", machine, promise);
  const message = { operation: operation.id, ack: false, workMs: 0 };
  await settle(run, operation, () => Promise.resolve(server.broadcast(message)));
}

/** Waits until there is a link. */
export async function waitForLink(run: Run, { machine, peer }: Actor): Promise<void> {
  if (!(peer instanceof Client) || peer.state === "idle") return; // one that was closed before it ever had a link
  const operation = run.journal.begin("ready", machine, { timeoutMs: PATIENT_MS });
  try {
    await peer.ready;
  } catch (error) {
    if (!machine.hasLeft) run.sim.problem(`${machine.name} will never be ready: ${error}`);
  }
  run.journal.done(operation);
}
