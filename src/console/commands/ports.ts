import { describePort, describeSettings, listPorts, type PortInfo, SerialClient } from "../../../mod.ts";
import type { Link } from "../link_book.ts";
import { type PortRow, portTable } from "../port_table.ts";
import type { Shell } from "../shell.ts";
import { type Command, CommandError } from "./command.ts";

/** `.ports` */
export const ports: Command = {
  name: "ports",
  usage: "[watch on|off]",
  about: "show serial ports, and which link has them; or tell as they come and go",
  help: `The newest is last. Any of the names opens a port: serial("/dev/ttyUSB0"), serial("id:FT232R"),
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

async function showTable({ book, print }: Shell): Promise<void> {
  const users = new Map<string, string>();
  for (const link of book.links) {
    const path = pathOf(link);
    if (path !== undefined) users.set(path, use(book.nameOf(link), link));
  }
  const listed: readonly PortInfo[] = await listPorts();
  const others = [...users.keys()].filter((path) => listed.every((port) => port.path !== path));
  const all = [...listed, ...others.map((path): PortInfo => ({ path }))];
  if (all.length === 0) return print("No serial port is there.");
  const rows = all.map((port): PortRow => ({ port, note: users.get(port.path) }));
  print(portTable(rows, "link"));
}

/** The port that a link has open now. */
function pathOf(link: Link): string | undefined {
  if (link instanceof SerialClient) return link.isOpen ? link.path : undefined;
  const isOpenServer = "peers" in link && link.isListening && link.address.startsWith("serial:");
  return isOpenServer ? link.address.slice("serial:".length) : undefined;
}

function use(name: string, link: Link): string {
  const { bytesIn, bytesOut } = link.counts;
  const set = link instanceof SerialClient ? ` ${describeSettings(link.settings)}` : " (listening)";
  const count = (bytes: number) => bytes.toLocaleString("en-US");
  return `${name}${set}, ${count(bytesIn)} B in, ${count(bytesOut)} B out`;
}
