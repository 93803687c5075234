import { escapeText } from "../../show/escape.ts";
import { CommandLineError } from "../failure.ts";
import { configPath } from "./config_path.ts";
import { ProfileFile } from "./profile_file.ts";

/** Where the profiles of this user are, if they are anywhere. */
export function profilePath(): string | undefined {
  return configPath({ env: (name) => Deno.env.get(name), isWindows: Deno.build.os === "windows" });
}

/**
 * Reads the profiles of this user; `undefined` when there is no such file.
 *
 * @throws {CommandLineError} it cannot be read, or is wrong.
 */
export async function readProfiles(): Promise<ProfileFile | undefined> {
  const path = profilePath();
  if (path === undefined) return undefined;
  try {
    return new ProfileFile(path, await Deno.readTextFile(path));
  } catch (error) {
    if (error instanceof CommandLineError) throw error;
    const isNamed = Boolean(Deno.env.get("PARLEY_CONFIG"));
    if (error instanceof Deno.errors.NotFound && !isNamed) return undefined;
    const next = isNamed ? "; PARLEY_CONFIG names it" : "";
    throw new CommandLineError(escapeText(`Cannot read the profiles "${path}": ${reasonOf(error)}${next}`));
  }
}

/** In the words of a person. */
function reasonOf(error: unknown): string {
  if (error instanceof Deno.errors.NotFound) return "there is no such file";
  if (error instanceof Deno.errors.IsADirectory) return "that is a folder";
  if (error instanceof Deno.errors.PermissionDenied) return "you may not read it; chmod u+r gives leave";
  return (error as Error).message;
}
