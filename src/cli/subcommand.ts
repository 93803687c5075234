import type { Command } from "@commander-js/extra-typings";

/**
 * Tells the exit code when a subcommand is done, or `undefined` when the program is to go on until nothing is left
 * to do.
 */
export type Finish = (exitCode: number | undefined) => void;

/** A command of any arguments and options. */
// deno-lint-ignore no-explicit-any -- commander's types differ with every option
export type AnyCommand = Command<any, any, any>;

/** Makes one subcommand. An argument named `address` may be the name of a profile. */
export type Subcommand = (finish: Finish) => AnyCommand;

/** What is known of a subcommand before its file is loaded. */
export interface SubcommandEntry {
  readonly name: string;
  /** The heading it stands under in `parley --help`; those of one group stand together. */
  readonly group: string;
  /** Its arguments, for the overview. */
  readonly usage: string;
  /** A few words, for the overview. */
  readonly about: string;
  /** Loads its file: a one-shot loads its own only, and is there sooner. */
  load(): Promise<Subcommand>;
}
