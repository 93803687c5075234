/** The version of Parley; a check keeps it equal to the one in deno.json. */
export const VERSION = "0.1.0";

/** The name under which programs import Parley. */
export const PACKAGE_NAME = "@parley/parley";
