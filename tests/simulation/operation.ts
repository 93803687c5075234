import type { Peer } from "../../src/peer/peer.ts";
import type { Server } from "../../src/peer/server.ts";
import { PATIENT_MS } from "./invariants.ts";
import type { Operation } from "./journal.ts";
import type { Machine } from "./machine.ts";
import type { Run } from "./run.ts";

/** One side of a link that asks for something. */
export interface Actor {
  readonly machine: Machine;
  readonly peer: Peer;
  /** The server, where it is one that asks. */
  readonly server?: Server;
}

/** Waits for the end of an operation and writes it down. */
export async function settle(run: Run, operation: Operation, work: () => Promise<unknown>): Promise<void> {
  try {
    await work();
    run.journal.done(operation);
  } catch (error) {
    run.journal.failed(operation, error);
  }
}

/** How long handlers take, in milliseconds. */
export const WORK_MS: readonly number[] = [0, 0, 0, 1, 10, 100, 1_500];
/** How long callers wait, in milliseconds. */
export const TIMEOUTS: readonly number[] = [150, 2_000, 10_000, PATIENT_MS];
