import type { Shell } from "../shell.ts";

/** One dot-command of the console. */
export interface Command {
  /** How it is called, without the dot. */
  readonly name: string;
  /** Its arguments as help shows them; empty when it has none. A `file` in it makes Tab complete the names of files. */
  readonly usage: string;
  /** One line for `.help`. */
  readonly about: string;
  /** What `.help <name>` shows below that line: details, and an example that runs. */
  readonly help: string;
  /** True when names and members can stand behind it, as in code: Tab completes them. Default false. */
  readonly takesNames?: boolean;
  /** What may be written behind the name and these words, for Tab; nothing by default. */
  words?(before: readonly string[], shell: Shell): readonly string[];
  /**
   * Does it.
   *
   * @param text What was written behind the name, without space around it.
   * @throws {CommandError} it cannot be done; the message says why and what to do.
   */
  run(text: string, shell: Shell): void | Promise<void>;
}

/** A command that cannot be done. Shown as one line. */
export class CommandError extends Error {
  override readonly name = "CommandError";
}
