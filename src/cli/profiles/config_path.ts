import { join } from "node:path";

/** What is asked about the system. */
export interface Surroundings {
  /** A variable of the environment. */
  env(name: string): string | undefined;
  /** True on Windows. */
  readonly isWindows: boolean;
}

/**
 * Where the profiles are: `$PARLEY_CONFIG`, otherwise `parley/config.toml` in the folder for settings of this system.
 * `undefined` where nothing says which that is. Pure.
 */
export function configPath({ env, isWindows }: Surroundings): string | undefined {
  const given = env("PARLEY_CONFIG");
  if (given !== undefined && given !== "") return given;
  const home = env("HOME");
  const folder = isWindows
    ? env("APPDATA")
    : env("XDG_CONFIG_HOME") || (home === undefined ? undefined : join(home, ".config"));
  return folder === undefined || folder === "" ? undefined : join(folder, "parley", "config.toml");
}
