/** Completions of what stands before the cursor. */

import { textWidth } from "./cell_width.ts";
import { escapeText } from "../../show/escape.ts";

/** What could stand in the text from `start` up to the cursor. */
export interface Completion {
  /** The whole replacements, each of them beginning with what is there already. */
  readonly candidates: readonly string[];
  /** Where in the text the part to be replaced begins, in UTF-16 units. */
  readonly start: number;
}

// A list longer than this would push away what the user was looking at.
const maxListRows = 20;

/** What all candidates begin with. */
export function commonPrefix(candidates: readonly string[]): string {
  let prefix = candidates[0] ?? "";
  for (const candidate of candidates) {
    let length = 0;
    while (length < prefix.length && prefix[length] === candidate[length]) length += 1;
    prefix = prefix.slice(0, length);
  }
  return /[\ud800-\udbff]$/.test(prefix) ? prefix.slice(0, -1) : prefix;
}

/** The candidates side by side in a screen of this width, filled column by column, at most 20 rows. */
export function listCandidates(candidates: readonly string[], columns: number): string {
  const shown = candidates.slice(0, maxListRows * columns).map((candidate) => escapeText(candidate));
  const widest = shown.reduce((most, text) => Math.max(most, textWidth(text)), 0);
  const perRow = Math.max(1, Math.floor(columns / (widest + 2)));
  const rowCount = Math.min(maxListRows, Math.ceil(shown.length / perRow));
  const rows = Array.from({ length: rowCount }, (_, row) => {
    const cells = shown.slice(0, rowCount * perRow).filter((_, index) => index % rowCount === row);
    return cells.map((text) => text + " ".repeat(widest + 2 - textWidth(text))).join("").trimEnd();
  });
  const hidden = candidates.length - Math.min(shown.length, rowCount * perRow);
  if (hidden > 0) rows.push(`… ${hidden.toLocaleString("en-US")} more`);
  return rows.join("\n");
}
