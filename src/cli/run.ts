import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { Command } from "@commander-js/extra-typings";
import { showError } from "../show/error.ts";
import { CommandLineError, explain, type ExplainOptions } from "./failure.ts";
import type { PrintFlags } from "./printer.ts";
import { reportScript } from "./script_output.ts";
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
    .action(async (script, args, flags) => finish(await runScript(script, args, flags)));

async function runScript(script: string, args: string[], flags: PrintFlags): Promise<number | undefined> {
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
  try {
    await import(file.href);
  } catch (error) {
    return explainWithPlace(error, file.href, how);
  }
  return undefined; // the program ends by itself when no link, timer or anything else keeps it going
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
