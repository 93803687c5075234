/**
 * Where a person waited for an answer before typing on, a script has to wait for it.
 *
 * @module
 */
import type { Link } from "../link_book.ts";
import { clip } from "../../show/escape.ts";
import { waitSpan } from "../../show/time_span.ts";
import { type Heard, MAX_WAITED, type Turn } from "./turn.ts";

/** What {@linkcode planWaits} gives. */
export interface WaitPlan {
  /** The lines to be written behind a saved input, by its number. */
  readonly after: ReadonlyMap<number, readonly string[]>;
  /** How many waits there are. */
  readonly count: number;
  /** The links that talk by themselves, for which there are none. */
  readonly talkers: readonly string[];
}

/**
 * Finds the answers that came between the inputs of a session: behind the input that they came after, the script takes
 * as many messages as came then. A link is left out when `ownWay` holds it, or when it talks unasked: see
 * {@linkcode talksUnasked}. Comments show what came, as `mask` lets it be seen.
 */
export function planWaits(
  turns: readonly Turn[],
  { ownWay, mask }: { readonly ownWay: ReadonlySet<Link>; mask(text: string): string },
): WaitPlan {
  const after = new Map<number, string[]>();
  const talkers = new Set<string>();
  let count = 0;
  const links = new Set(turns.flatMap(({ heard }) => [...heard.keys()]));
  for (const link of links) {
    if (ownWay.has(link)) continue;
    if (talksUnasked(turns, link)) {
      for (const { names } of turns) if (names.has(link)) talkers.add(names.get(link)!);
      continue;
    }
    let input: number | undefined;
    let hasFailed = false; // what an input that is left out has asked for will not come
    for (const turn of turns) {
      if (turn.input !== undefined) input = turn.input;
      if (turn.spoke.has(link)) hasFailed = turn.input === undefined;
      const heard = turn.heard.get(link), name = turn.names.get(link);
      if (heard === undefined || name === undefined || input === undefined || hasFailed) continue;
      after.set(input, [...after.get(input) ?? [], waitLine(name, heard, turn, mask)]);
      count++;
    }
  }
  return { after, count, talkers: [...talkers] };
}

/**
 * Telemetry and not answers: more messages at once than anybody reads, messages that go on and on while the next input is
 * typed, or messages after inputs that said nothing to the link. The latter two may happen once: a late answer, or a
 * person in a hurry.
 */
function talksUnasked(turns: readonly Turn[], link: Link): boolean {
  const heard = turns.filter((turn) => turn.heard.has(link));
  const isFlood = heard.some((turn) => turn.heard.get(link)!.count > MAX_WAITED);
  const unasked = heard.filter((turn) => turn.input !== undefined && !turn.spoke.has(link));
  return isFlood || unasked.length > 1 || heard.filter((turn) => goesOn(turn, link)).length > 1;
}

/** Whether the silence before the next input was shorter than a pause between two messages before it. */
function goesOn(turn: Turn, link: Link): boolean {
  const late = turn.heard.get(link)!.at.filter((at) => at > turn.endedAt);
  if (late.length < MIN_SERIES) return false;
  const pauses = late.slice(1).map((at, index) => at - late[index]);
  return turn.nextAt - late.at(-1)! < Math.max(...pauses);
}

function waitLine(
  name: string,
  { count, rawBytes, at, shown }: Heard,
  { beganAt }: Turn,
  mask: (text: string) => string,
): string {
  const ms = at.at(-1)! - beganAt;
  const options = ms * PATIENCE > DEFAULT_MS
    ? `{ timeoutMs: ${Math.ceil(ms * PATIENCE / 1000) * 1000} }`
    : "";
  const receive = `await ${name}.receive(${options})`;
  const code = rawBytes !== undefined
    ? `for (let left = ${rawBytes}; left > 0;) left -= (${receive}).length;`
    : count === 1
    ? `${receive};`
    : `for (let left = ${count}; left > 0; left--) ${receive};`;
  const came = shown.map((each) => clip(mask(each), MAX_SHOWN_CHARS)).join(", ");
  return `${code} // ${came}${count > shown.length ? ", …" : ""} came after ${waitSpan(ms)}`;
}

/** More of a message than this a comment does not show. */
const MAX_SHOWN_CHARS = 40;
/** A series begins with this many: between two messages there is one pause only. */
const MIN_SERIES = 3;
/** How much longer than in the session an answer may take. */
const PATIENCE = 3;
/** What `receive` waits for by itself, in milliseconds. */
const DEFAULT_MS = 30_000;
