/**
 * What a terminal would show of the bytes written to it: `@xterm/headless`, the emulator of VS Code without its window.
 *
 * @module
 */

import xterm from "@xterm/headless";
import { currentWidths } from "./screen_widths.ts";

/** What a terminal does with the line that the cursor is in when its width changes. */
export type CursorLine =
  /** It wraps anew as all others do: most terminals. */
  | "wraps anew"
  /** It stays as it is and is cut off: VS Code. */
  | "stays";

/** A screen of cells with a cursor, and everything that has scrolled away above. */
export class Screen {
  /** The private modes switched on, such as 2004 for bracketed paste. */
  readonly modes: Set<string> = new Set();
  readonly #terminal: InstanceType<typeof xterm.Terminal>;
  readonly #cursorLine: CursorLine;

  constructor(columns: number, rows: number, cursorLine: CursorLine = "wraps anew") {
    this.#cursorLine = cursorLine;
    this.#terminal = new xterm.Terminal({
      cols: columns,
      rows,
      scrollback: MAX_SCROLLBACK_ROWS,
      allowProposedApi: true, // for `unicode`
      reflowCursorLine: cursorLine === "wraps anew",
    });
    this.#terminal.unicode.register(currentWidths);
    this.#terminal.unicode.activeVersion = currentWidths.version;
    for (const final of ["h", "l"]) {
      this.#terminal.parser.registerCsiHandler({ prefix: "?", final }, (modes) => {
        for (const mode of modes) this.modes[final === "h" ? "add" : "delete"](String(mode));
        return false; // the terminal itself has to know too
      });
    }
  }

  /** Where the cursor is on the screen, from 0; in the last column when the next character will wrap. */
  get cursor(): { row: number; column: number } {
    const { cursorX, cursorY } = this.#terminal.buffer.active;
    return { row: cursorY, column: Math.min(cursorX, this.#terminal.cols - 1) };
  }

  /**
   * The rows on the screen, without the spaces at their end and the empty rows at the bottom. Spaces before the cursor
   * are kept: a prompt shows as `"> "`.
   */
  get text(): string {
    return this.#render(this.#terminal.buffer.active.baseY);
  }

  /** The same with everything that scrolled away above; what wrapped stays wrapped. */
  get scrollback(): string {
    return this.#render(0);
  }

  /** Take in what the program wrote; resolves when it is to be seen. */
  write(text: string): Promise<void> {
    return new Promise((resolve) => this.#terminal.write(text, resolve));
  }

  /** Change the size. What was written before has to be on the screen. */
  async resize(columns: number, rows: number): Promise<void> {
    const place = this.#placeOfCursor();
    this.#terminal.resize(columns, rows);
    if (this.#cursorLine === "wraps anew") await this.#putCursor(place, columns);
  }

  /** The line of the cursor, all its rows counted as one, and how many of its cells stand before the cursor. */
  #placeOfCursor(): { line: number; cells: number } {
    const { baseY, cursorX, cursorY } = this.#terminal.buffer.active;
    const starts = this.#startsOfLines().filter((row) => row <= baseY + cursorY);
    const cells = (baseY + cursorY - starts.at(-1)!) * this.#terminal.cols + cursorX;
    return { line: starts.length - 1, cells };
  }

  /** The emulator wraps the cursor's line anew and leaves the cursor anywhere; other terminals take it along. */
  async #putCursor({ line, cells }: { line: number; cells: number }, columns: number): Promise<void> {
    const row = this.#startsOfLines()[line] + Math.floor(cells / columns) -
      this.#terminal.buffer.active.baseY;
    await this.write(`\x1b[${Math.max(0, row) + 1};${cells % columns + 1}H`);
  }

  /** The first row of each line, from the top of the scrollback. */
  #startsOfLines(): number[] {
    const buffer = this.#terminal.buffer.active;
    return Array.from({ length: buffer.length }, (_, row) => row).filter((row) =>
      !buffer.getLine(row)!.isWrapped
    );
  }

  #render(from: number): string {
    const buffer = this.#terminal.buffer.active;
    const rows: string[] = [];
    for (let at = from; at < buffer.length; at++) {
      const line = buffer.getLine(at)!;
      if (at !== buffer.baseY + buffer.cursorY) rows.push(line.translateToString(true).trimEnd());
      else {
        // A prompt ends with a space, and the cursor stands behind it.
        const kept = line.translateToString(false, 0, buffer.cursorX);
        rows.push(kept + line.translateToString(true, buffer.cursorX).trimEnd());
      }
    }
    while (rows.at(-1) === "") rows.pop();
    return rows.join("\n");
  }
}

/** Of the longest output that a test looks at, with room to spare. */
const MAX_SCROLLBACK_ROWS = 200_000;
