import { Command } from "@commander-js/extra-typings";
import { describePort, listPorts } from "../../mod.ts";
import { ExitCode } from "../console/exit_code.ts";
import { jsonText } from "../console/json_text.ts";
import { portTable } from "../console/port_table.ts";
import { type PortChange, PortWatch } from "../console/port_watch.ts";
import { showError } from "../show/error.ts";
import { escapeText } from "../show/escape.ts";
import { type Ending, untilEnded } from "./ending.ts";
import { note, printData, type PrintFlags } from "./printer.ts";
import type { AnyCommand, Finish, Subcommand } from "./subcommand.ts";

/** `parley ports` */
export const ports: Subcommand = (finish: Finish): AnyCommand =>
  new Command("ports")
    .description("list the serial ports of this machine, the newest last, and which programs have them open")
    .option("-w, --watch", "tell of each port that is there (+), comes (+) or goes (-), until Ctrl-C")
    .option("--json", "one JSON object a line")
    .option("-q, --quiet", "nothing on stderr but errors")
    .action(async (flags) => {
      if (flags.watch) return finish(await untilEnded((ending) => watchPorts(flags, ending)));
      const found = await listPorts({ holders: true });
      if (found.length === 0) note("No serial port is there.", flags);
      else if (flags.json) { for (const port of found) print(jsonText(port)); }
      else print(portTable(found.map((port) => ({ port }))));
      finish(ExitCode.OK);
    });

async function watchPorts(flags: PrintFlags, ending: Ending): Promise<number> {
  const failed = Promise.withResolvers<never>();
  const tell = ({ sign, port }: PortChange) => {
    const time = new Date().toISOString();
    try {
      print(
        flags.json
          ? jsonText({ time, event: sign === "+" ? "added" : "removed", port })
          : `${sign} ${escapeText(describePort(port))}`,
      );
    } catch (error) {
      failed.reject(error); // nobody reads it any more
    }
  };
  const watch = new PortWatch({
    onChange: tell,
    onFail: (error) => note(`! ${showError(error, false)}`, flags),
  });
  try {
    const there = await watch.start();
    for (const port of there) tell({ sign: "+", port });
    if (there.length === 0) note("No serial port is there; waiting for one. Ctrl-C ends this.", flags);
    return await ending.race(failed.promise);
  } finally {
    watch.stop();
  }
}

function print(line: string): void {
  printData(`${line}\n`);
}
