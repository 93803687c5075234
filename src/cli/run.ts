import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { Command } from "@commander-js/extra-typings";
import { showError } from "../show/error.ts";
import { CommandLineError, explain } from "./failure.ts";
import type { AnyCommand, Finish, Subcommand } from "./subcommand.ts";

/** `parley run` */
export const run: Subcommand = (finish: Finish): AnyCommand =>
  new Command("run")
    .description("run a script, such as one that .save made, until nothing is left to do")
    .argument("<script>", "a TypeScript or JavaScript file")
    .argument("[args...]", "for the script, in Deno.args")
    .passThroughOptions()
    .action(async (script, args) => finish(await runScript(script, args)));

async function runScript(script: string, args: string[]): Promise<number | undefined> {
  const file = pathToFileURL(resolve(script));
  try {
    await Deno.stat(file);
  } catch {
    throw new CommandLineError(`Cannot run "${script}": no such file in ${Deno.cwd()}`);
  }
  Object.defineProperty(Deno, "args", { value: Object.freeze([...args]), configurable: true });
  globalThis.addEventListener("parley:fail", onFail);
  globalThis.addEventListener("unhandledrejection", (event) => {
    event.preventDefault();
    Deno.exit(explain(event.reason));
  });
  globalThis.addEventListener("error", (event) => {
    event.preventDefault();
    Deno.exit(explain(event.error));
  });
  try {
    await import(file.href);
  } catch (error) {
    return explainWithPlace(error, file.href);
  }
  return undefined; // the program ends by itself when no link, timer or anything else keeps it going
}

/** Failures in callbacks of a script that has no `onFail` must not be lost. */
function onFail(event: Event): void {
  const { error } = (event as CustomEvent<{ error: Error }>).detail;
  Deno.stderr.writeSync(new TextEncoder().encode(`${showError(error, false)}\n`));
}

function explainWithPlace(error: unknown, href: string): number {
  const code = explain(error);
  const frame = String((error as { stack?: unknown } | null)?.stack ?? "").split("\n").find((line) =>
    line.includes(href)
  );
  if (frame !== undefined) {
    Deno.stderr.writeSync(new TextEncoder().encode(`${frame.replace(href, href.split("/").at(-1)!)}\n`));
  }
  return code;
}
