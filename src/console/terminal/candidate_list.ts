import { escapeText } from "../../show/escape.ts";
import { characterWidth, textWidth } from "./cell_width.ts";
import type { Candidate, Completion } from "./completion.ts";
import type { ScreenSize } from "./line_layout.ts";

/** A list longer than this would push away what the user was looking at. */
const MAX_ROWS = 20;
/** Rows that stay free for the line being typed, and what stands above it. */
const FREE_ROWS = 6;
/** Columns between two columns of the list. */
const GAP = 2;
/** Labels may take this much of a row when there is something beside them. */
const MAX_LABEL_SHARE = 0.6;

/**
 * The rows that show these candidates on a screen of this size, each narrower than it: one to a row with what it is beside
 * it when all of them fit, otherwise side by side, filled column by column.
 *
 * @param page Which part of a list that is longer than the screen, from 0; it begins anew behind the last one.
 */
export function candidateRows({ candidates, note }: Completion, size: ScreenSize, page = 0): string[] {
  const columns = Math.max(1, size.columns - 1);
  const maxRows = Math.min(MAX_ROWS, Math.max(1, size.rows - FREE_ROWS));
  const isTold = candidates.length <= maxRows && candidates.some(({ about }) => about !== undefined);
  const rows = isTold ? toldRows(candidates, columns) : gridRows(candidates, columns, maxRows, page);
  return note === undefined ? rows : [...rows, cut(escapeText(note), columns)];
}

function toldRows(candidates: readonly Candidate[], columns: number): string[] {
  const labels = candidates.map((each) => cut(labelOf(each), Math.floor(columns * MAX_LABEL_SHARE)));
  const width = widest(labels);
  return candidates.map(({ about = "" }, index) => {
    const beside = escapeText(about.slice(0, columns)).replaceAll("\t", " ");
    return cut(pad(labels[index], width + GAP) + beside, columns).trimEnd();
  });
}

function gridRows(
  candidates: readonly Candidate[],
  columns: number,
  maxRows: number,
  page: number,
): string[] {
  if (candidates.length === 0) return [];
  // Only what can be on the pages is measured: a peer may tell ten thousand names.
  const most = maxRows * columns;
  const perScreen = (labels: readonly string[]) =>
    Math.max(1, Math.floor((columns + GAP) / (widest(labels) + GAP))) * maxRows;
  const first = perScreen(candidates.slice(0, most).map((each) => cut(labelOf(each), columns)));
  const start = (page % Math.ceil(candidates.length / first)) * first;
  const labels = candidates.slice(start, start + first).map((each) => cut(labelOf(each), columns));
  const perRow = Math.max(1, Math.floor((columns + GAP) / (widest(labels) + GAP)));
  const rowCount = Math.min(maxRows, Math.ceil(labels.length / perRow));
  const shown = labels.slice(0, rowCount * perRow);
  const width = widest(shown);
  const rows = Array.from({ length: rowCount }, (_, row) => {
    const cells = shown.filter((_, index) => index % rowCount === row);
    return cells.map((text) => pad(text, width + GAP)).join("").trimEnd();
  });
  const hidden = candidates.length - shown.length;
  if (hidden > 0) rows.push(cut(`… ${hidden.toLocaleString("en-US")} more, Tab turns the page`, columns));
  return rows;
}

function labelOf({ text, label = text }: Candidate): string {
  return escapeText(label.slice(0, MAX_LABEL_CHARS)).replaceAll("\t", "\\t");
}

/** No row is that wide. */
const MAX_LABEL_CHARS = 1000;

function widest(texts: readonly string[]): number {
  return texts.reduce((most, text) => Math.max(most, textWidth(text)), 0);
}

function pad(text: string, columns: number): string {
  return text + " ".repeat(Math.max(0, columns - textWidth(text)));
}

/** The text without what is behind so many columns, and a mark when something is missing. */
function cut(text: string, columns: number): string {
  if (textWidth(text) <= columns) return text;
  let width = 0;
  let end = 0;
  for (const character of text) {
    width += characterWidth(character);
    if (width > columns - 1) break;
    end += character.length;
  }
  return `${text.slice(0, end)}…`;
}
