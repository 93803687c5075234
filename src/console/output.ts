/**
 * Everything that is printed above the line being typed, gathered, in order, and bounded.
 *
 * @module
 */

import { clip, escapeText } from "../show/escape.ts";
import { ConsoleCapture } from "./console_capture.ts";

/** How an {@linkcode Output} writes, and how much. Times in milliseconds. */
export interface OutputOptions {
  /** Writes whole lines, without the last line end; usually the terminal's `print`. */
  write(text: string): void;
  /** Hides what must not be seen in a text. Default: nothing. */
  mask?(text: string): string;
  /** Whether the terminal takes less than is written: then lines are only counted. Default: it never is. */
  isBehind?(): boolean;
  /** Lines are gathered for this long and written together. Default: 30. */
  batchMs?: number;
  /**
   * The first lines of a window are written at once: what comes behind them may be a loop that lets no timer run.
   * Default: 10.
   */
  eagerLines?: number;
  /** Most lines shown in each window; what comes on top is counted. Default: 1,000. */
  maxLines?: number;
  /** Most UTF-16 units shown in each window. Default: 1 Mi. */
  maxChars?: number;
  /** The length of a window, which begins with its first line. Default: 1,000. */
  windowMs?: number;
  /** Takes what `console` prints, when it is for somebody else. */
  divert?(text: string): boolean;
  /** Let SGR colour sequences pass; otherwise they are made visible like other control characters. Default: false. */
  colors?: boolean;
  /** Is told what `console` prints while it is installed. */
  onConsole?(text: string): void;
}

// deno-lint-ignore no-control-regex
const colour = /(\x1b\[[\d;]*m)/;

/** A text that was printed raw may have left its colour on. */
const plainColours = "\x1b[0m";

/** Room for the note `…(+n chars)` behind a line that alone is as long as a window. */
const maxNoteChars = 32;

/**
 * The way to the screen for results, events and everything `console.log` prints. Under a flood the first lines of each
 * window are shown and the rest is counted: `… 4,210 more lines not shown`. What is kept in memory is never more than
 * one window shows.
 */
export class Output implements Disposable {
  readonly #write: (text: string) => void;
  readonly #mask: (text: string) => string;
  readonly #isBehind: () => boolean;
  readonly #batchMs: number;
  readonly #eagerLines: number;
  readonly #maxLines: number;
  readonly #maxChars: number;
  readonly #windowMs: number;
  readonly #colors: boolean;
  readonly #capture: ConsoleCapture;
  #pending: string[] = [];
  #writtenAtMs = -Infinity;
  #windowStartMs = -Infinity;
  #lines = 0; // shown in this window
  #chars = 0;
  #skipped = 0; // lines of this window not shown
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** Nothing is written and no timer runs before something is printed. */
  constructor(options: OutputOptions) {
    this.#write = options.write;
    this.#mask = options.mask ?? ((text) => text);
    this.#isBehind = options.isBehind ?? (() => false);
    this.#batchMs = options.batchMs ?? 30;
    this.#eagerLines = options.eagerLines ?? 10;
    this.#maxLines = options.maxLines ?? 1000;
    this.#maxChars = options.maxChars ?? 1024 * 1024;
    this.#windowMs = options.windowMs ?? 1000;
    this.#colors = options.colors ?? false;
    this.#capture = new ConsoleCapture((text) => {
      if (options.divert?.(text) === true) return;
      this.print(text);
      options.onConsole?.(text);
    });
  }

  /**
   * Print a text of one or more lines, soon. Under a flood it may only be counted.
   *
   * @param isRaw Print it with whatever drives the terminal in it.
   */
  print(text: string, isRaw: boolean = false): void {
    const now = performance.now();
    if (now - this.#windowStartMs >= this.#windowMs) this.#beginWindow(now);
    const isBehind = this.#isBehind();
    for (const line of linesOf(this.#mask(text))) {
      const folded = clip(line, this.#maxChars);
      const shown = isRaw ? `${folded}${plainColours}` : this.#safe(folded);
      this.#lines += 1;
      this.#chars += shown.length;
      // What is skipped counts too, so that once one line is skipped all are, up to the end of the window.
      if (
        isBehind || this.#skipped > 0 || this.#lines > this.#maxLines ||
        this.#chars > this.#maxChars + maxNoteChars
      ) {
        this.#skipped += 1;
      } else {
        this.#pending.push(shown);
      }
    }
    // A busy thread runs no timer, so a long loop that prints is written from here.
    const isEager = this.#lines <= this.#eagerLines;
    if (isEager || now - this.#writtenAtMs >= this.#batchMs) this.#writePending(now);
    this.#schedule(now);
  }

  /** Print the result of an evaluation: after everything printed so far, at once, and whole whatever the flood. */
  printResult(text: string): void {
    this.flush();
    this.#write(this.#safe(this.#mask(text)));
    this.#writtenAtMs = performance.now();
  }

  /** Write what is gathered, and the count of what is not shown, at once. */
  flush(): void {
    const now = performance.now();
    this.#noteSkipped();
    this.#writePending(now);
    this.#schedule(now);
  }

  /** Make everything that `console` prints come here, until {@linkcode restore}. */
  install(): void {
    this.#capture.install();
  }

  /** Give the console its own methods back. */
  restore(): void {
    this.#capture.restore();
  }

  /** Write what is left, and undo {@linkcode install}. */
  close(): void {
    this.restore();
    this.flush();
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  /** The same as {@linkcode close}. */
  [Symbol.dispose](): void {
    this.close();
  }

  #safe(text: string): string {
    const escaped = escapeText(text, { keepNewlines: true });
    if (escaped === text || !this.#colors || !colour.test(text)) return escaped;
    const parts = text.split(colour).map((part, index) =>
      index % 2 === 1 ? part : escapeText(part, { keepNewlines: true })
    );
    return `${parts.join("")}\x1b[0m`;
  }

  #beginWindow(now: number): void {
    this.#noteSkipped();
    this.#windowStartMs = now;
    this.#lines = 0;
    this.#chars = 0;
  }

  #noteSkipped(): void {
    if (this.#skipped === 0) return;
    const lines = this.#skipped === 1 ? "line" : "lines";
    this.#pending.push(`… ${this.#skipped.toLocaleString("en-US")} more ${lines} not shown`);
    this.#skipped = 0;
  }

  #writePending(now: number): void {
    if (this.#pending.length === 0) return;
    const text = this.#pending.join("\n");
    this.#pending = [];
    this.#writtenAtMs = now;
    this.#write(text);
  }

  #schedule(now: number): void {
    if (this.#timer !== undefined) return;
    const waitMs = this.#pending.length > 0
      ? this.#writtenAtMs + this.#batchMs - now
      : this.#skipped > 0
      ? this.#windowStartMs + this.#windowMs - now
      : undefined;
    if (waitMs === undefined) return;
    this.#timer = setTimeout(() => this.#tick(), Math.max(0, waitMs));
  }

  #tick(): void {
    this.#timer = undefined;
    const now = performance.now();
    if (now - this.#windowStartMs >= this.#windowMs) this.#noteSkipped();
    this.#writePending(now);
    this.#schedule(now);
  }
}

function* linesOf(text: string): Generator<string> {
  const end = text.endsWith("\n") ? text.length - 1 : text.length;
  for (let start = 0; start <= end;) {
    const at = text.indexOf("\n", start);
    const next = at < 0 || at > end ? end : at;
    yield text.slice(start, next);
    start = next + 1;
  }
}
