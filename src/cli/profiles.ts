import { Command } from "@commander-js/extra-typings";
import { ExitCode } from "../console/exit_code.ts";
import { jsonText } from "../console/json_text.ts";
import { textTable } from "../show/text_table.ts";
import { escapeText } from "../show/escape.ts";
import { CommandLineError, explain } from "./failure.ts";
import { note, printData } from "./printer.ts";
import type { ProfileFile } from "./profiles/profile_file.ts";
import { readProfile } from "./profiles/profile_keys.ts";
import { profilePath, readProfiles } from "./profiles/read_profiles.ts";
import type { AnyCommand, Finish, Subcommand } from "./subcommand.ts";

/** `parley profiles` */
export const profiles: Subcommand = (finish: Finish): AnyCommand =>
  new Command("profiles")
    .description("list your profiles: names for addresses and how to talk there")
    .option("--json", "one JSON object a line")
    .option("-q, --quiet", "nothing on stderr but errors")
    .addHelpText("after", HELP)
    .action(async (flags) => {
      const file = await readProfiles();
      if (file === undefined || file.names.length === 0) {
        const path = profilePath() ?? "the file that PARLEY_CONFIG names";
        note(`No profiles in ${path}; parley profiles --help shows how to write one`, flags);
        return finish(ExitCode.OK);
      }
      finish(list(file, flags));
    });

/** One that is wrong is told, and does not keep the others from being listed. */
function list(file: ProfileFile, flags: { json?: true }): number {
  let code: number = ExitCode.OK;
  const rows: string[][] = [];
  for (const name of file.names) {
    try {
      const { address, description } = readProfile(file, name);
      if (flags.json) {
        printData(`${jsonText({ name, ...file.table(name), file: file.path })}\n`);
        continue;
      }
      const settings = Object.entries(file.table(name))
        .filter(([key]) => key !== "address" && key !== "description")
        .map(([key, value]) => `${key} ${typeof value === "object" ? jsonText(value) : value}`);
      rows.push([name, address, settings.join(", "), description ?? ""].map((cell) => escapeText(cell)));
    } catch (error) {
      if (!(error instanceof CommandLineError)) throw error;
      code = explain(error, flags);
    }
  }
  if (rows.length > 0) printData(`${textTable([["profile", "address", "settings", ""], ...rows])}\n`);
  return code;
}

const HELP = `
A profile is a table in $PARLEY_CONFIG, otherwise $XDG_CONFIG_HOME/parley/config.toml (~/.config/parley/config.toml; on
Windows %APPDATA%\\\\parley\\\\config.toml). Its keys are the flags of the shell; flags on the command line win:

  [bench-psu]
  address = "serial:id:KORAD"
  description = "the supply on the bench"
  baud = 9600
  newline = "crlf"
  timeout = "2s"
  option = { echo = true }

  parley ask bench-psu '*IDN?'
  parley monitor bench-psu`;
