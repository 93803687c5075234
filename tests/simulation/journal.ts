import type { Machine } from "./machine.ts";
import type { SimWorld } from "./sim_world.ts";

/** What an operation promises about how often it is carried out. */
export type Promised =
  /** At most once, whatever happens. */
  | "once"
  /** At most once in each run of the server. */
  | "once per server"
  /** At most once by each who gets it. */
  | "once per receiver"
  /** Once more after each session that could not be resumed. */
  | "once per session";

/** One call of the workload, from the side that makes it. */
export interface Operation {
  /** Unique in a run; every call carries it. */
  readonly id: number;
  /** What was done, such as `request` or `send ack`. */
  readonly kind: string;
  readonly by: Machine;
  readonly promised: Promised;
  /** True when its success means that the other side has carried it out. */
  readonly confirms: boolean;
  readonly startedAt: number;
  /** How long it waits, for a stream at each part, in milliseconds. */
  readonly timeoutMs: number;
  /** When it has to be settled. */
  deadline: number;
  settledAt?: number;
  /** What it was rejected with. */
  error?: { readonly code?: unknown; readonly outcome?: unknown; readonly message?: unknown };
  /** The handler of the operation that is to throw. */
  readonly throws?: boolean;
  /** An operation under the same key: no server carries out both. */
  readonly excludes?: number;
}

/** One time that an operation was carried out. */
export interface Execution {
  readonly operation: number;
  readonly on: Machine;
  /** The peer that it came from: a number for each, in the order in which they were seen. */
  readonly from: number;
  readonly at: number;
  /** When its handler ended. */
  finishedAt?: number;
}

/** Everything that the workload has asked for, and everything that was carried out. */
export class Journal {
  readonly operations = new Map<number, Operation>();
  readonly executions = new Map<number, Execution[]>();
  /** Plain messages as they came, for each receiving peer. */
  readonly received = new Map<number, number[]>();
  /** Sessions that were lost, for each client. */
  readonly resets = new Map<Machine, number>();
  /** Operations whose handlers go on until nobody waits for them any more, and where. */
  readonly running = new Map<number, Machine>();
  /** How many parts each stream has produced. */
  readonly produced = new Map<number, number>();
  readonly #sim: SimWorld;
  readonly #peers = new WeakMap<object, number>();
  #lastPeer = 0;

  constructor(sim: SimWorld) {
    this.#sim = sim;
  }

  /** An operation begins. */
  begin(
    kind: string,
    by: Machine,
    promise: Partial<Pick<Operation, "promised" | "confirms" | "throws" | "excludes">> & {
      timeoutMs: number;
    },
  ): Operation {
    const id = this.operations.size + 1;
    const { promised = "once", confirms = false, timeoutMs, throws, excludes } = promise;
    const startedAt = this.#sim.now;
    const operation: Operation = {
      id,
      kind,
      by,
      promised,
      confirms,
      throws,
      excludes,
      startedAt,
      timeoutMs,
      deadline: startedAt + timeoutMs,
    };
    this.operations.set(id, operation);
    this.#sim.note("begin", by.name, kind, id);
    return operation;
  }

  /** An operation has ended well. */
  done(operation: Operation): void {
    operation.settledAt = this.#sim.now;
    this.#sim.note("done", operation.by.name, operation.kind, operation.id);
  }

  /** An operation was rejected. */
  failed(operation: Operation, error: unknown): void {
    operation.settledAt = this.#sim.now;
    operation.error = (error ?? {}) as NonNullable<Operation["error"]>;
    const { code, outcome, message } = operation.error;
    this.#sim.note(
      "failed",
      operation.by.name,
      operation.kind,
      operation.id,
      `${code} ${outcome}: ${message}`,
    );
  }

  /** The other side carries an operation out. */
  execute(operation: number, on: Machine, peer: object): Execution {
    const from = this.#numberOf(peer);
    const execution: Execution = { operation, on, from, at: this.#sim.now };
    const earlier = this.executions.get(operation);
    if (earlier === undefined) this.executions.set(operation, [execution]);
    else earlier.push(execution);
    this.#sim.note("execute", on.name, operation, earlier === undefined ? "" : "AGAIN");
    return execution;
  }

  /** The handler of an execution has ended. */
  finish(execution: Execution): void {
    execution.finishedAt = this.#sim.now;
  }

  /** A plain message has come. */
  receive(operation: number, on: Machine, peer: object): void {
    this.execute(operation, on, peer);
    const from = this.#numberOf(peer);
    const messages = this.received.get(from);
    if (messages === undefined) this.received.set(from, [operation]);
    else messages.push(operation);
  }

  /** A client has lost its session. */
  reset(client: Machine): void {
    this.resets.set(client, (this.resets.get(client) ?? 0) + 1);
  }

  #numberOf(peer: object): number {
    let number = this.#peers.get(peer);
    if (number === undefined) this.#peers.set(peer, number = ++this.#lastPeer);
    return number;
  }
}
