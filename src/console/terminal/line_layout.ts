/**
 * Where the characters of the line being typed fall on the screen.
 *
 * @module
 */

import { characterWidth } from "../../show/cell_width.ts";
import { escapeText } from "../../show/escape.ts";

/** The line being typed, as a view draws it. */
export interface TypedLine {
  /** Shown before the first line; may hold SGR colour sequences. */
  readonly prompt: string;
  /** Shown before every further line. */
  readonly continuationPrompt: string;
  /** What was typed, lines joined with `\n`. */
  readonly text: string;
  /** The cursor in UTF-16 units from the start of `text`. */
  readonly cursor: number;
  /** Rows that stand below the text, each narrower than the screen and without anything to escape. Default: none. */
  readonly below?: readonly string[];
}

/** One line of the text, cut into screen rows. */
export interface WrappedLine {
  /** What each row shows; written one after another the terminal wraps them itself. */
  readonly rows: readonly string[];
  /** The row the cursor is in, when it is in this line. */
  readonly cursorRow: number;
  /** The column the cursor is in. */
  readonly cursorColumn: number;
}

// deno-lint-ignore no-control-regex
const colour = /\x1b\[[\d;]*m/g;
const plain = /^[\x20-\x7e]*$/;

/** Typed text as it is shown: what has no glyph in its visible form, a TAB as two columns. */
export function shownText(text: string): string {
  return plain.test(text) ? text : escapeText(text).replaceAll("\t", "  ");
}

/** Cut a shown line, its prompt in front, into rows; `cursor` counts units of `shown`. */
export function wrapLine(prompt: string, shown: string, cursor: number, columns: number): WrappedLine {
  const plainPrompt = prompt.replace(colour, "");
  const whole = plainPrompt + shown;
  const at = plainPrompt.length + cursor;
  const wrapped = plain.test(whole) ? wrapPlain(whole, at, columns) : wrapWide(whole, at, columns);
  const rows = [...wrapped.rows];
  if (rows[0].startsWith(plainPrompt)) rows[0] = prompt + rows[0].slice(plainPrompt.length);
  return { ...wrapped, rows };
}

/** How many rows a line takes that was drawn before, at a width the terminal may have changed to since. */
export function rowsOf(drawn: string, columns: number): number {
  const text = drawn.replace(colour, "");
  if (plain.test(text)) return Math.max(1, Math.ceil(text.length / columns));
  return wrapWide(text, 0, columns).rows.length;
}

function wrapPlain(whole: string, at: number, columns: number): WrappedLine {
  const rows = [];
  for (let start = 0; start < whole.length; start += columns) rows.push(whole.slice(start, start + columns));
  const cursorRow = Math.floor(at / columns);
  // Behind a full last row the cursor stands at the start of a row of its own.
  while (rows.length <= cursorRow) rows.push("");
  return { rows, cursorRow, cursorColumn: at % columns };
}

function wrapWide(whole: string, at: number, columns: number): WrappedLine {
  const rows = [];
  let cursorRow = -1;
  let cursorColumn = 0;
  let start = 0;
  let index = 0;
  let column = 0;
  for (const character of whole) {
    const width = characterWidth(character);
    if (column + width > columns) {
      rows.push(whole.slice(start, index));
      start = index;
      column = 0;
    }
    if (index === at) {
      cursorRow = rows.length;
      cursorColumn = column;
    }
    index += character.length;
    column += width;
  }
  rows.push(whole.slice(start));
  if (cursorRow >= 0) return { rows, cursorRow, cursorColumn };
  if (column >= columns) {
    rows.push("");
    column = 0;
  }
  return { rows, cursorRow: rows.length - 1, cursorColumn: column };
}
