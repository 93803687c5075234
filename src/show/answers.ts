/**
 * The answers of many peers as a table.
 *
 * @module
 */
import { clip, escapeText } from "./escape.ts";
import { showError } from "./error.ts";
import { red } from "./paint.ts";
import { shortSpan } from "./time_span.ts";
import { showValue } from "./value.ts";

/** One row, as far as it is shown. */
export interface ShownAnswer {
  readonly name: string;
  readonly ms: number;
  readonly ok: boolean;
  readonly value?: unknown;
  readonly error?: Error;
  readonly isOpen?: boolean;
  readonly silentMs?: number;
}

/** Rows below each other, whose columns stay where they are as far as that can be while more rows come. */
export class AnswerColumns {
  readonly #colors: boolean;
  #nameChars = 0;
  #valueChars = MIN_VALUE_CHARS;

  /** @param names Of all that may come. */
  constructor(names: readonly string[], colors: boolean) {
    this.#colors = colors;
    for (const name of names) this.#nameChars = Math.max(this.#nameChars, shownName(name).length);
  }

  /** Makes room for these values. */
  fit(rows: readonly ShownAnswer[]): void {
    for (const row of rows) {
      if (row.ok) this.#valueChars = Math.max(this.#valueChars, valueText(row.value, false).length);
    }
  }

  /** `  drone-1  14.1   61 ms`, or with the error in red. */
  line(row: ShownAnswer): string {
    const name = shownName(row.name).padEnd(this.#nameChars);
    if (!row.ok) return `  ${name}  ${red(failureText(row), this.#colors)}`;
    this.fit([row]);
    const plain = valueText(row.value, false);
    const value = this.#colors ? valueText(row.value, true) : plain;
    const room = " ".repeat(this.#valueChars - plain.length);
    return `  ${name}  ${value}${room}  ${shortSpan(row.ms).padStart(MS_CHARS)}`;
  }
}

/** All rows, and below them how many there are. @param called How many will come, when these are not all. */
export function showAnswers(
  what: string,
  rows: readonly ShownAnswer[],
  { colors, called = rows.length }: { colors: boolean; called?: number },
): string {
  const columns = new AnswerColumns(rows.map(({ name }) => name), colors);
  columns.fit(rows);
  const lines = rows.map((row) => columns.line(row));
  return [...lines, answersLine(what, rows, called)].join("\n");
}

/** `request "battery": 2 of 3 ok, 1 to come` */
export function answersLine(
  what: string,
  rows: readonly Pick<ShownAnswer, "ok">[],
  called: number = rows.length,
): string {
  if (called === 0) return `${escapeText(what)}: nobody was called, there is no link`;
  const good = rows.filter(({ ok }) => ok).length;
  const waiting = called - rows.length;
  const rest = waiting === 0 ? "" : `, ${waiting} to come`;
  return `${escapeText(what)}: ${good} of ${called} ok${rest}`;
}

/** The address of a peer may be long, and a name is what its owner wanted. */
function shownName(name: string): string {
  return clip(escapeText(name), MAX_NAME_CHARS);
}

/** In one line; colours only where nothing had to be cut. */
function valueText(value: unknown, colors: boolean): string {
  if (value === undefined) return "ok";
  const plain = oneLine(showValue(value));
  if (plain.length > MAX_VALUE_CHARS) return clip(plain, MAX_VALUE_CHARS);
  return colors ? oneLine(showValue(value, { colors })) : plain;
}

function failureText({ error, ms, isOpen, silentMs }: ShownAnswer): string {
  if (error?.name !== "TimeoutError") {
    return clip(oneLine(showError(error ?? new Error("no answer"), false)), MAX_ERROR_CHARS);
  }
  const heard = silentMs === undefined ? "" : `, last heard ${shortSpan(silentMs)} ago`;
  return `TimeoutError after ${shortSpan(ms)} (${isOpen ? "connected" : "not connected"}${heard})`;
}

function oneLine(text: string): string {
  return text.replaceAll(/\s*\n\s*/g, " ");
}

/** Narrower columns would move with nearly every row that comes. */
const MIN_VALUE_CHARS = 8;
/** `999 ms` */
const MS_CHARS = 6;
const MAX_NAME_CHARS = 60;
/** A row is a line; the value is whole in the table. */
const MAX_VALUE_CHARS = 100;
const MAX_ERROR_CHARS = 300;
