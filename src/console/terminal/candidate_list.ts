import { escapeCell, escapeText } from "../../show/escape.ts";
import { cutToWidth, padToWidth, textWidth } from "../../show/cell_width.ts";
import type { Candidate, Completion } from "./completion.ts";
import type { ScreenSize } from "../../show/screen_size.ts";

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
  return note === undefined ? rows : [...rows, cutToWidth(escapeText(note), columns)];
}

function toldRows(candidates: readonly Candidate[], columns: number): string[] {
  const labels = candidates.map((each) => cutToWidth(labelOf(each), Math.floor(columns * MAX_LABEL_SHARE)));
  const width = widest(labels);
  return candidates.map(({ about = "" }, index) => {
    const beside = escapeText(about.slice(0, columns)).replaceAll("\t", " ");
    return cutToWidth(padToWidth(labels[index], width + GAP) + beside, columns).trimEnd();
  });
}

function gridRows(
  candidates: readonly Candidate[],
  columns: number,
  maxRows: number,
  page: number,
): string[] {
  if (candidates.length === 0) return [];
  const labels = candidates.map((each) => cutToWidth(labelOf(each), columns));
  const width = widest(labels);
  const perPage = Math.max(1, Math.floor((columns + GAP) / (width + GAP))) * maxRows;
  const pages = Math.ceil(labels.length / perPage);
  const at = page % pages;
  const shown = labels.slice(at * perPage, (at + 1) * perPage);
  const perRow = perPage / maxRows;
  const rowCount = Math.min(maxRows, Math.ceil(shown.length / perRow));
  const rows = Array.from({ length: rowCount }, (_, row) => {
    const cells = shown.filter((_, index) => index % rowCount === row);
    return cells.map((text) => padToWidth(text, width + GAP)).join("").trimEnd();
  });
  if (pages > 1) {
    rows.push(cutToWidth(`… page ${at + 1} of ${pages.toLocaleString("en-US")}, Tab turns it`, columns));
  }
  return rows;
}

function labelOf({ text, label = text }: Candidate): string {
  return escapeCell(label.slice(0, MAX_LABEL_CHARS));
}

/** No row is that wide, and ten thousand labels have to be measured. */
const MAX_LABEL_CHARS = 300;

function widest(texts: readonly string[]): number {
  return texts.reduce((most, text) => Math.max(most, textWidth(text)), 0);
}
