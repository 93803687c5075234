/** One thing somebody wants to do. */
export interface Example {
  /** What it does, in a few words. */
  readonly about: string;
  /** A line for a shell. It is run in the tests, with addresses of theirs. */
  readonly line: string;
}

/** Examples for one task. */
export interface Sheet {
  /** What is written behind `parley cheat`. */
  readonly name: string;
  readonly about: string;
  readonly examples: readonly Example[];
}

/** Sheets as a page. Pure. */
export function page(sheets: readonly Sheet[]): string {
  const blocks = sheets.map(({ name, about, examples }) => {
    const lines = examples.flatMap(({ about, line }) => [`  # ${about}`, `  ${line}`]);
    return [`${name}: ${about}`, ...lines].join("\n");
  });
  return blocks.join("\n\n");
}

/** The sheet of that name; otherwise of all sheets the examples with that word in them. Pure. */
export function sheetsAbout(sheets: readonly Sheet[], word: string): Sheet[] {
  const named = sheets.filter(({ name }) => name === word);
  if (named.length > 0) return named;
  const has = (text: string) => text.toLowerCase().includes(word.toLowerCase());
  return sheets
    .map((sheet) => ({
      ...sheet,
      examples: sheet.examples.filter(({ about, line }) => has(about) || has(line)),
    }))
    .filter(({ examples }) => examples.length > 0);
}
