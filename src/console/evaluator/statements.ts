/**
 * Cutting a whole text into statements that can be evaluated one after another.
 *
 * @module
 */
import { cutModule, type SourceStatement } from "./statement_parts.ts";
import { goesOn, type SplitOptions, StatementReader } from "./statement_reader.ts";
import { SourceError, type Syntax } from "./syntax.ts";

/**
 * Cuts a whole text into its top-level statements.
 *
 * A text that parses is cut as a module would run it: imports first, then function declarations, then the rest
 * in order. A text that does not is cut line by line, so that everything before and after the wrong place is
 * still given back; the wrong piece carries its `error`.
 */
export function splitStatements(syntax: Syntax, text: string, options: SplitOptions = {}): SourceStatement[] {
  const source = text.replace(/^\uFEFF/, "").replace(/^#!.*/, ""); // the marks of a script file, not of the language
  try {
    return cutModule(source, syntax.parseFile(source));
  } catch (error) {
    if (!(error instanceof SourceError)) throw error;
  }
  const reader = new StatementReader(syntax, options);
  const lines = source.split("\n");
  const found: SourceStatement[] = [];
  for (const [index, line] of lines.entries()) {
    const next = nextLine(lines, index);
    const isHeld = goesOn(next) && !options.isCommand?.(next);
    found.push(...(isHeld ? reader.hold(line) : reader.push(line)));
  }
  return [...found, ...reader.end()];
}

/** The next line that is not blank; empty at the end. */
function nextLine(lines: readonly string[], index: number): string {
  let next = index + 1;
  while (next < lines.length && lines[next].trim() === "") next++;
  return lines[next] ?? "";
}
