import type { Option } from "@commander-js/extra-typings";
import { suggestion, suggestionOrAll } from "../../suggestion.ts";
import { linkSettings, retryOption } from "../command_line.ts";
import { CommandLineError } from "../failure.ts";
import { enterOption } from "../monitor_flags.ts";
import type { ProfileFile } from "./profile_file.ts";
import { isProfileName } from "./profile_name.ts";

/** A profile whose values have been read as those of the flags are. */
export interface Profile {
  readonly name: string;
  readonly address: string;
  readonly description: string | undefined;
  /** Values by the names that commander has for them. */
  readonly values: Readonly<Record<string, unknown>>;
}

/**
 * Reads a profile: besides `address` and `description` its keys are the flags of the shell, without their dashes.
 *
 * @throws {CommandLineError} there is none of that name, or something in it is wrong; with the line.
 */
export function readProfile(file: ProfileFile, name: string): Profile {
  const table = file.table(name);
  if (!isProfileName(name)) {
    const meant = name.replace(/[:/\\\s]+/g, "-") || "bench-psu";
    const why = "a name with a colon, a slash or a blank in it would be taken for an address";
    throw file.wrong(name, undefined, `${why}; write ["${meant}"]`);
  }
  const options = profileOptions();
  const values: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(table)) {
    if (TEXT_KEYS.includes(key)) {
      if (typeof value === "string" && value !== "") continue;
      throw file.wrong(name, key, `"${key}" has to be text, as in ${key} = "…"`);
    }
    const option = options.find(({ long }) => long === `--${key}`);
    if (option === undefined) {
      const known = profileKeys();
      const near = suggestionOrAll(key, known);
      throw file.wrong(name, key, `unknown key "${key}"${near}`);
    }
    values[option.attributeName()] = valueOf(option, value, (why) => file.wrong(name, key, why));
  }
  if (table.address === undefined) {
    throw file.wrong(name, undefined, `there is no address; write address = "tcp://192.168.1.99:5025"`);
  }
  const { address, description } = table as { address: string; description?: string };
  return { name, address, description, values };
}

/** All keys that a profile may have. */
export function profileKeys(): string[] {
  return [...TEXT_KEYS, ...profileOptions().map(({ long }) => long!.slice(2))];
}

function profileOptions(): Option[] {
  return [...linkSettings(), retryOption(), enterOption()] as unknown as Option[];
}

/** @throws what `wrong` makes of what the flag would say. */
function valueOf(option: Option, written: unknown, wrong: (why: string) => Error): unknown {
  const key = option.long!.slice(2);
  const isTable = typeof written === "object" && written !== null && !Array.isArray(written);
  if (key === "option") {
    if (!isTable) throw wrong(`"option" has to be a table, as in option = { echo = true }`);
    const texts = Object.entries(written).map(([name, value]) => `${name}=${value}`);
    return texts.reduce<unknown>((before, text) => parsed(option, text, before, wrong), undefined);
  }
  if (typeof written === "string" || typeof written === "number") {
    return parsed(option, String(written), undefined, wrong);
  }
  const kind = Array.isArray(written) ? "a list" : isTable ? "a table" : String(written);
  throw wrong(`"${key}" cannot be ${kind}: text or a number is wanted`);
}

function parsed(option: Option, text: string, before: unknown, wrong: (why: string) => Error): unknown {
  try {
    return (option.parseArg as (text: string, before: unknown) => unknown)?.(text, before) ?? text;
  } catch (error) {
    if (error instanceof CommandLineError) throw wrong(error.message);
    const choices = option.argChoices ?? [];
    const why = suggestion(text, choices) || ` ${(error as Error).message}`;
    throw wrong(`cannot use "${text}" as ${option.long!.slice(2)}${why.startsWith(";") ? why : `:${why}`}`);
  }
}

const TEXT_KEYS: readonly string[] = Object.freeze(["address", "description"]);
