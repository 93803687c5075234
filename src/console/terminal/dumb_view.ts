import { characterWidth, textWidth } from "../../show/cell_width.ts";
import type { ScreenSize } from "../../show/screen_size.ts";
import { shownText, type TypedLine } from "./line_layout.ts";
import type { LineView } from "./line_view.ts";

/**
 * The typed line on a terminal of which nothing is known (`TERM=dumb`): one row, no escape sequence, only carriage
 * return and overwriting. A long text scrolls sideways; a line break in it shows as `⏎`.
 */
export class DumbView implements LineView {
  #width = 0; // columns in use, to be overwritten with spaces

  /** Overwrite the row with this line. */
  draw(line: TypedLine, size: ScreenSize): string {
    const off = this.erase();
    const before = shownOnOneRow(line.text.slice(0, line.cursor));
    const after = shownOnOneRow(line.text.slice(line.cursor));
    // The last column stays free: some terminals wrap as soon as it is written.
    const room = Math.max(1, size.columns - 1 - textWidth(line.prompt));
    const left = lastColumns(before, room);
    const right = firstColumns(after, room - textWidth(left));
    this.#width = textWidth(line.prompt + left + right);
    const back = right === "" ? "" : `\r${line.prompt}${left}`;
    return `${off}${line.prompt}${left}${right}${back}`;
  }

  /** Overwrite the row with spaces. */
  erase(): string {
    if (this.#width === 0) return "";
    const blank = `\r${" ".repeat(this.#width)}\r`;
    this.#width = 0;
    return blank;
  }

  /** Leave the row as it is and go to the next. */
  finish(line: TypedLine, mark: string, size: ScreenSize): string {
    const output = this.draw({ ...line, cursor: line.text.length }, size);
    this.#width = 0;
    return `${output}${mark}\r\n`;
  }

  /** A screen that cannot be emptied is left as it is. */
  clear(): string {
    return this.erase();
  }
}

function shownOnOneRow(text: string): string {
  return shownText(text.replaceAll("\n", "⏎"));
}

function firstColumns(text: string, columns: number): string {
  let width = 0;
  let length = 0;
  for (const character of text) {
    width += characterWidth(character);
    if (width > columns) break;
    length += character.length;
  }
  return text.slice(0, length);
}

function lastColumns(text: string, columns: number): string {
  // Never more code units than twice the columns are of interest, however long the text.
  let tail = text.slice(-2 * columns);
  while (textWidth(tail) > columns) tail = tail.slice(tail.codePointAt(0)! > 0xffff ? 2 : 1);
  return tail;
}
