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
    if (error instanceof Deno.errors.NotFound && !Deno.env.get("PARLEY_CONFIG")) return undefined;
    throw new CommandLineError(`Cannot read the profiles "${path}": ${(error as Error).message}`);
  }
}
