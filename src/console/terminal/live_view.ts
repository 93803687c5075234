import { cutToWidth } from "../../show/cell_width.ts";
import type { ScreenSize } from "../../show/screen_size.ts";
import type { TypedLine } from "./line_layout.ts";
import type { Ended, Modal } from "./modal.ts";

/** Lines that change while they are looked at, such as a table. */
export interface LiveLines {
  /** All of them as they are now; the first is a heading when there are several. Without anything to escape. */
  lines(): readonly string[];
  /** They are looked at from now on. `redraw` is called when they have changed. Gives what ends that. */
  start(redraw: () => void): () => void;
  /** Resolves when they change no more, whatever the keys. Default: never. */
  readonly over?: Promise<unknown>;
}

/**
 * {@linkcode LiveLines} on a terminal until any key is pressed; then all of them stay. While they change, what does not
 * fit on the screen is cut: on the right, and of the lines those that follow the heading.
 */
export class LiveView implements Modal<void> {
  /** That it has ended is all it has to say. */
  readonly none = undefined;
  readonly #source: LiveLines;
  readonly #size: () => ScreenSize;
  #stop: (() => void) | undefined;

  /** @param size The size of the terminal at the moment of the call. */
  constructor(source: LiveLines, size: () => ScreenSize) {
    this.#source = source;
    this.#size = size;
  }

  /** The lines that fit, the hint how to end it, and the cursor behind that. */
  get line(): TypedLine {
    const { columns, rows } = this.#size();
    const lines = fewer(this.#source.lines(), Math.max(1, rows - SPARE_ROWS) - 1);
    const text = [...lines, HINT].map((line) => cutToWidth(line, columns - 1)).join("\n");
    return { prompt: "", continuationPrompt: "", text, cursor: text.length };
  }

  /** Begins to look; draws only what is not on the screen already, so that a text can be marked with the mouse. */
  open(redraw: () => void, end: () => void): void {
    this.#source.over?.then(end);
    let drawn = this.line.text;
    this.#stop = this.#source.start(() => {
      const { text } = this.line;
      if (text === drawn) return;
      drawn = text;
      redraw();
    });
  }

  /** Any key ends it. A paste and Ctrl-Z are for the line behind it as well: they mean something there. */
  feed(text: string): Ended<void> {
    return { value: undefined, rest: text.slice(KEPT.test(text) ? 0 : FIRST_KEY.exec(text)?.[0].length) };
  }

  /** All lines, whole. */
  close(): string {
    this.#stop?.();
    return this.#source.lines().join("\n");
  }
}

/** Below the lines. */
const HINT = "(any key ends this)";

/** Rows that a line taller than the screen leaves free: see `ScreenView`. */
const SPARE_ROWS = 3;

/** What is not only a key: a paste, Ctrl-Z. */
// deno-lint-ignore no-control-regex
const KEPT = /^(?:\x1b\[200~|\x1a)/;

/** One key: a sequence, Alt with a character, or a character. */
// deno-lint-ignore no-control-regex
const FIRST_KEY = /^(?:\x1b(?:\[[\x20-\x3f]*[\x40-\x7e]|O[\s\S]|[\s\S])?|[\s\S])/u;

/** The first of so many lines as they are more than `max`, how many are missing, and the last ones. */
function fewer(lines: readonly string[], max: number): readonly string[] {
  if (lines.length <= max) return lines;
  const last = lines.slice(lines.length - Math.max(0, max - 2));
  const missing = lines.length - 1 - last.length;
  return [lines[0], `… ${missing.toLocaleString("en-US")} more …`, ...last].slice(0, max);
}
