import type { Budget, Entry, Measured, Row } from "./row.ts";
import { median, shortNumber } from "./statistics.ts";

/** What all turns of a row have given: for each entry its turns, or why there are none. */
export interface RowResult {
  readonly row: Row;
  readonly turns: ReadonlyMap<string, readonly Measured[]>;
  /** Entries of which a turn failed. */
  readonly failures: ReadonlyMap<string, string>;
  /** Entries that cannot be measured here. */
  readonly absent?: ReadonlyMap<string, string>;
  readonly unavailable?: string;
}

/** One row as Markdown: a table, then each budget and whether it is met. */
export function reportRow({ row, turns, failures, absent, unavailable }: RowResult): string {
  const lines = [`### ${row.title}`, ""];
  if (unavailable !== undefined) return [...lines, `Not available: ${unavailable}.`, ""].join("\n");
  const tail = [...turns.values()].flat().some((turn) => turn.p99 !== undefined);
  lines.push(`| \`${row.name}\` | ${row.unit} | min–max |${tail ? " p99 |" : ""} x limit |`);
  lines.push(`| --- | ---: | ---: |${tail ? " ---: |" : ""} ---: |`);
  const middle = (name: string) => median((turns.get(name) ?? []).map((turn) => turn.value));
  const limit = middle(row.limit);
  for (const entry of row.entries) lines.push(entryLine(entry, turns.get(entry.name) ?? [], limit, tail));
  lines.push("");
  for (const budget of row.budgets) lines.push(`- ${budgetLine(budget, middle, row.unit)}`);
  for (const [name, why] of absent ?? []) lines.push(`- ${name} not measured: ${why}`);
  for (const [name, why] of failures) lines.push(`- ${name} failed: ${why.split("\n", 1)[0]}`);
  for (const note of row.notes ?? []) lines.push(`- ${note}`);
  return lines.concat("").join("\n");
}

/** Whether a budget is met; `undefined` when one of its sides was not measured. */
export function isMet(budget: Budget, middle: (name: string) => number): boolean | undefined {
  const value = compared(budget, middle);
  if (Number.isNaN(value)) return undefined;
  return value >= (budget.atLeast ?? -Infinity) && value <= (budget.atMost ?? Infinity);
}

function entryLine(entry: Entry, turns: readonly Measured[], limit: number, tail: boolean): string {
  const values = turns.map((turn) => turn.value);
  const middle = median(values);
  const spread = values.length === 0
    ? "–"
    : `${shortNumber(Math.min(...values))}–${shortNumber(Math.max(...values))}`;
  const p99 = tail ? ` ${shortNumber(median(turns.map((turn) => turn.p99 ?? NaN)))} |` : "";
  const ratio = Number.isNaN(middle / limit) ? "–" : (middle / limit).toFixed(2);
  return `| ${entry.name} | ${shortNumber(middle)} | ${spread} |${p99} ${ratio} |`;
}

function budgetLine(budget: Budget, middle: (name: string) => number, unit: string): string {
  const met = isMet(budget, middle);
  const verdict = met === undefined ? "not measured" : met ? "met" : "**not met**";
  return `${budget.of}: ${budget.text}: ${verdict}${
    met === undefined ? "" : ` (${found(budget, middle, unit)})`
  }`;
}

function found(budget: Budget, middle: (name: string) => number, unit: string): string {
  const value = compared(budget, middle);
  if (budget.against !== undefined && budget.by !== "difference") return `${value.toFixed(2)} x`;
  return unit.startsWith("/") ? shortNumber(value) + unit : `${shortNumber(value)} ${unit}`;
}

function compared(budget: Budget, middle: (name: string) => number): number {
  const value = middle(budget.of);
  if (budget.against === undefined) return value;
  const other = middle(budget.against);
  return budget.by === "difference" ? value - other : value / other;
}
