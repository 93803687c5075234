import { Command } from "@commander-js/extra-typings";
import { runConsole } from "../console/main.ts";
import type { AnyCommand, Finish, Subcommand } from "./subcommand.ts";

/** `parley console` */
export const consoleCommand: Subcommand = (finish: Finish): AnyCommand =>
  new Command("console")
    .description("a prompt at a terminal; otherwise evaluates standard input (default)")
    .option("--json", "piped input: one JSON object a line")
    .option("-q, --quiet", "no greeting; piped input: nothing on stderr but errors")
    .action(async (flags) => finish(await runConsole(flags)));
