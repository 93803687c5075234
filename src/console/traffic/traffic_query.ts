import { type Direction, type Traffic, TRAFFIC_KINDS } from "../../../mod.ts";
import { suggestion } from "../../suggestion.ts";
import { CommandError } from "../commands/command.ts";

/** What a query asks of an entry of traffic. */
export interface Facts {
  /** The name of the link. */
  readonly name: string;
  /** The address of the peer. */
  readonly peer: string;
  readonly direction: Direction;
  /** Absent for bytes, which are of no kind. */
  readonly kind?: Traffic["kind"];
}

/**
 * Which traffic is wanted, as `.filter` and `.find` take it. All of its terms have to hold:
 *
 * ```text
 * in, out                 the direction
 * link:psu                the name of a link; link:psu,gate is one of them
 * peer:50012              part of the address of the peer
 * kind:action             what it is: message, action, request, answer, part, failure, cancel, file, file-request
 * /err(or)?/i             a regular expression
 * "in the text", 42 V     other words as they stand, in quotes or not; capitals do not matter
 * not:<term>              the term does not hold
 * ```
 */
export class TrafficQuery {
  /** As it was typed. */
  readonly source: string;
  /** The regular expressions, to be tested apart: see `PatternWatchdog`. */
  readonly patterns: readonly { readonly pattern: RegExp; readonly isWanted: boolean }[];
  readonly #facts: readonly ((facts: Facts) => boolean)[];
  readonly #wantsKind: boolean;
  readonly #texts: readonly { readonly text: string; readonly isWanted: boolean }[];

  /** @throws {CommandError} it cannot be understood; the message says which word. */
  constructor(source: string, linkNames: readonly string[]) {
    const facts: ((facts: Facts) => boolean)[] = [];
    const texts: { text: string; isWanted: boolean }[] = [];
    const patterns: { pattern: RegExp; isWanted: boolean }[] = [];
    let wantsKind = false;
    for (const term of termsOf(source)) {
      const isWanted = !term.isNot;
      if (term.kind === "pattern") patterns.push({ pattern: patternOf(term.text), isWanted });
      else if (term.kind === "text") texts.push({ text: term.text.toLowerCase(), isWanted });
      else {
        const isKind = term.text.startsWith("kind:");
        const holds = factOf(term.text, linkNames);
        wantsKind ||= isKind;
        facts.push((each) => (isKind && each.kind === undefined) || holds(each) === isWanted);
      }
    }
    this.source = source;
    this.#facts = facts;
    this.#wantsKind = wantsKind;
    this.#texts = texts;
    this.patterns = patterns;
  }

  /** Whether who said it to whom, and what it is, are as wanted. */
  suits(facts: Facts): boolean {
    return this.#facts.every((holds) => holds(facts));
  }

  /** True when it asks for what only a message has, and bytes have not: a kind, a text. */
  get wantsMeaning(): boolean {
    return this.wantsText || this.#wantsKind;
  }

  /** True when the text matters at all. */
  get wantsText(): boolean {
    return this.#texts.length + this.patterns.length > 0;
  }

  /** Whether the text has what is wanted, regular expressions aside. */
  hasText(text: string): boolean {
    if (this.#texts.length === 0) return true;
    const lower = text.toLowerCase();
    return this.#texts.every(({ text: part, isWanted }) => lower.includes(part) === isWanted);
  }
}

interface Term {
  readonly kind: "fact" | "text" | "pattern";
  readonly text: string;
  readonly isNot: boolean;
}

const FACTS = Object.freeze(["link", "peer", "kind"] as const);
/** Words that stand side by side and are no terms are one text. */
function* termsOf(source: string): Generator<Term> {
  const words: string[] = [];
  const text = (): Term[] => {
    const found = words.splice(0).join(" ");
    return found === "" ? [] : [{ kind: "text", text: found, isNot: false }];
  };
  let rest = source.trim();
  while (rest !== "") {
    const isNot = /^not:(?=\S)/.test(rest);
    if (isNot) rest = rest.slice("not:".length);
    const quoted = /^"([^"]*)("?)/.exec(rest);
    const pattern = /^\/((?:\\.|\[(?:\\.|[^\]\\])*\]|[^/\\[])+)\/([a-z]*)(?=\s|$)/.exec(rest);
    const word = /^\S+/.exec(rest)![0];
    const found = quoted ?? pattern ?? [word];
    if (quoted?.[2] === "") throw new CommandError(`Cannot read ${rest}: the second " is missing`);
    if (pattern === null && word.startsWith("/") && word.length > 1) {
      throw new CommandError(
        `Cannot read ${word}: write /pattern/ with a slash at its end, or "${word}" for text`,
      );
    }
    rest = rest.slice(found[0].length).trimStart();
    if (quoted !== null) {
      yield* text();
      if (quoted[1] !== "") yield { kind: "text", text: quoted[1], isNot };
    } else if (pattern !== null) {
      yield* text();
      yield { kind: "pattern", text: pattern[0], isNot };
    } else if (word === "in" || word === "out" || /^[a-z]+:/.test(word) && isFact(word)) {
      yield* text();
      yield { kind: "fact", text: word, isNot };
    } else if (isNot) {
      yield* text();
      yield { kind: "text", text: word, isNot };
    } else words.push(word);
  }
  yield* text();
}

/** `link:…` and the like, also with a slip of the finger in it; what has another word before the colon is text. */
function isFact(word: string): boolean {
  const key = word.slice(0, word.indexOf(":"));
  if ((FACTS as readonly string[]).includes(key)) return true;
  const near = suggestion(key, FACTS);
  if (near === "") return false;
  throw new CommandError(
    `Cannot filter by "${word}"${near.replace(/"(\w+)"/, '"$1:"')} For text write "${word}" in quotes`,
  );
}

function factOf(word: string, linkNames: readonly string[]): (facts: Facts) => boolean {
  if (word === "in" || word === "out") return ({ direction }) => direction === word;
  const [, key, value] = /^([a-z]+):(.*)$/.exec(word)!;
  if (value === "") {
    throw new CommandError(`Cannot filter by "${word}": something has to stand behind the colon`);
  }
  if (key === "peer") return ({ peer }) => peer.includes(value);
  const values = value.split(",");
  const allowed: readonly string[] = key === "kind" ? TRAFFIC_KINDS : linkNames;
  const wrong = values.find((each) => !allowed.includes(each));
  if (wrong !== undefined) {
    const near = suggestion(wrong, allowed) ||
      (allowed.length === 0 ? "; there are no links" : `; there are ${allowed.join(", ")}`);
    throw new CommandError(`No ${key === "kind" ? "kind of traffic" : "link"} "${wrong}"${near}`);
  }
  if (key === "link") return ({ name }) => values.includes(name);
  return ({ kind }) => kind !== undefined && values.includes(kind);
}

function patternOf(text: string): RegExp {
  const [, source, flags] = /^\/(.*)\/([a-z]*)$/s.exec(text)!;
  try {
    return new RegExp(source, flags);
  } catch (error) {
    throw new CommandError(
      `Cannot use ${text}: ${(error as Error).message.replace(/^.*: /s, "")}`,
    );
  }
}
