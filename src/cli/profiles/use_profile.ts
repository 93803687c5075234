import { escapeText } from "../../show/escape.ts";
import { CommandLineError } from "../failure.ts";
import type { AnyCommand } from "../subcommand.ts";
import { readProfile } from "./profile_keys.ts";
import { profilePath, readProfiles } from "./read_profiles.ts";

/**
 * Puts the address of a profile in the place of its name, and what it says in the place of flags that were not given.
 * What the subcommand has no flag for is of no meaning to it.
 *
 * @throws {CommandLineError} it is no address and no profile, or the profile is wrong.
 */
export async function useProfile(command: AnyCommand, place: number): Promise<void> {
  const name = String(command.processedArgs[place]);
  const file = await readProfiles();
  if (!file?.names.includes(name) && isPortName(name)) return; // the library says what is wrong with it as an address
  if (file === undefined) throw noSuchFile(name);
  const profile = readProfile(file, name);
  command.processedArgs[place] = profile.address;
  for (const [attribute, value] of Object.entries(profile.values)) {
    if (!command.options.some((option) => option.attributeName() === attribute)) continue;
    const given = command.getOptionValue(attribute);
    if (given === undefined) command.setOptionValueWithSource(attribute, value, "config");
    else if (attribute === "option") command.setOptionValue(attribute, { ...value as object, ...given });
  }
}

/** Nobody has written a profile yet: it is a slip in an address, or the name of one that is on another machine. */
function noSuchFile(name: string): CommandLineError {
  const path = profilePath();
  const where = path === undefined ? "there are none here" : `there is no ${path}`;
  return new CommandLineError(escapeText(
    `"${name}" is no address such as tcp://192.168.1.99:5025, and no profile: ${where}; parley profiles --help shows how to write one`,
  ));
}

/** What is meant as a serial port: the library says how to write it. */
function isPortName(text: string): boolean {
  return /^(COM\d+|tty[A-Z]\w*|cu\..*|auto)$/.test(text);
}
