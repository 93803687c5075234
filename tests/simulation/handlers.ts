import type { Callbacks as AllCallbacks } from "../../src/peer/callbacks.ts";
import type { Call } from "../../src/peer/call.ts";
import type { Client } from "../../src/peer/client.ts";
import type { Peer } from "../../src/peer/peer.ts";
import type { Server } from "../../src/peer/server.ts";
import type { Execution } from "./journal.ts";
import type { Machine } from "./machine.ts";
import type { Run } from "./run.ts";

/** A message of the workload. `ack` when its sender waits until it was handled. */
interface Said {
  readonly operation: number;
  readonly ack: boolean;
  readonly workMs: number;
}

/** What every endpoint listens to. */
export type Callbacks = Required<Pick<AllCallbacks, "onReceive" | "onFail" | "onEvent">>;

/** The callbacks of every endpoint. */
export function hear(run: Run, machine: Machine): Callbacks {
  const { sim, journal } = run;
  return {
    onReceive: ({ operation, ack, workMs }: Said, peer: Peer): unknown => {
      if (ack) return work(run, journal.execute(operation, machine, peer), workMs);
      journal.receive(operation, machine, peer);
    },
    onFail: (error: Error) => sim.note("fail", machine.name, error.message),
    onEvent: (event: { kind: string }) => sim.note("event", machine.name, event.kind),
  };
}

/** The handlers of every endpoint: each carries one operation out, and says so in the journal. */
export function serve(run: Run, machine: Machine, endpoint: Server | Client): void {
  const { journal } = run;
  endpoint.onRequest("work", (call: Call, operation: number, workMs: number, size: number) => {
    const execution = journal.execute(operation, machine, call.peer);
    const answer = [operation, filler(size)];
    return work(run, execution, workMs)?.then(() => answer) ?? answer;
  });
  endpoint.onRequest("fail", async (call: Call, operation: number, workMs: number) => {
    journal.execute(operation, machine, call.peer);
    if (workMs > 0) await machine.pause(workMs);
    throw new Error("as it should");
  });
  endpoint.onAction("act", (call: Call, operation: number, workMs: number) => {
    return work(run, journal.execute(operation, machine, call.peer), workMs);
  });
  endpoint.onRequest("wait", (call: Call, operation: number) => {
    journal.execute(operation, machine, call.peer);
    journal.running.set(operation, machine);
    return new Promise((_, reject) => {
      call.signal.addEventListener("abort", () => {
        journal.running.delete(operation);
        reject(call.signal.reason);
      });
    });
  });
  endpoint.onRequest(
    "parts",
    (call: Call, operation: number, count: number, size: number, workMs: number) => {
      journal.execute(operation, machine, call.peer);
      return produce(run, machine, { operation, count, size, workMs });
    },
  );
}

/** What a handler does: nothing for a while. */
function work({ journal }: Run, execution: Execution, workMs: number): Promise<void> | undefined {
  if (workMs > 0) return execution.on.pause(workMs).then(() => journal.finish(execution));
  journal.finish(execution);
}

async function* produce(
  { journal }: Run,
  machine: Machine,
  { operation, count, size, workMs }: { operation: number; count: number; size: number; workMs: number },
): AsyncGenerator<[number, number, string], void, void> {
  journal.running.set(operation, machine);
  try {
    for (let part = 0; part < count; part++) {
      if (workMs > 0) await machine.pause(workMs);
      journal.produced.set(operation, part + 1);
      yield [operation, part, filler(size)];
    }
  } finally {
    journal.running.delete(operation);
  }
}

/** Text of that length. */
function filler(size: number): string {
  return "x".repeat(size);
}
