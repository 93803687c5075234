import { isDeepStrictEqual } from "node:util";
import type { Direction, Traffic } from "../peer/traffic.ts";
import { clip, quoteText } from "../show/escape.ts";
import { showValue } from "../show/value.ts";
import { knownSecret } from "../secret/known_secrets.ts";
import { fillSecrets, secretsIn } from "./said_secrets.ts";
import type { RecordedConnection, RecordedSaid } from "./recording.ts";

/** Something that was said, with its place in the conversation. */
export interface SaidItem extends RecordedSaid {
  /** The turn, from 1: each begins where the other side begins to speak. */
  readonly step: number;
  readonly gapMs: number;
  /** True for what the library says by itself: that a message was handled, which names there are. */
  readonly isAutomatic: boolean;
  /** True for a request that is answered in parts. */
  readonly isStream: boolean;
  /** The names of the secrets in it. */
  readonly secrets: ReadonlySet<string>;
}

/**
 * Plays one side of recorded connections by what was said: for dialects whose bytes are never the same twice, and for
 * links that are open. Something has its turn when everything has come that came before it in the recording. What comes
 * may come in another order than it did, as far as nothing had to be said in between.
 */
export class SaidExchange {
  readonly items: readonly SaidItem[];
  readonly #says: Direction;
  readonly #heard = new Set<SaidItem>();
  #said = 0;
  /** The first that has not come yet. */
  #waited = 0;

  constructor(connections: readonly RecordedConnection[], says: Direction) {
    this.items = itemsOf(connections);
    this.#says = says;
    this.#skip();
    this.#skipHeard();
  }

  /** How many turns it has. */
  get steps(): number {
    return this.items.at(-1)?.step ?? 0;
  }

