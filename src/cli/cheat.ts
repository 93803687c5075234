import { Command } from "@commander-js/extra-typings";
import { ExitCode } from "../console/exit_code.ts";
import { jsonText } from "../console/json_text.ts";
import { suggestionOrAll } from "../suggestion.ts";
import { page, sheetsAbout } from "./cheat/sheet.ts";
import { sheets } from "./cheat/table.ts";
import { CommandLineError } from "./failure.ts";
import { printData } from "./printer.ts";
import type { AnyCommand, Finish, Subcommand } from "./subcommand.ts";

/** `parley cheat` */
export const cheat: Subcommand = (finish: Finish): AnyCommand =>
  new Command("cheat")
    .description("examples by task")
    .argument("[task]", `one of ${sheets.map(({ name }) => name).join(", ")}; or a word to look for`)
    .option("--json", "one JSON object a line")
    .action((task, flags) => {
      const found = task === undefined ? [...sheets] : sheetsAbout(sheets, task);
      if (found.length === 0) {
        const names = sheets.map(({ name }) => name);
        throw new CommandLineError(
          `No example has "${task}" in it${suggestionOrAll(task!, names)}`,
        );
      }
      if (!flags.json) printData(`${page(found)}\n`);
      else {
        const rows = found.flatMap(({ name, examples }) => examples.map((each) => ({ task: name, ...each })));
        for (const row of rows) printData(`${jsonText(row)}\n`);
      }
      finish(ExitCode.OK);
    });
