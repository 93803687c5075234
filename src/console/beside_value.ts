import { textWidth } from "../show/cell_width.ts";

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
  return `${shown}${" ".repeat(gap)}${colors ? `\x1b[2m${note}\x1b[22m` : note}`;
}

/** On a wide screen nobody looks further to the right. */
const MAX_COLUMNS = 80;
