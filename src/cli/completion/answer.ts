import { escapeText } from "../../show/escape.ts";
import { printData } from "../printer.ts";
import type { Candidates } from "./candidates.ts";
import { completeWords } from "./complete_words.ts";
import { replacedPart, shellWords } from "./shell_words.ts";

/**
 * Answers the script of a shell: `-- <words…>` for those that cut the line themselves, `--line <line> <breaks>` for bash.
 * Prints a candidate a line, with a TAB and a few words about it, and at last a colon and a number that says the rest, as
 * cobra and @bomb.sh/tab have it. Never fails: a shell has no place to say why.
 */
export async function answerShell(args: readonly string[]): Promise<number> {
  const [how, ...rest] = args;
  try {
    printData(how === "--line" ? await answerLine(rest[0] ?? "", rest[1] ?? "") : await answerWords(rest));
  } catch {
    printData(`:${ERROR}\n`);
  }
  return 0;
}

async function answerWords(words: readonly string[]): Promise<string> {
  // A quote that has not ended yet is handed over with the word.
  const typed = (words.at(-1) ?? "").replace(/^["']/, "");
  const { values, ...rest } = await completeWords([...words.slice(0, -1), typed]);
  const lines = values.map(({ value, about = "" }) => `${value}\t${shortened(about)}\n`);
  return `${lines.join("")}${directive(rest)}`;
}

async function answerLine(line: string, breaks: string): Promise<string> {
  const { words, typed } = shellWords(line);
  const { values, ...rest } = await completeWords(words);
  const [flag = ""] = /^--[\w-]+=/.exec(words.at(-1) ?? "") ?? [];
  const lines = values.map(({ value }) => `${replacedPart(flag + value, typed, breaks)}\n`);
  return `${lines.join("")}${directive(rest)}`;
}

function directive({ isFile = false, isOpen = false }: Omit<Candidates, "values">): string {
  return `:${(isFile ? 0 : NO_FILES) + (isOpen ? NO_SPACE : 0)}\n`;
}

/** One line of a screen. */
function shortened(about: string): string {
  const text = escapeText(about).replaceAll("\t", " ");
  return text.length > ABOUT_CHARS ? `${text.slice(0, ABOUT_CHARS - 1)}…` : text;
}

const ERROR = 1;
const NO_SPACE = 2;
const NO_FILES = 4;
const ABOUT_CHARS = 60;
