import { escapeText } from "./escape.ts";
import { green, red } from "./paint.ts";

/** What a line about a check is made of. */
export interface CheckedText {
  readonly ok: boolean;
  readonly label?: string;
  /** The sentence, escaped already. */
  readonly text: string;
}

/** A check in one line: `ok      5.01 is within 0.05 of 5`, `not ok  rail: 5.2 is not within 0.05 of 5`. */
export function checkLine({ ok, label, text }: CheckedText, colors: boolean): string {
  const word = ok ? "ok" : "not ok";
  const shown = ok ? green(word, colors) : red(word, colors);
  const name = label === undefined ? "" : `${escapeText(label)}: `;
  return `${shown}${" ".repeat(COLUMN - word.length)}${name}${text}`;
}

/** Where the sentence begins: `not ok` and two blanks. */
const COLUMN = 8;
