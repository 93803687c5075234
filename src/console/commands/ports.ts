import { describePort } from "../../../mod.ts";
import { PortBoard } from "../port_board.ts";
import type { Shell } from "../shell.ts";
import { type Command, CommandError } from "./command.ts";

/** `.ports` */
export const ports: Command = {
  name: "ports",
  usage: "[watch on|off]",
  about: "ports and who has them",
  help:
    `A table that changes while it is looked at: bytes in and out of the links that have a port, the modem lines, and
which other programs have it ("used by"). Any key ends it, and it stays as it is then. The newest is last. Any of the names opens a port: serial("/dev/ttyUSB0"), serial("id:FT232R"),
serial("usb:0403:6001"), and serial("auto") when there is only one, or to be asked.
After .ports watch on a line tells of each device that comes or goes, until .ports watch off.
Example:
  .ports watch on`,
  words: (before) => before.length === 0 ? ["watch"] : before.length === 1 ? ["on", "off"] : [],
  async run(text, shell) {
    const match = /^(?:watch(?:\s+(\S+))?)?$/.exec(text);
    if (match === null || !["on", "off", undefined].includes(match[1])) {
      throw new CommandError(`Cannot do ".ports ${text}": nothing, "watch on" or "watch off" is wanted`);
    }
    if (text === "") return await showTable(shell);
    const { portWatch, print } = shell;
    const isOn = match[1] === undefined ? !portWatch.isOn : match[1] === "on";
    if (!isOn) portWatch.stop();
    else if (!portWatch.isOn) {
      const there = await portWatch.start();
      if (there.length > 0) print(there.map((port) => `  ${describePort(port)}`).join("\n"));
    }
    print(
      isOn
        ? "Serial ports are told as they come (+) and go (-); .ports watch off ends that."
        : "Serial ports are not told.",
    );
  },
};

async function showTable({ book, print, showLive }: Shell): Promise<void> {
  const board = new PortBoard(book);
  if (showLive === undefined) {
    await board.look();
    return print(board.lines().join("\n"));
  }
  try {
    await board.begin();
    await showLive(board);
  } finally {
    board.end();
  }
}
