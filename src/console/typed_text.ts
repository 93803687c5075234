import { questionOf } from "./question.ts";

/**
 * True for a line that is a dot-command, or a question such as `listen?`, and not code: `.5`, `...list` and `.then(…)`
 * are code.
 */
export function isCommand(line: string): boolean {
  return /^\s*\.[a-zA-Z]+(\s|$)/.test(line) || questionOf(line) !== undefined;
}

/** An input as it stands behind the prompt, further lines behind their mark. */
export function inputLines(source: string, prompt: string = ">"): string {
  return source.split("\n").map((line, index) => `${index === 0 ? prompt : "…"} ${line}`).join("\n");
}
