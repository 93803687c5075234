/**
 * The console: at a terminal with a prompt, otherwise evaluating standard input.
 *
 * @module
 */
import { VERSION } from "../version.ts";

/** How the console starts. */
export interface ConsoleOptions {
  /** Values and errors as JSON, one object a line. Only without a terminal. */
  json?: boolean;
  /** No greeting, and no events of links without a terminal. */
  quiet?: boolean;
}

/** Runs a console until its user leaves or its input ends, and resolves with the exit code. */
export async function runConsole(options: ConsoleOptions = {}): Promise<number> {
  if (Deno.stdin.isTerminal() && Deno.stdout.isTerminal()) {
    const { runInteractive } = await import("./interactive.ts");
    return await runInteractive(VERSION, options);
  }
  const { runPiped } = await import("./piped.ts");
  return await runPiped(options);
}

if (import.meta.main) Deno.exit(await runConsole());
