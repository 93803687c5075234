import type { DialectName } from "../../mod.ts";
import type { Doing } from "./page/wire.ts";

/** What can be said by hand in a dialect. */
interface Sayings {
  readonly doings: readonly Doing[];
  /** True when its messages are text: JSON is then sent as its text, and not as a value. */
  readonly isText?: boolean;
}

const MESSAGES: readonly Doing[] = ["ask", "send"];
const CALLS: readonly Doing[] = ["request", "action"];

const sayings: Readonly<Record<DialectName, Sayings>> = Object.freeze({
  native: { doings: ["send", "ask", "request", "action"] },
  lines: { doings: MESSAGES, isText: true },
  raw: { doings: MESSAGES, isText: true },
  leads: { doings: ["send", "ask"], isText: true },
  oneline: { doings: MESSAGES, isText: true },
  serpy: { doings: MESSAGES },
  serpy2: { doings: MESSAGES },
  "clever-show": { doings: CALLS },
});

/** What can be said in a dialect; a dialect of the user's own says itself what it cannot. */
export function sayingsOf(dialect: string): Sayings {
  return Object.hasOwn(sayings, dialect)
    ? sayings[dialect as DialectName]
    : { doings: [...MESSAGES, ...CALLS] };
}
