import type { RequestOptions } from "../../src/peer/peer.ts";
import type { Operation } from "./journal.ts";
import { type Actor, settle, TIMEOUTS, WORK_MS } from "./operation.ts";
import type { Run } from "./run.ts";

/** Answers, in characters. */
const SIZES = [0, 0, 10, 300, 3_000];
/** How long the question for the handlers waits: as a request does by default. */
const DESCRIBE_MS = 30_000;

/** A request that is answered. */
export async function request(
  run: Run,
  actor: Actor,
  kind: string,
  options: RequestOptions = {},
): Promise<void> {
  const timeoutMs = run.sim.random.pick(TIMEOUTS);
  const operation = run.journal.begin(kind, actor.machine, { timeoutMs, confirms: true });
  await settle(run, operation, () => ask(run, actor, operation, { timeoutMs, ...options }));
}

/** A request that may be carried out again by the next server. */
export async function requestAlways(run: Run, actor: Actor): Promise<void> {
  const timeoutMs = run.sim.random.pick(TIMEOUTS);
  const promise = { promised: "once per session", timeoutMs, confirms: true } as const;
  const operation = run.journal.begin("request always", actor.machine, promise);
  await settle(run, operation, () => ask(run, actor, operation, { timeoutMs, resend: "always" }));
}

/** The same request twice under one key, as by a caller that is not sure of the first. */
export async function requestWithKey(run: Run, actor: Actor): Promise<void> {
  const timeoutMs = run.sim.random.pick(TIMEOUTS);
  const secondMs = run.sim.random.pick([0, 5, 500]);
  const workMs = run.sim.random.pick(WORK_MS);
  const size = run.sim.random.pick(SIZES);
  const promise = { promised: "once per server", timeoutMs: timeoutMs + secondMs, confirms: true } as const;
  const operation = run.journal.begin("request key", actor.machine, promise);
  const options = { timeoutMs, key: `key ${operation.id}` };
  const once = () => ask(run, actor, operation, options, { workMs, size });
  await settle(run, operation, async () => {
    const first = once();
    const second = actor.machine.pause(secondMs).then(once);
    const results = await Promise.allSettled([first, second]);
    if (results.some(({ status }) => status === "fulfilled")) return; // so it was carried out
    const errors = results.map((result) => (result as PromiseRejectedResult).reason);
    // It was not sent only when both were not.
    throw errors.find(({ outcome }) => outcome !== "not-sent") ?? errors[0];
  });
}

/** Another request under a key that was used just before. */
export async function requestOtherUnderKey(run: Run, actor: Actor): Promise<void> {
  const timeoutMs = run.sim.random.pick(TIMEOUTS);
  const promise = { promised: "once per server", timeoutMs, confirms: true } as const;
  const first = run.journal.begin("request key", actor.machine, promise);
  const other = run.journal.begin("request other key", actor.machine, { ...promise, excludes: first.id });
  const options = { timeoutMs, key: `key ${first.id}` };
  await Promise.all([first, other].map((operation) => {
    return settle(run, operation, () => ask(run, actor, operation, options));
  }));
}

/** Asks which handlers there are. */
export async function describe(run: Run, { machine, peer }: Actor): Promise<void> {
  const operation = run.journal.begin("describe", machine, { timeoutMs: DESCRIBE_MS });
  await settle(run, operation, async () => {
    const handlers = await peer.describe();
    if (handlers.some(({ name, kind }) => name === "parts" && kind === "request")) return;
    run.sim.problem(`describe ${operation.id} got ${JSON.stringify(handlers).slice(0, 80)}`);
  });
}

/** A request that its caller calls off. */
export async function requestCancelled(run: Run, actor: Actor): Promise<void> {
  const timeoutMs = run.sim.random.pick(TIMEOUTS);
  const operation = run.journal.begin("request cancelled", actor.machine, { timeoutMs, confirms: true });
  const stop = new AbortController();
  run.sim.after(run.sim.random.pick([0, 1, 20, 300, 3_000]), "cancel", () => {
    stop.abort();
  }, actor.machine);
  await settle(run, operation, () => ask(run, actor, operation, { timeoutMs, signal: stop.signal }));
}

/** Its handler ends when it hears that nobody waits any more. */
export async function requestWithoutEnd(run: Run, actor: Actor): Promise<void> {
  const timeoutMs = run.sim.random.pick([500, 5_000, 20_000]);
  const operation = run.journal.begin("request without end", actor.machine, { timeoutMs });
  const stop = new AbortController();
  run.sim.after(run.sim.random.pick([10, 1_000, 30_000]), "cancel", () => stop.abort(), actor.machine);
  const options = { timeoutMs, signal: stop.signal };
  await settle(run, operation, () => actor.peer.request("wait", [operation.id], options));
}

/** A request whose handler throws. */
export async function requestThatFails(run: Run, actor: Actor): Promise<void> {
  const timeoutMs = run.sim.random.pick(TIMEOUTS);
  const promise = { timeoutMs, confirms: true, throws: true };
  const operation = run.journal.begin("request fails", actor.machine, promise);
  const args = [operation.id, run.sim.random.pick(WORK_MS)];
  await settle(run, operation, () => actor.peer.request("fail", args, { timeoutMs }));
}

/** A request that has no handler. */
export async function requestOfNobody(run: Run, actor: Actor): Promise<void> {
  const timeoutMs = run.sim.random.pick(TIMEOUTS);
  const operation = run.journal.begin("nobody", actor.machine, { timeoutMs, confirms: true });
  await settle(run, operation, () => actor.peer.request("nobody", [operation.id], { timeoutMs }));
}

/** Asks for "work", and looks at the answer. */
async function ask(
  run: Run,
  { peer }: Actor,
  operation: Operation,
  options: RequestOptions,
  { workMs, size } = { workMs: run.sim.random.pick(WORK_MS), size: run.sim.random.pick(SIZES) },
): Promise<void> {
  const answer = await peer.request("work", [operation.id, workMs, size], options);
  if (Array.isArray(answer) && answer[0] === operation.id && answer[1]?.length === size) return;
  run.sim.problem(`${operation.kind} ${operation.id} got the answer ${JSON.stringify(answer)?.slice(0, 80)}`);
}
