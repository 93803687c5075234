import { escapeText } from "../../show/escape.ts";
import { type Candidate, commonPrefix, type Completion } from "../terminal/completion.ts";
import type { Place } from "./place.ts";
import { literalText, typedText } from "./string_text.ts";

/** How texts are completed in a string. */
export interface StringCompletionOptions {
  /** The only one that is left is whole: the string is closed behind it. Default false. */
  readonly closes?: boolean;
  /** A line below the list. */
  readonly note?: string;
}

/**
 * Those of these candidates that begin with what was typed in the string at the cursor, written so that they stay text
 * there, whatever is in them. Undefined when what was typed is no plain text.
 */
export function inString(
  { line, cursor, string }: Place,
  candidates: readonly Candidate[],
  options: StringCompletionOptions = {},
): Completion | undefined {
  if (string === undefined) return undefined;
  const { quote, start } = string;
  const typed = typedText(line.slice(start, cursor), quote);
  if (typed === undefined) return undefined;
  const fitting = candidates.filter(({ text }) => text.startsWith(typed));
  const isWhole = options.closes === true && fitting.length === 1 && !fitting[0].text.endsWith("/");
  const end = isWhole && line[cursor] !== quote ? quote : "";
  const written = fitting.map(({ text, label, about }): Candidate => ({
    text: literalText(text, quote) + end,
    label: label ?? escapeText(text),
    about,
  }));
  return {
    candidates: written,
    start,
    // Cut as text and then written: an escape is never cut in two.
    common: fitting.length === 1
      ? written[0].text
      : literalText(commonPrefix(fitting.map(({ text }) => text)), quote),
    ...options.note === undefined ? {} : { note: options.note },
  };
}
