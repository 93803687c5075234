/** A command line up to the cursor, as a shell cuts it. */
export interface ShellWords {
  /** All words behind the name of the program; the last one is the one that is being typed, and may be empty. */
  readonly words: readonly string[];
  /** The last one as it was typed, with its quotes. */
  readonly typed: string;
}

/** Cuts a command line into words as POSIX shells do; nothing is expanded, and nothing run. Pure. */
export function shellWords(line: string): ShellWords {
  const words: string[] = [];
  let word = "";
  let begin = 0;
  let isBegun = false;
  for (const { 0: token, index, groups = {} } of line.matchAll(TOKEN)) {
    if (groups.blank !== undefined) {
      if (isBegun) words.push(word);
      word = "";
      isBegun = false;
      begin = index + token.length;
      continue;
    }
    isBegun = true;
    word += groups.single ?? groups.double?.replace(/\\(["\\$`])/g, "$1") ?? groups.escaped ?? token;
  }
  words.push(word);
  // Settings such as `NO_COLOR=1` may stand before the name of the program.
  const name = words.findIndex((each) => !/^\w+=/.test(each));
  return { words: words.slice(name + 1), typed: line.slice(begin) };
}

const TOKEN =
  /(?<blank>\s+)|'(?<single>[^']*)(?:'|$)|"(?<double>(?:\\[^]|[^"\\])*)(?:"|$)|\\(?<escaped>[^]|$)|[^]/gu;

/**
 * The part of a word that bash replaces: what stands behind the last of the characters at which it breaks words, unless
 * the word is in quotes. `COMP_WORDBREAKS` holds the colon and the equals sign, which addresses are full of.
 */
export function replacedPart(word: string, typed: string, breaks: string): string {
  if (/^["']/.test(typed)) return word;
  const places = [...typed].map((character, index) => breaks.includes(character) ? index : -1);
  const cut = typed.slice(0, Math.max(...places, -1) + 1);
  return word.startsWith(cut) ? word.slice(cut.length) : word;
}
