import type { ScreenSize } from "../../show/screen_size.ts";
import { rowsOf, shownText, type TypedLine, wrapLine, type WrappedLine } from "./line_layout.ts";
import type { LineView } from "./line_view.ts";

/** What is on the screen: enough to find its first row again even after the terminal was made wider or narrower. */
interface Drawn {
  readonly columns: number;
  /** Rows between the first row and the cursor at that width. */
  readonly cursorRow: number;
  /** The lines above the cursor's, and of its own the rows above and the part of the row before the cursor. */
  readonly before: readonly string[];
}

/**
 * The typed line on a terminal that understands cursor movement: several lines, wrapped, redrawn in place. A text of
 * more lines than the screen has rows shows those around the cursor and says how many are hidden.
 *
 * Rows that wrap are left to the terminal to wrap, so that a line copied from the screen is one line, and one that
 * the terminal wraps anew after a change of size is found again.
 */
export class ScreenView implements LineView {
  readonly #wrapsCursorLine: boolean;
  #drawn: Drawn | undefined;

  /** @param options `wrapsCursorLine` is false for a terminal that cuts the cursor's line off when it becomes narrower. */
  constructor(options: { wrapsCursorLine?: boolean } = {}) {
    this.#wrapsCursorLine = options.wrapsCursorLine ?? true;
  }

  /** Take the line off if it is on, and put this one on. */
  draw(line: TypedLine, size: ScreenSize): string {
    const off = this.erase(size);
    const { below = [] } = line;
    const { lines, cursorLine } = visibleLines(line, { ...size, rows: size.rows - below.length });
    let output = "";
    let rowsAbove = 0;
    let rows = 0;
    const before: string[] = [];
    let column = 0;
    for (const [index, wrapped] of lines.entries()) {
      if (index > 0) output += "\r\n";
      // A space wraps where writing nothing would leave the cursor behind the last column.
      const ownRow = wrapped.rows.length > 1 && wrapped.rows.at(-1) === "";
      output += wrapped.rows.join("") + (ownRow ? " \r" : "");
      if (index < cursorLine) before.push(wrapped.rows.join(""));
      if (index === cursorLine) {
        rowsAbove = rows + wrapped.cursorRow;
        column = wrapped.cursorColumn;
        before.push(wrapped.rows.slice(0, wrapped.cursorRow).join("") + " ".repeat(column + 1));
      }
      rows += wrapped.rows.length;
    }
    for (const row of below) output += `\r\n${row}`;
    rows += below.length;
    this.#drawn = { columns: size.columns, cursorRow: rowsAbove, before };
    const up = rows - 1 - rowsAbove;
    // Where the cursor is already it needs no telling: terminals differ in how wide they draw some characters.
    const isThere = up === 0 && column > 0 && line.cursor === line.text.length;
    if (isThere) return `${off}${output}`;
    return `${off}${output}${up > 0 ? `\x1b[${up}A` : ""}\r${column > 0 ? `\x1b[${column}C` : ""}`;
  }

  /** Take the line off the screen. */
  erase(size: ScreenSize): string {
    const drawn = this.#drawn;
    if (drawn === undefined) return "";
    this.#drawn = undefined;
    const up = drawn.columns === size.columns ? drawn.cursorRow : this.#rowsAbove(drawn, size.columns);
    return `${up > 0 ? `\x1b[${up}A` : ""}\r\x1b[J`;
  }

  /** Rows above the cursor now that the terminal has another width. */
  #rowsAbove({ before, columns }: Drawn, columnsNow: number): number {
    const own = rowsOf(before.at(-1)!, this.#wrapsCursorLine ? columnsNow : columns);
    return before.slice(0, -1).reduce((rows, shown) => rows + rowsOf(shown, columnsNow), own) - 1;
  }

  /** Leave the line on the screen and go on below it. */
  finish(line: TypedLine, mark: string, size: ScreenSize): string {
    const output = this.draw({ ...line, cursor: line.text.length, below: [] }, size);
    this.#drawn = undefined;
    return `${output}${mark}\r\n`;
  }

  /** Empty the screen. */
  clear(): string {
    this.#drawn = undefined;
    return "\x1b[H\x1b[2J";
  }
}

/** The lines around the cursor that fit on the screen, wrapped, and which of them holds the cursor. */
function visibleLines(line: TypedLine, size: ScreenSize): { lines: WrappedLine[]; cursorLine: number } {
  const { text, cursor } = line;
  const wrap = (start: number, end: number, at: number) => {
    const prompt = start === 0 ? line.prompt : line.continuationPrompt;
    const before = shownText(text.slice(start, at));
    return wrapLine(prompt, before + shownText(text.slice(at, end)), before.length, size.columns);
  };
  let start = cursor === 0 ? 0 : text.lastIndexOf("\n", cursor - 1) + 1;
  let end = endOfLine(text, cursor);
  const own = wrap(start, end, cursor);

  // Two rows are kept back for the notes about hidden lines.
  const budget = Math.max(1, size.rows - 3);
  const lines = [clipRows(own, budget)];
  let used = lines[0].rows.length;
  let cursorLine = 0;
  const addAbove = (limit: number) => {
    while (start > 0 && used < limit) {
      const above = start < 2 ? 0 : text.lastIndexOf("\n", start - 2) + 1;
      const wrapped = wrap(above, start - 1, above);
      if (used + wrapped.rows.length > limit) break;
      lines.unshift(wrapped);
      used += wrapped.rows.length;
      cursorLine += 1;
      start = above;
    }
  };
  const addBelow = (limit: number) => {
    while (end < text.length && used < limit) {
      const below = endOfLine(text, end + 1);
      const wrapped = wrap(end + 1, below, end + 1);
      if (used + wrapped.rows.length > limit) break;
      lines.push(wrapped);
      used += wrapped.rows.length;
      end = below;
    }
  };
  addAbove(used + Math.ceil((budget - used) / 2));
  addBelow(budget);
  addAbove(budget);

  if (start > 0) {
    lines.unshift(note(`… ${lineCount(text.slice(0, start - 1))} above`, size));
    cursorLine += 1;
  }
  if (end < text.length) lines.push(note(`… ${lineCount(text.slice(end + 1))} below`, size));
  return { lines, cursorLine };
}

function endOfLine(text: string, from: number): number {
  const end = text.indexOf("\n", from);
  return end < 0 ? text.length : end;
}

function lineCount(text: string): string {
  const lines = text.split("\n").length;
  return lines === 1 ? "1 more line" : `${lines.toLocaleString("en-US")} more lines`;
}

function note(text: string, size: ScreenSize): WrappedLine {
  return wrapLine("", text.slice(0, size.columns - 1), 0, size.columns);
}

/** Of a line with more rows than the screen, those around the cursor. */
function clipRows(line: WrappedLine, maxRows: number): WrappedLine {
  if (line.rows.length <= maxRows) return line;
  const first = Math.min(Math.max(0, line.cursorRow - Math.floor(maxRows / 2)), line.rows.length - maxRows);
  return { ...line, rows: line.rows.slice(first, first + maxRows), cursorRow: line.cursorRow - first };
}
