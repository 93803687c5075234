/**
 * What a terminal would show of the bytes written to it: just enough of one to test a line editor against.
 *
 * @module
 */

interface Row {
  cells: string[];
  /** The row goes on in the next one because it was full, not because of a line feed. */
  wrapped: boolean;
}

// What terminals draw two columns wide, and what they draw onto the character before; written down anew here, so that
// the code under test is not measured with its own ruler.
const wide =
  /\p{Script=Han}|\p{Script=Hiragana}|\p{Script=Katakana}|\p{Script=Hangul}|\p{Emoji_Presentation}|[\uff01-\uff60]/u;
const combining = /\p{M}/u;

// deno-lint-ignore no-control-regex
const token = /\x1b\[([?>=]?)([\d;]*)([@-~])|\x1b[@-Z\\^_=>78]|[\x00-\x1f\x7f]|\x1b|[^\x00-\x1f\x7f]/suy;

/** A screen of cells with a cursor. Understands CR, LF, BS, cursor moves, erasing and wrapping, and ignores colours. */
export class Screen {
  columns: number;
  rows: number;
  /** The private modes switched on, such as 2004 for bracketed paste. */
  readonly modes: Set<string> = new Set();
  #lines: Row[] = [{ cells: [], wrapped: false }];
  #top = 0; // the first row on the screen; those before are the scrollback
  #row = 0; // of the cursor, counted from the first line of the scrollback
  #column = 0;
  #pendingWrap = false;
  #held = "";

  constructor(columns: number, rows: number) {
    this.columns = columns;
    this.rows = rows;
  }

  /** Where the cursor is on the screen, from 0. */
  get cursor(): { row: number; column: number } {
    return { row: this.#row - this.#top, column: this.#column };
  }

  /**
   * The rows on the screen, without the spaces at their end and the empty rows at the bottom. Spaces before the cursor
   * are kept: a prompt shows as `"> "`.
   */
  get text(): string {
    return this.#render(this.#top);
  }

  /** The same with everything that scrolled away above; what wrapped stays wrapped. */
  get scrollback(): string {
    return this.#render(0);
  }

  /** Take in what the program wrote. */
  write(text: string): void {
    const input = this.#held + text;
    this.#held = "";
    token.lastIndex = 0;
    for (let at = 0; at < input.length; at = token.lastIndex) {
      // A sequence may arrive in two pieces.
      // deno-lint-ignore no-control-regex
      if (input[at] === "\x1b" && /^\x1b(\[[?>=]?[\d;]*)?$/.test(input.slice(at, at + 32))) {
        this.#held = input.slice(at);
        return;
      }
      token.lastIndex = at;
      const [whole, mark, numbers, final] = token.exec(input)!;
      if (final !== undefined) this.#control(mark, numbers, final);
      else this.#put(whole);
    }
  }

  /** Change the size, wrapping anew what was wrapped, as most terminals do. */
  resize(columns: number, rows: number): void {
    const lines: Row[] = [];
    let at = { row: 0, column: 0 };
    for (let index = 0; index < this.#lines.length;) {
      const cells: string[] = [];
      let cursor = -1;
      let more = true;
      while (more && index < this.#lines.length) {
        const row = this.#lines[index];
        if (index === this.#row) cursor = cells.length + this.#column;
        while (row.wrapped && row.cells.length < this.columns) row.cells.push(" ");
        cells.push(...row.cells);
        more = row.wrapped;
        index += 1;
      }
      const count = Math.max(
        1,
        Math.ceil(cells.length / columns),
        Math.floor(Math.max(0, cursor) / columns) + 1,
      );
      for (let part = 0; part < count; part++) {
        const start = part * columns;
        if (cursor >= start && cursor < start + columns) at = { row: lines.length, column: cursor - start };
        lines.push({ cells: cells.slice(start, start + columns), wrapped: part < count - 1 });
      }
    }
    this.columns = columns;
    this.rows = rows;
    this.#lines = lines;
    this.#row = at.row;
    this.#column = at.column;
    this.#pendingWrap = false;
    this.#top = Math.max(0, Math.min(this.#top, this.#row), this.#row - rows + 1);
  }

  #render(from: number): string {
    const rows = this.#lines.slice(from).map((row, index) => {
      const text = row.cells.join("");
      if (from + index !== this.#row) return text.trimEnd();
      // A prompt ends with a space, and the cursor stands behind it.
      const kept = row.cells.slice(0, this.#column).join("");
      return kept + text.slice(kept.length).trimEnd();
    });
    while (rows.at(-1) === "") rows.pop();
    return rows.join("\n");
  }

  #put(character: string): void {
    switch (character) {
      case "\r":
        return this.#moveTo(this.#row, 0);
      case "\n":
        return this.#lineFeed(false);
      case "\b":
        return this.#moveTo(this.#row, this.#column - 1);
    }
    if (character < " " || character === "\x7f" || character.startsWith("\x1b")) return;
    const cells = this.#cells();
    if (combining.test(character) && this.#column > 0) {
      const before = this.#pendingWrap ? this.#column : this.#column - 1;
      cells[before] = (cells[before] ?? " ") + character;
      return;
    }
    const width = wide.test(character) ? 2 : 1;
    if (this.#pendingWrap || this.#column + width > this.columns) {
      this.#lineFeed(true);
      this.#column = 0;
    }
    const row = this.#cells();
    while (row.length < this.#column) row.push(" ");
    row[this.#column] = character;
    if (width === 2) row[this.#column + 1] = ""; // the right half
    this.#pendingWrap = this.#column + width >= this.columns;
    this.#column = this.#pendingWrap ? this.columns - 1 : this.#column + width;
  }

  #control(mark: string, numbers: string, final: string): void {
    if (mark !== "") {
      for (const mode of numbers.split(";")) {
        if (final === "h") this.modes.add(mode);
        if (final === "l") this.modes.delete(mode);
      }
      return;
    }
    const [first, second] = numbers.split(";").map(Number);
    const by = Math.max(1, first);
    switch (final) {
      case "A":
        return this.#moveTo(this.#row - by, this.#column);
      case "B":
        return this.#moveTo(this.#row + by, this.#column);
      case "C":
        return this.#moveTo(this.#row, this.#column + by);
      case "D":
        return this.#moveTo(this.#row, this.#column - by);
      case "G":
        return this.#moveTo(this.#row, by - 1);
      case "H":
      case "f":
        return this.#moveTo(this.#top + by - 1, Math.max(1, second || 1) - 1);
      case "J":
        return this.#eraseDisplay(first);
      case "K":
        return this.#eraseLine(first);
      case "m":
        return;
      default:
        throw new Error(`The screen does not understand "ESC [ ${numbers}${final}"`);
    }
  }

  #cells(): string[] {
    while (this.#lines.length <= this.#row) this.#lines.push({ cells: [], wrapped: false });
    return this.#lines[this.#row].cells;
  }

  #moveTo(row: number, column: number): void {
    this.#row = Math.min(Math.max(row, this.#top), this.#top + this.rows - 1);
    this.#column = Math.min(Math.max(column, 0), this.columns - 1);
    this.#pendingWrap = false;
  }

  #lineFeed(wrapped: boolean): void {
    this.#cells();
    this.#lines[this.#row].wrapped = wrapped;
    this.#row += 1;
    if (this.#row - this.#top >= this.rows) this.#top = this.#row - this.rows + 1;
    this.#cells();
    this.#pendingWrap = false;
  }

  #eraseDisplay(how: number): void {
    this.#cells();
    if (how === 2) {
      for (const line of this.#lines.slice(this.#top)) line.cells.length = 0;
      return;
    }
    this.#eraseLine(0);
    this.#lines.length = this.#row + 1;
    this.#lines[this.#row].wrapped = false;
  }

  #eraseLine(how: number): void {
    const cells = this.#cells();
    if (how === 2) cells.length = 0;
    else if (how === 0) cells.length = Math.min(cells.length, this.#column);
    else cells.fill(" ", 0, this.#column + 1);
  }
}
