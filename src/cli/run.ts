import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { Command } from "@commander-js/extra-typings";
import { showError } from "../show/error.ts";
import { CommandLineError, explain, type ExplainOptions } from "./failure.ts";
import type { PrintFlags } from "./printer.ts";
import { reportScript } from "./script_output.ts";
import { parsePattern } from "./recording_flags.ts";
import { type MockFlag, parseMock, RunMocks } from "./run_mocks.ts";
import { recordScript } from "./run_record.ts";
import { scriptLinks } from "./script_links.ts";
import type { AnyCommand, Finish, Subcommand } from "./subcommand.ts";

/** `parley run` */
export const run: Subcommand = (finish: Finish): AnyCommand =>
  new Command("run")
    .description("run a script, such as one that .save made, until nothing is left to do")
    .argument("<script>", "a TypeScript or JavaScript file")
    .argument("[args...]", "for the script, in Deno.args")
    .option("--json", "one JSON object a line: what show() and check() say, and errors")
    .option("-q, --quiet", "no count of the checks at the end")
    .passThroughOptions()
    .option(
      "--mock <name=recording>",
      "without the device: a recording plays the other side of the link that the variable <name> holds; may be given again",
      parseMock,
    )
    .option(
      "--ignore <pattern>",
      "with --mock: what may differ in a line of text, such as a time",
      parsePattern,
    )
    .option("--record <file>", "write what passes on all links of the script to a file")
    .option("--force", "with --record: overwrite a file that exists")
    .action(async (script, args, flags) => finish(await runScript(script, args, flags)));

/** The options of `parley run`. */
interface RunFlags extends PrintFlags {
  readonly mock?: readonly MockFlag[];
  readonly ignore?: RegExp;
  readonly record?: string;
  readonly force?: true;
}

async function runScript(script: string, args: string[], flags: RunFlags): Promise<number | undefined> {
  const file = pathToFileURL(resolve(script));
  try {
    await Deno.stat(file);
  } catch {
    throw new CommandLineError(`Cannot run "${script}": no such file in ${Deno.cwd()}`);
  }
  Object.defineProperty(Deno, "args", { value: Object.freeze([...args]), configurable: true });
  const how = { json: flags.json, mask: reportScript(flags) };
  globalThis.addEventListener("parley:fail", (event) => onFail(event, how.mask));
  globalThis.addEventListener("unhandledrejection", (event) => {
    event.preventDefault();
    Deno.exit(explain(event.reason, how));
  });
  globalThis.addEventListener("error", (event) => {
    event.preventDefault();
    Deno.exit(explain(event.error, how));
  });
  const mocks = await lookOn(file, flags, how);
  try {
    await import(file.href);
  } catch (error) {
    const code = explainWithPlace(error, file.href, how);
    return mocks?.finish(code) ?? code;
  }
  return undefined; // the program ends by itself when no link, timer or anything else keeps it going
}

/** Has recordings stand in for devices, and records. @throws {CommandLineError} */
async function lookOn(file: URL, flags: RunFlags, how: ExplainOptions): Promise<RunMocks | undefined> {
  if (flags.ignore !== undefined && flags.mock === undefined) {
    throw new CommandLineError(
      "Cannot use --ignore without --mock: it is for what a script says to a recording",
    );
  }
  if (flags.force !== undefined && flags.record === undefined) {
    throw new CommandLineError("Cannot use --force without --record: it is for a file that is written");
  }
  if (flags.mock !== undefined && flags.record !== undefined) {
    throw new CommandLineError(
      "Cannot use --record with --mock: what passes then is what was recorded before",
    );
  }
  if (flags.mock === undefined && flags.record === undefined) return undefined;
  const links = await scriptLinks(await Deno.readTextFile(file));
  if (flags.record !== undefined) {
    await recordScript(flags.record, links, { overwrite: flags.force === true });
  }
  if (flags.mock === undefined) return undefined;
  const mocks = await RunMocks.start(flags.mock, links, { ignore: flags.ignore, how });
  globalThis.addEventListener("beforeunload", () => Deno.exitCode = mocks.finish(Deno.exitCode));
  return mocks;
}

/** Failures in callbacks of a script that has no `onFail` must not be lost. */
function onFail(event: Event, mask: (text: string) => string): void {
  const { error } = (event as CustomEvent<{ error: Error }>).detail;
  Deno.stderr.writeSync(new TextEncoder().encode(`${mask(showError(error, false))}\n`));
}

function explainWithPlace(error: unknown, href: string, how: ExplainOptions): number {
  const code = explain(error, how);
  if (how.json) return code;
  const frame = String((error as { stack?: unknown } | null)?.stack ?? "").split("\n").find((line) =>
    line.includes(href)
  );
  if (frame !== undefined) {
    Deno.stderr.writeSync(new TextEncoder().encode(`${frame.replace(href, href.split("/").at(-1)!)}\n`));
  }
  return code;
}
