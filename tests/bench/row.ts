/**
 * What a row of the bench is: one question, several contestants that answer it, and what the library has to reach.
 *
 * @module
 */

/** What a contestant is asked to do in one turn. Each reads the parts that concern it. */
export interface Work {
  /** Time before counting starts, in milliseconds. */
  readonly warmUpMs: number;
  /** Time that is counted, in milliseconds. */
  readonly measureMs: number;
  /** Requests under way at once. */
  readonly inFlight: number;
  /** Connections to open. */
  readonly connections: number;
  /** Size of one message, in bytes. */
  readonly messageBytes: number;
  /** The kind of argument that a request carries. */
  readonly argument: "bytes" | "list" | "object";
  /** How the caller hears of an answer. */
  readonly answers: "promise" | "callback";
  /** Whether a client of the library comes back after a lost link: numbers, acknowledgements, the log of what was sent. */
  readonly session: boolean;
  /** What ends a message of text: one character. */
  readonly separator: string;
  /** What happens on a serial line, as the program that is measured sees it. */
  readonly line: "echo" | "read" | "write" | "open" | "idle";
  /** What a program that is started is waited for: its first prompt, or its answer to a line typed at that prompt. */
  readonly until: "prompt" | "answer";
  /** Lines that a source sends, per second. */
  readonly linesPerSecond: number;
  /** Where `prepare` puts what has to be fetched: a directory of this run alone. */
  readonly directory: string;
}

/** What one turn has given, in the unit of its row. `p99` where a row has a tail. */
export interface Measured {
  readonly value: number;
  readonly p99?: number;
}

/**
 * The module of a contestant in `contestants/`, loaded in a process of its own for each side and each turn. One that
 * runs in Node or Python is a whole program instead, called and answering as `child.ts` is.
 */
export interface Contestant {
  /** Starts the side that is connected to. `measured` is there when this side does the counting. */
  serve?(work: Work): Promise<{ readonly address: string; readonly measured?: Promise<Measured> }>;
  /** Runs the side that connects; returns nothing when the other side counts, and goes on until it is ended. */
  drive(address: string, work: Work): Promise<Measured | undefined>;
}

/** A contestant in a row. */
export interface Entry {
  /** Unique in its row. */
  readonly name: string;
  /** Its file in `contestants/`, without `.ts`, `.mjs` when it runs in Node, `.py` when it runs in Python. */
  readonly module: string;
  /** Default `"deno"`. */
  readonly runtime?: "deno" | "node" | "python";
  /** The module that has the other side, the one that is connected to; it runs in Deno. Default: `module`. */
  readonly far?: string;
  readonly work?: Partial<Work>;
  /** True for a contestant that has no other side. */
  readonly alone?: boolean;
  /** Flags for the runtime, in front of the script. */
  readonly flags?: readonly string[];
  /**
   * Called once in a run, before the first turn, to find or fetch what is not part of the library.
   *
   * @param directory Where it may write; `Work.directory` of the turns.
   * @returns why it cannot be measured here, with what to do about it; `undefined` when it can.
   */
  prepare?(directory: string): Promise<string | undefined>;
}

/** What one entry has to reach, held against another one of the same row. */
export interface Budget {
  /** As the budget is written, for people. */
  readonly text: string;
  readonly of: string;
  /** Left out for a bound on the value itself. */
  readonly against?: string;
  /** The bound of the ratio (of the difference, when `by` is `"difference"`; of the value, without `against`). */
  readonly atLeast?: number;
  readonly atMost?: number;
  /** Default `"ratio"`. */
  readonly by?: "ratio" | "difference";
}

/** One question. */
export interface Row {
  /** As it is chosen on the command line. */
  readonly name: string;
  readonly title: string;
  readonly unit: string;
  /** The entry that all others are held against. */
  readonly limit: string;
  readonly entries: readonly Entry[];
  /** Turns of each entry in one round. Default 1. */
  readonly turnsPerRound?: number;
  readonly budgets: readonly Budget[];
  /** Things needed to read the numbers, as whole sentences. */
  readonly notes?: readonly string[];
  /** Why the row cannot be measured here; `undefined` when it can. */
  unavailable?(): string | undefined;
}
