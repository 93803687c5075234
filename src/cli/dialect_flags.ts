// deno-lint-ignore-file explicit-module-boundary-types -- commander infers the option types, which cannot be written down
import { Option } from "@commander-js/extra-typings";
import { dialects, type LinkOptions } from "../../mod.ts";
import { suggestionOrAll } from "../suggestion.ts";
import { CommandLineError } from "./failure.ts";

/** `--option`, which may be given several times. */
export const dialectOption = () =>
  new Option(
    "-o, --option <name=value>",
    `an option of the dialect, may be given again: ${optionNames().join(", ")}`,
  )
    .argParser((text, before: LinkOptions | undefined): LinkOptions => ({ ...before, ...parseOption(text) }));

/**
 * One option of a dialect as the shell has it. `true`, `false` and numbers are what they look like; anything else is
 * text. What it has to be, the library checks.
 *
 * @throws {CommandLineError} no dialect has an option of that name.
 */
function parseOption(text: string): LinkOptions {
  const at = text.indexOf("=");
  const name = at === -1 ? text : text.slice(0, at);
  const names = optionNames();
  if (!names.includes(name)) {
    const near = suggestionOrAll(name, names);
    throw new CommandLineError(`Unknown option of a dialect "${name}" in --option ${text}${near}`);
  }
  if (at === -1) return { [name]: true };
  const value = text.slice(at + 1);
  return { [name]: /^(true|false|-?\d+)$/.test(value) ? JSON.parse(value) : value };
}

/** The options that the shell has a flag of its own for are left out. */
function optionNames(): string[] {
  const names = Object.values(dialects).flatMap(({ options = {} }) => Object.keys(options));
  return [...new Set(names)].filter((name) => name !== "newline");
}
