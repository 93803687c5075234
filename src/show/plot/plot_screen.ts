import { cutToWidth } from "../cell_width.ts";
import { screenSize, USUAL_SIZE } from "../screen_size.ts";
import type { PlotRoom } from "./plot_board.ts";

/** Lines on standard output that are drawn over again and again. */
export class PlotScreen {
  readonly #lines: () => readonly string[];
  #rows = 0;

  constructor(lines: () => readonly string[]) {
    this.#lines = lines;
  }

  /** True where what was written can be written over. */
  static isThere(): boolean {
    return Deno.stdout.isTerminal() && Deno.env.get("TERM") !== "dumb";
  }

  /** The room on the terminal. */
  static room(): Omit<PlotRoom, "colors"> {
    const { columns, rows } = screenSize() ?? USUAL_SIZE;
    return { columns: columns - 1, rows: rows - SPARE_ROWS };
  }

  /** Writes to standard output; false when nobody reads it any more. */
  static write(text: string): boolean {
    const bytes = new TextEncoder().encode(text);
    try {
      for (let written = 0; written < bytes.length;) {
        written += Deno.stdout.writeSync(bytes.subarray(written));
      }
      return true;
    } catch (error) {
      if (error instanceof Deno.errors.BrokenPipe) return false;
      throw error;
    }
  }

  /** Draws the lines in place of those that were drawn before. */
  draw(): void {
    const { columns } = PlotScreen.room();
    const lines = this.#lines().map((line) => cutToWidth(line, columns)); // a row that wraps could not be found again
    const up = this.#rows === 0 ? "" : `\x1b[${this.#rows}A\r\x1b[J`;
    this.#rows = lines.length;
    PlotScreen.write(`${up}${lines.join("\n")}\n`);
  }
}

/** For the prompt, and for hints below. */
const SPARE_ROWS = 5;
