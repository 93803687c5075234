/** Completions of what stands before the cursor. */

/** One thing that could stand there. */
export interface Candidate {
  /** The whole replacement; usually it begins with what is there already. */
  readonly text: string;
  /** How it is listed; by default as its text. Escaped when it is shown. */
  readonly label?: string;
  /** What it is, beside it in the list. Escaped when it is shown. */
  readonly about?: string;
}

/** What could stand in the text from `start` up to the cursor. */
export interface Completion {
  readonly candidates: readonly Candidate[];
  /** Where in the text the part to be replaced begins, in UTF-16 units. */
  readonly start: number;
  /** What all candidates begin with, where cutting them anywhere would spoil them. Default: found by comparing. */
  readonly common?: string;
  /** A line below the list. Escaped when it is shown. */
  readonly note?: string;
}

/** What all texts begin with. */
export function commonPrefix(texts: readonly string[]): string {
  let prefix = texts[0] ?? "";
  for (const text of texts) {
    let length = 0;
    while (length < prefix.length && prefix[length] === text[length]) length += 1;
    prefix = prefix.slice(0, length);
  }
  return /[\ud800-\udbff]$/.test(prefix) ? prefix.slice(0, -1) : prefix;
}
