import type { SourceStatement } from "./evaluator/statement_parts.ts";
import { goesOn, StatementReader } from "./evaluator/statement_reader.ts";
import { Syntax } from "./evaluator/syntax.ts";
import { isCommand } from "./typed_text.ts";

/** The statements and dot-commands of standard input, each as soon as it is whole; one that is wrong has an `error`. */
export async function* pipedStatements(): AsyncGenerator<SourceStatement, void, void> {
  const reader = new StatementReader(await Syntax.load(), { isCommand });
  for await (const { line, next } of linesOfStdin()) {
    const isHeld = goesOn(next) && !isCommand(next);
    yield* isHeld ? reader.hold(line) : reader.push(line);
  }
  yield* reader.end();
}

/**
 * The lines of standard input as they come, each with the next one if that is there already: a program that waits for
 * an answer is not made to wait for a line that only might go on with this one.
 */
async function* linesOfStdin(): AsyncGenerator<{ line: string; next: string }> {
  let rest = "";
  for await (const text of Deno.stdin.readable.pipeThrough(new TextDecoderStream())) {
    const lines = (rest + text).split("\n");
    rest = lines.pop()!;
    for (const [index, line] of lines.entries()) {
      yield { line: line.replace(/\r$/, ""), next: lines[index + 1] ?? rest };
    }
  }
  if (rest !== "") yield { line: rest, next: "" };
}
