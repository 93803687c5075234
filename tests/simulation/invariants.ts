import type { Execution, Journal, Operation } from "./journal.ts";
import type { Machine } from "./machine.ts";
import type { SimWorld } from "./sim_world.ts";

/** How much later than its deadline an operation may settle, in virtual milliseconds. */
const GRACE_MS = 1_000;

/** How long closing may take at most, in virtual milliseconds. */
const CLOSE_MS = 5_000;

/** A wait that no fault may outlast, in virtual milliseconds. */
export const PATIENT_MS = 120_000;

/** What must hold when a run is over, read off its journal. Every breach is told to the simulation as a problem. */
export function checkJournal(sim: SimWorld, journal: Journal): void {
  for (const operation of journal.operations.values()) {
    const executions = journal.executions.get(operation.id) ?? [];
    const breaches = [
      settledInTime(operation, sim.now),
      notTooOften(operation, executions, journal),
      confirmed(operation, executions),
      neverGivenUp(operation, executions),
      alone(operation, executions, journal),
      told(operation, executions),
    ];
    for (const breach of breaches) {
      if (breach !== undefined) sim.problem(`${operation.kind} ${operation.id} ${breach}`);
    }
  }
  for (const [peer, messages] of journal.received) {
    for (let i = 1; i < messages.length; i++) {
      if (messages[i] > messages[i - 1]) continue;
      sim.problem(`plain messages of peer ${peer} came as ${messages[i - 1]}, ${messages[i]}`);
      break;
    }
  }
  for (const id of journal.executions.keys()) {
    if (!journal.operations.has(id)) sim.problem(`operation ${id} was carried out and never asked for`);
  }
}

/** Every promise settles by its deadline, except in a process that is no more. */
function settledInTime(operation: Operation, now: number): string | undefined {
  const { by, settledAt, deadline } = operation;
  // Who closes gives what is under way some time to leave.
  const latest = deadline + GRACE_MS + by.frozenMs + (by.hasLeft ? CLOSE_MS : 0);
  if (settledAt === undefined) {
    return by.isDead || now < latest
      ? undefined
      : `never settled; its deadline was ${deadline.toFixed(0)} ms`;
  }
  if (settledAt <= latest) return undefined;
  return `settled at ${settledAt.toFixed(0)} ms; its deadline was ${deadline.toFixed(0)} ms`;
}

function notTooOften(operation: Operation, executions: Execution[], journal: Journal): string | undefined {
  switch (operation.promised) {
    case "once":
      return executions.length > 1 ? `was carried out ${executions.length} times` : undefined;
    case "once per receiver":
    case "once per server": {
      const machines = new Set<Machine>(executions.map(({ on }) => on));
      return executions.length > machines.size
        ? `was carried out ${executions.length} times by ${machines.size} machines`
        : undefined;
    }
    case "once per session": {
      const sessions = 1 + (journal.resets.get(operation.by) ?? 0);
      return executions.length > sessions
        ? `was carried out ${executions.length} times in ${sessions} sessions`
        : undefined;
    }
  }
}

/** Of two calls under one key, a server carries out only one. */
function alone({ excludes }: Operation, executions: Execution[], journal: Journal): string | undefined {
  const others = excludes === undefined ? [] : journal.executions.get(excludes) ?? [];
  const both = executions.find(({ on }) => others.some((other) => other.on === on));
  return both && `was carried out in ${both.on.name} beside operation ${excludes}, which has the same key`;
}

/** What was answered was carried out. */
function confirmed(operation: Operation, executions: Execution[]): string | undefined {
  const { settledAt, error, confirms, throws } = operation;
  if (!confirms || settledAt === undefined) return undefined;
  if (throws === true) {
    if (error === undefined) return "succeeded, though its handler throws";
    if (error.code === "handler_failed" && executions.length === 0) {
      return "failed in a handler that never ran";
    }
    return undefined;
  }
  if (error === undefined) {
    if (executions.length === 0) return "succeeded without being carried out";
    const finished = operation.kind === "stream" ||
      executions.some(({ finishedAt }) => finishedAt !== undefined);
    return finished ? undefined : "succeeded before its handler had ended";
  }
  return error.code === "handler_failed" ? `failed in a handler that does not: ${error.message}` : undefined;
}

/**
 * Who waits for so long sees the end of all faults, and gets an answer or hears why there is none. Only a server that
 * waits for a client cannot know that it is no more.
 */
function neverGivenUp({ timeoutMs, error, by }: Operation, executions: Execution[]): string | undefined {
  if (timeoutMs < PATIENT_MS || error?.code !== "timeout") return undefined;
  if (by.isServer && !executions.some(({ on }) => !on.hasLeft)) return undefined;
  return `was lost: it waited for ${timeoutMs} ms, and all was well long before`;
}

/** A rejection says what became of it, and says the truth. */
function told(operation: Operation, executions: Execution[]): string | undefined {
  const { error } = operation;
  if (error === undefined) return undefined;
  const { code, outcome, message } = error;
  if (typeof code !== "string") return `was rejected without a code: ${message}`;
  if (outcome !== "not-sent" && outcome !== "unknown" && outcome !== "failed") {
    return `was rejected (${code}) without an outcome: ${message}`;
  }
  if (outcome === "not-sent" && executions.length > 0) {
    return `was rejected (${code}) as "not-sent" and carried out: ${message}`;
  }
  return undefined;
}
