import { readJournal } from "./journal.ts";
import { kindOf } from "./operation.ts";

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

/** What link faults and restarts may lead to; anything else is a mistake. */
const EXPLAINED = /^(unknown_outcome|timeout|deadline|disconnected|reset|AbortError|aborted|cancelled)$/;

/** Compares what clients were told with what was executed. */
export async function judge(servers: readonly string[], clients: readonly string[]): Promise<Verdict> {
  const lives = new Map<string, number[]>(); // the lives of the server in which an operation was executed
  for (const [life, path] of servers.entries()) {
    for await (const [, id] of readJournal(path)) {
      const seen = lives.get(id);
      if (seen === undefined) lives.set(id, [life]);
      else seen.push(life);
    }
  }
  const verdict = { answered: 0, executed: 0, repeated: 0, settled: new Map(), failed: new Map() };
  const problems = { lost: [], doubled: [], denied: [], wrong: [], overdue: [], unexplained: [] };
  const found: { -readonly [Name in keyof Verdict]: Verdict[Name] } = { ...verdict, ...problems };
  for (const [id, seen] of lives) {
    found.executed += seen.length;
    if (seen.length === 1) continue;
    const isPromised = ["keyed", "always"].includes(kindOf(id)) && new Set(seen).size === seen.length;
    if (isPromised) found.repeated++;
    else found.doubled.push(id);
  }
  for (const path of clients) await judgeClient(path, lives, found);
  return found;
}

async function judgeClient(
  path: string,
  lives: Map<string, number[]>,
  found: { -readonly [Name in keyof Verdict]: Verdict[Name] },
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
      found.overdue.push(id);
    } else {
      const [code, outcome] = rest;
      add(found.failed, `${code} (${outcome})`);
      if (outcome === "not-sent" && lives.has(id)) found.denied.push(`${id}: ${code}`);
      const isExplained = EXPLAINED.test(code) || (kind === "back" && code === "handler_failed") ||
        (code === "not_connected" && outcome === "not-sent");
      if (!isExplained || (outcome === "none" && kind !== "cancelled")) {
        found.unexplained.push(`${id}: ${code} (${outcome})`);
      }
    }
  }
}

function add(counts: Map<string, number>, name: string): void {
  counts.set(name, (counts.get(name) ?? 0) + 1);
}
