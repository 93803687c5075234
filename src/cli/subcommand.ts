import type { Command } from "@commander-js/extra-typings";

/**
 * Tells the exit code when a subcommand is done, or `undefined` when the program is to go on until nothing is left
 * to do.
 */
export type Finish = (exitCode: number | undefined) => void;

/** A command of any arguments and options. */
// deno-lint-ignore no-explicit-any -- commander's types differ with every option
export type AnyCommand = Command<any, any, any>;

/** Makes one subcommand. */
export type Subcommand = (finish: Finish) => AnyCommand;
