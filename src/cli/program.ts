import { ExitCode } from "../console/exit_code.ts";
import { suggestion } from "../suggestion.ts";
import { VERSION } from "../version.ts";
import { CommandLineError, explain } from "./failure.ts";
import { overview } from "./overview.ts";
import { printData } from "./printer.ts";
import type { SubcommandEntry } from "./subcommand.ts";
import { subcommands } from "./table.ts";

/** Parses a command line, does what it says, and resolves with the exit code, if it is known by then. */
export async function runProgram(args: readonly string[]): Promise<number | undefined> {
  const facts: Facts = {};
  try {
    return await run(args, facts);
  } catch (error) {
    if (error instanceof Deno.errors.BrokenPipe) return ExitCode.OK; // whoever read us has enough
    return explain(error, { json: args.includes("--json"), facts });
  }
}

/** What is told beside an error. */
type Facts = { address?: string };

async function run(args: readonly string[], facts: Facts): Promise<number | undefined> {
  const [word = "console", ...rest] = args;
  if (HELP_WORDS.includes(word) && rest[0] === undefined) return print(overview(subcommands));
  if (VERSION_WORDS.includes(word)) return print(VERSION);
  // `parley help ask`, and `parley --json`: options alone are for the console.
  const line = HELP_WORDS.includes(word)
    ? [rest[0], "--help"]
    : word.startsWith("-")
    ? ["console", ...args]
    : [word, ...rest];
  const entry = entryOf(line[0]);
  const { runSubcommand } = await import("./run_subcommand.ts");
  return await runSubcommand(entry, line.slice(1), (address) => facts.address = address);
}

/** @throws {CommandLineError} there is no such subcommand. */
function entryOf(word: string): SubcommandEntry {
  const found = subcommands.find(({ name }) => name === word);
  if (found !== undefined) return found;
  const near = suggestion(word, subcommands.map(({ name }) => name));
  throw new CommandLineError(
    `Unknown subcommand "${word}"${near || `; parley --help shows what there is`}`,
  );
}

function print(text: string): number {
  printData(`${text}\n`);
  return ExitCode.OK;
}

const HELP_WORDS: readonly string[] = ["--help", "-h", "help"];
const VERSION_WORDS: readonly string[] = ["--version", "-V"];