  /** The turn that is under way. */
  get step(): number {
    return this.waitedFor?.step ?? this.items[this.#said]?.step ?? this.steps;
  }

  /** True when everything was said and has come. */
  get isDone(): boolean {
    return this.#said >= this.items.length && this.waitedFor === undefined;
  }

  /** What may be said now. */
  get next(): SaidItem | undefined {
    const item = this.items[this.#said];
    const { waitedFor } = this;
    return item !== undefined && (waitedFor === undefined || waitedFor.line > item.line) ? item : undefined;
  }

  /** The first that has not come yet. */
  get waitedFor(): SaidItem | undefined {
    return this.items[this.#waited];
  }

  /** What `next` gave was said. */
  saidNext(): void {
    this.#said++;
    this.#skip();
  }

  /** Something has come: what it is in the recording; `undefined` when it is not what was to come. */
  hear(traffic: Traffic): SaidItem | undefined {
    const last = Math.min(this.items.length, this.#waited + MAX_AHEAD);
    let isLater = false; // behind something that we have to say first
    for (let index = this.#waited; index < last; index++) {
      const item = this.items[index];
      if (item.traffic.direction === this.#says) {
        isLater ||= !item.isAutomatic && index >= this.#said;
        continue;
      }
      if (this.#heard.has(item) || (isLater && !item.isAutomatic) || !isSame(item, traffic)) continue;
      this.#heard.add(item);
      this.#skipHeard();
      return item;
    }
    return undefined;
  }

  #skipHeard(): void {
    for (; this.#waited < this.items.length; this.#waited++) {
      const item = this.items[this.#waited];
      if (item.traffic.direction !== this.#says && !this.#heard.has(item)) return;
    }
  }

  #skip(): void {
    for (; this.#said < this.items.length; this.#said++) {
      const { traffic: { direction, kind }, isAutomatic } = this.items[this.#said];
      if (direction === this.#says && !isAutomatic && kind !== "cancel") return;
    }
  }
}

function itemsOf(connections: readonly RecordedConnection[]): SaidItem[] {
  const items: SaidItem[] = [];
  for (const { entries, ms: startMs } of connections) {
    let before = startMs;
    const requests = new Set<string>();
    const streams = new Set(
      entries.filter((entry) => entry.kind === "said")
        .filter(({ traffic }) => traffic.kind === "part")
        .map(({ traffic }) => `${opposite(traffic.direction)} ${traffic.id}`),
    );
    for (const entry of entries) {
      if (entry.kind !== "said") continue;
      const { direction, kind } = entry.traffic;
      const last = items.at(-1);
      const step = last === undefined ? 1 : last.traffic.direction === direction ? last.step : last.step + 1;
      if (kind === "request" && entry.traffic.name !== "") requests.add(`${direction} ${entry.traffic.id}`);
      const isStream = kind === "request" && streams.has(`${direction} ${entry.traffic.id}`);
      const isReply = kind === "answer" || kind === "failure" || kind === "part";
      const isAutomatic = isReply && !requests.has(`${opposite(direction)} ${entry.traffic.id}`);
      const secrets = secretsIn(entry.traffic);
      items.push({ ...entry, step, gapMs: Math.max(0, entry.ms - before), isAutomatic, isStream, secrets });
      before = entry.ms;
    }
  }
  return items;
}

function opposite(direction: Direction): Direction {
  return direction === "in" ? "out" : "in";
}

/** What is said, with the secrets that this program has read by now. */
export function filled({ traffic, secrets }: SaidItem): Traffic {
  return secrets.size === 0 ? traffic : fillSecrets(traffic, knownSecret) as Traffic;
}

/** Whether both mean the same: ids and times of the wire do not matter. */
function isSame(item: SaidItem, came: Traffic): boolean {
  const { omitted } = item;
  const wanted = filled(item);
  if (wanted.kind !== came.kind || nameOf(wanted) !== nameOf(came)) return false;
  return omitted !== undefined || isDeepStrictEqual(meant(meaningOf(wanted)), meant(meaningOf(came)));
}

/**
 * A value as both ends of a wire have it. What was sent is recorded as it was before it was encoded, and a wire may make
 * a number of a bigint, a text of a date, or leave out what is undefined.
 */
function meant(value: unknown): unknown {
  if (typeof value === "bigint") return Number.isSafeInteger(Number(value)) ? Number(value) : value;
  if (value === undefined || Object.is(value, -0)) return value === undefined ? null : 0;
  if (typeof value !== "object" || value === null || value instanceof Uint8Array) return value;
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? null : value.toISOString();
  if (value instanceof Set || Array.isArray(value)) return [...value].map(meant);
  const entries = value instanceof Map ? [...value] : Object.entries(value);
  if (entries.some(([key]) => typeof key !== "string")) return entries.map((pair) => pair.map(meant));
  return Object.fromEntries(
    entries.filter(([, each]) => each !== undefined).map(([key, each]) => [key, meant(each)]),
  );
}

function nameOf(traffic: Traffic): string {
  return traffic.kind === "message" ? "" : traffic.name;
}

function meaningOf(traffic: Traffic): unknown {
  switch (traffic.kind) {
    case "message":
    case "answer":
    case "part":
      return traffic.value;
    case "action":
    case "request":
      return [[...traffic.args], { ...traffic.kwargs }];
    case "failure":
      return [traffic.code, traffic.message];
    case "file":
      return traffic.size;
    default:
      return undefined;
  }
}

/**
 * Something that was said, as people read it, in one line: values up to 120 characters, names up to 60.
 *
 * @example
 * ```ts
 * import { saidText } from "@parley/parley";
 * import assert from "node:assert/strict";
 *
 * const told = { kind: "action", name: "led", args: [true], direction: "out", bytes: 12 } as const;
 * assert.equal(saidText(told), 'action "led"(true)');
 * ```
 */
export function saidText(traffic: Traffic): string {
  const name = nameOf(traffic) === "" ? "" : ` ${quoteText(clip(nameOf(traffic), MAX_NAME_CHARS))}`;
  const meaning = traffic.kind === "request" || traffic.kind === "action"
    ? showArguments(traffic.args, traffic.kwargs)
    : traffic.kind === "cancel" || traffic.kind === "file-request"
    ? ""
    : ` ${clip(showValue(meaningOf(traffic)).replaceAll("\n", " "), MAX_VALUE_CHARS)}`;
  return `${traffic.kind}${name}${meaning}`;
}

function showArguments(args: readonly unknown[], kwargs: object = {}): string {
  const all = Object.keys(kwargs).length === 0 ? [...args] : [...args, kwargs];
  return clip(`(${all.map((each) => showValue(each)).join(", ").replaceAll("\n", " ")})`, MAX_VALUE_CHARS);
}

/** How much later than recorded something may come, in things that were said. */
const MAX_AHEAD = 1000;
const MAX_NAME_CHARS = 60;
const MAX_VALUE_CHARS = 120;
