import type { TypedLine } from "./line_layout.ts";

/** How a {@linkcode Modal} has ended. */
export interface Ended<Value> {
  /** What it was for: an answer, or that there is none. */
  readonly value: Value;
  /** What was typed behind the key that has ended it, and is for whoever comes next. Default: nothing. */
  readonly rest?: string;
}

/** Something that stands in place of the line being typed and takes all keys, until it ends. */
export interface Modal<Value> {
  /** What is to be seen now. */
  readonly line: TypedLine;
  /** The value when it is ended from outside: by Ctrl-C, or because nobody can type any more. */
  readonly none: Value;
  /** It is to be seen from now on; `redraw` is called when its line has changed by itself, `end` when it has ended so. */
  open?(redraw: () => void, end: () => void): void;
  /** Takes what was typed; gives how it has ended, or nothing while it goes on. */
  feed(text: string): Ended<Value> | undefined;
  /** It has ended with this value: gives the lines that stay on the screen, joined with `\n`. */
  close(value: Value): string;
}
