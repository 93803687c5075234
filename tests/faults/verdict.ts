import { readJournal } from "./journal.ts";
import { kindOf, type OperationKind } from "./operation.ts";

/** What the journals of a run say. */
export interface Verdict {
  /** How many operations settled, by kind. */
  readonly settled: Map<string, number>;
  /** How many operations failed, by `code (outcome)`. */
  readonly failed: Map<string, number>;
  /** How many operations were answered. */
  readonly answered: number;
  /** How many executions there were. */
  readonly executed: number;
  /** Answered, and never executed. Has to be empty. */
  readonly lost: string[];
  /** Executed more often than promised. Has to be empty. */
  readonly doubled: string[];
  /** Executed, though the error said that the message was not sent. Has to be empty. */
  readonly denied: string[];
  /** Answered with something else. Has to be empty. */
  readonly wrong: string[];
  /** Pending a second after the deadline. Has to be empty. */
  readonly overdue: string[];
  /** Failed without a code or an outcome, or in a way that no fault explains. Has to be empty. */
  readonly unexplained: string[];
  /** Executed once in each of two lives of the server, as is promised for `key` and `resend: "always"`. */
  readonly repeated: number;
}

/** Compares what clients were told with what was executed. */
export async function judge(servers: readonly string[], clients: readonly string[]): Promise<Verdict> {
  const verdict = { answered: 0, executed: 0, repeated: 0, settled: new Map(), failed: new Map() };
  const problems = { lost: [], doubled: [], denied: [], wrong: [], overdue: [], unexplained: [] };
  const found: { -readonly [Name in keyof Verdict]: Verdict[Name] } = { ...verdict, ...problems };
  const lives = new Map<string, number[]>(); // the lives of the server in which an operation was executed
  for (const [life, path] of servers.entries()) {
    for await (const [word, id] of readJournal(path)) {
      if (word === "O") {
        found.overdue.push(`${id}: in the server`);
        continue;
      }
      const seen = lives.get(id);
      if (seen === undefined) lives.set(id, [life]);
      else seen.push(life);
    }
  }
  for (const [id, seen] of lives) {
    found.executed += seen.length;
    if (seen.length === 1) continue;
    const isPromised = ["keyed", "always"].includes(kindOf(id)) && new Set(seen).size === seen.length;
    if (isPromised) found.repeated++;
    else found.doubled.push(id);
  }
  for (const path of clients) await judgeClient(path, lives, found, servers.length > 1);
  return found;
}

async function judgeClient(
  path: string,
  lives: Map<string, number[]>,
  found: { -readonly [Name in keyof Verdict]: Verdict[Name] },
  wasRestarted: boolean,
): Promise<void> {
  const back = new Set<string>();
  for await (const [word, id, ...rest] of readJournal(path)) {
    const kind = kindOf(id);
    if (word === "A" || word === "F" || word === "W") add(found.settled, kind);
    if (word === "E") {
      if (back.has(id)) found.doubled.push(`${id} in the client`);
      back.add(id);
    } else if (word === "A") {
      found.answered++;
      if (kind !== "plain" && kind !== "queued" && !lives.has(id)) found.lost.push(id);
      if (kind === "back" && !back.has(id)) found.lost.push(`${id} in the client`);
    } else if (word === "W") {
      found.wrong.push(`${id}: ${rest.join(" ")}`);
    } else if (word === "O") {
      found.overdue.push(`${id}: ${rest.join(" ")}`);
    } else {
      const [code, outcome] = rest;
      add(found.failed, `${code} (${outcome})`);
      if (outcome === "not-sent" && lives.has(id)) found.denied.push(`${id}: ${code}`);
      if (!isExplained(kind, `${code} ${outcome}`, wasRestarted)) {
        found.unexplained.push(`${id}: ${code} (${outcome})`);
      }
    }
  }
}

/** What faults may lead to: with time enough, only a server that has forgotten its sessions makes a call fail. */
function isExplained(kind: OperationKind, failure: string, wasRestarted: boolean): boolean {
  switch (failure) {
    case "timeout not-sent":
    case "timeout unknown":
      return kind === "short";
    case "cancelled not-sent":
    case "cancelled unknown":
      return kind === "cancelled";
    case "not_connected not-sent":
      return kind === "plain";
    case "unknown_outcome unknown":
      // A request that is never sent twice may be given up when only its link was lost.
      return kind === "never" || (wasRestarted && kind !== "keyed" && kind !== "always");
    case "handler_failed failed":
      return kind === "back"; // its handler asks the client, and does not wait long
    default:
      return false;
  }
}

function add(counts: Map<string, number>, name: string): void {
  counts.set(name, (counts.get(name) ?? 0) + 1);
}
