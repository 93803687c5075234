import { textWidth } from "../show/cell_width.ts";
import { faint } from "../show/paint.ts";

/**
 * A value with a note beside it, at the right edge where it fits into the row, and otherwise behind it.
 *
 * @param columns The width of the terminal.
 */
export function besideValue(
  shown: string,
  note: string | undefined,
  columns: number,
  colors: boolean,
): string {
  if (note === undefined) return shown;
  const lastRow = textWidth(shown.slice(shown.lastIndexOf("\n") + 1));
  const edge = Math.min(columns, MAX_COLUMNS) - 1;
  const gap = Math.max(2, edge - lastRow - textWidth(note));
  return `${shown}${" ".repeat(gap)}${faint(note, colors)}`;
}

/** On a wide screen nobody looks further to the right. */
const MAX_COLUMNS = 80;
