import { clip } from "../show/escape.ts";
import { showValue } from "../show/value.ts";

/** What became of a value that was looked at. */
export interface Verdict {
  readonly ok: boolean;
  /** The whole sentence: `5.01 is within 0.05 of 5`. One line. */
  readonly text: string;
}

/** Looks at a value. */
export type Matcher = (value: unknown) => Verdict;

/** A value in one line, short enough to be read in a sentence. */
export function inOneLine(value: unknown): string {
  return clip(showValue(value).replace(/\s*\n\s*/g, " "), MAX_SHOWN_CHARS);
}

/** More of a value does not help a sentence; the value itself is at hand. */
const MAX_SHOWN_CHARS = 160;
