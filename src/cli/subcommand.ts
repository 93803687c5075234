import type { Command } from "@commander-js/extra-typings";

/**
 * Makes one subcommand; `finish` is told the exit code when it is done, or `undefined` when the program is to go on
 * until nothing is left to do.
 */
// deno-lint-ignore no-explicit-any -- commander's types differ with every option
export type Subcommand = (finish: (exitCode: number | undefined) => void) => Command<any, any, any>;
