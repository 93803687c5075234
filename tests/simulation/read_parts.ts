import { PATIENT_MS } from "./invariants.ts";
import type { Operation } from "./journal.ts";
import type { Actor } from "./operation.ts";
import type { Run } from "./run.ts";

/** A streaming answer, how it is made and how it is read. */
export interface StreamPlan {
  /** How many parts it has. */
  readonly count: number;
  /** The text in each part, in characters. */
  readonly size: number;
  /** What the producer waits before each part, and the consumer after it, in milliseconds. */
  readonly produceMs: number;
  readonly consumeMs: number;
  /** After so many parts the consumer leaves; `Infinity` for never. */
  readonly leaveAfter: number;
  /** How long the consumer waits for each part, in milliseconds. */
  readonly timeoutMs: number;
}

/** Long, and larger than what may be under way at once. */
export const LARGE_STREAM: StreamPlan = Object.freeze({
  count: 32,
  size: 12_000,
  produceMs: 0,
  consumeMs: 5,
  leaveAfter: Infinity,
  timeoutMs: 30_000,
});

/** A stream of any kind. */
export async function readAnyParts(run: Run, actor: Actor): Promise<void> {
  const { sim } = run;
  const { random } = sim;
  const count = random.pick([0, 1, 4, 32]);
  await readParts(run, actor, {
    count,
    size: random.pick([0, 10, 500, 12_000]),
    produceMs: random.pick([0, 0, 5, 100]),
    consumeMs: random.pick([0, 0, 5, 100]),
    leaveAfter: sim.percent(30) ? 1 + random.below(count + 1) : Infinity,
    timeoutMs: random.pick([1_000, PATIENT_MS]),
  });
}

/** Reads a streaming answer to its end or not; its parts must come in order and without a gap. */
export async function readParts(run: Run, actor: Actor, plan: StreamPlan): Promise<void> {
  const { sim, journal } = run;
  const { count, size, produceMs, consumeMs, leaveAfter, timeoutMs } = plan;
  const operation = journal.begin("stream", actor.machine, { timeoutMs, confirms: true });
  let next = 0;
  try {
    const args = [operation.id, count, size, produceMs];
    for await (const part of actor.peer.stream("parts", args, { timeoutMs })) {
      checkPart(run, operation, part, next++, size);
      if (next >= leaveAfter) break;
      operation.deadline = sim.now + consumeMs + timeoutMs;
      if (consumeMs > 0) await actor.machine.pause(consumeMs);
      checkCredit(run, operation, next, size);
    }
    if (next < Math.min(count, leaveAfter)) {
      sim.problem(`stream ${operation.id} ended after ${next} of ${count}`);
    }
    journal.done(operation);
  } catch (error) {
    journal.failed(operation, error);
  }
}

function checkPart(run: Run, operation: Operation, part: unknown, expected: number, size: number): void {
  const [id, index, text] = part as [number, number, string];
  if (id === operation.id && index === expected && text.length === size) return;
  run.sim.problem(`stream ${operation.id} got part ${index} of ${id} in place of part ${expected}`);
}

/** The producer is not further ahead than its credit lets it be. */
function checkCredit({ sim, journal }: Run, { id }: Operation, consumed: number, size: number): void {
  const produced = journal.produced.get(id) ?? 0;
  if ((produced - consumed - 2) * size <= AHEAD_BYTES) return;
  sim.problem(`stream ${id} is produced up to part ${produced}, and read up to part ${consumed}`);
}

/** How far a producer may be ahead of its consumer, in bytes: the credit of one stream. */
const AHEAD_BYTES = 256 * 1024;
