import { splitLines } from "./split_lines.ts";

/** Says something to the process that started this one: one line of JSON on standard output. */
export function say(line: unknown): void {
  Deno.stdout.writeSync(new TextEncoder().encode(`${JSON.stringify(line)}\n`));
}

/** What the process that started this one says, until it closes our standard input or ends. */
// deno-lint-ignore no-explicit-any -- each process knows what it is told
export async function* hear(): AsyncGenerator<any, void, void> {
  for await (const line of splitLines(Deno.stdin.readable)) yield JSON.parse(line);
}
