import type { PageSaid } from "./wire.ts";

/** What is to be seen of the traffic. Empty: all. */
export interface FilterFacts {
  readonly text: string;
  /** The number of a link. */
  readonly link: string;
  readonly direction: string;
  readonly kind: string;
}

/** Tells what passes. @param text What is shown of it. */
export type Passes = (said: PageSaid, text: string) => boolean;

/**
 * The filter for these facts. The words of `text` have to be there, those behind a `-` must not; between slashes it is a
 * regular expression.
 *
 * @throws {SyntaxError} that regular expression is none.
 */
export function filterOf(facts: FilterFacts): Passes {
  const hasWords = wordsOf(facts.text.trim());
  const kinds = Object.hasOwn(KINDS, facts.kind) ? KINDS[facts.kind] : undefined;
  return (said, text) =>
    (facts.link === "" || said.link === Number(facts.link)) &&
    (facts.direction === "" || said.direction === facts.direction) &&
    (kinds === undefined || kinds.includes(said.kind)) &&
    hasWords(`${said.linkName} ${said.peer} ${said.kind} ${text}`);
}

function wordsOf(text: string): (shown: string) => boolean {
  const pattern = /^\/(.+)\/(i?)$/.exec(text);
  if (pattern !== null) {
    const expression = new RegExp(pattern[1], `u${pattern[2]}`);
    return (shown) => expression.test(shown);
  }
  const words = text.toLowerCase().split(/\s+/).filter((word) => word !== "" && word !== "-");
  if (words.length === 0) return () => true;
  const unwanted = words.filter((word) => word.startsWith("-")).map((word) => word.slice(1));
  const wanted = words.filter((word) => !word.startsWith("-"));
  return (shown) => {
    const lower = shown.toLowerCase();
    return wanted.every((word) => lower.includes(word)) && !unwanted.some((word) => lower.includes(word));
  };
}

const KINDS: Readonly<Record<string, readonly string[]>> = Object.freeze({
  message: ["message"],
  call: ["action", "request", "answer", "part", "failure", "cancel"],
  failure: ["failure"],
  file: ["file", "file-request"],
  bytes: ["bytes"],
});
