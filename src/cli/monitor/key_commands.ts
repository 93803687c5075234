import { ParleyError, SerialClient } from "../../../mod.ts";
import { lineLevels } from "../../console/line_levels.ts";
import { STAMP_KINDS } from "../../show/stamps.ts";
import type { TerminalMonitor } from "./terminal_monitor.ts";

/** What a key behind Ctrl-T does. */
interface KeyCommand {
  readonly key: string;
  readonly about: string;
  run(monitor: TerminalMonitor): void | Promise<void>;
}

/** Does what the key behind Ctrl-T means. */
export function runKey(key: string, monitor: TerminalMonitor): void {
  const command = COMMANDS.find((each) => each.key === key.toLowerCase());
  if (command === undefined) return monitor.answer("No such key: Ctrl-T ? shows all of them");
  Promise.resolve(command.run(monitor)).catch((error) => {
    if (!(error instanceof ParleyError)) throw error;
    monitor.answer(error.message);
  });
}

const COMMANDS: readonly KeyCommand[] = Object.freeze([
  { key: "q", about: "quit", run: (monitor: TerminalMonitor) => monitor.quit() },
  {
    key: "b",
    about: "send a break",
    async run(monitor: TerminalMonitor) {
      const port = serialOf(monitor);
      if (port === undefined) return;
      await port.sendBreak();
      monitor.answer("break sent");
    },
  },
  { key: "d", about: "DTR on or off", run: (monitor: TerminalMonitor) => toggle(monitor, "dtr") },
  { key: "r", about: "RTS on or off", run: (monitor: TerminalMonitor) => toggle(monitor, "rts") },
  {
    key: "l",
    about: "modem lines",
    async run(monitor: TerminalMonitor) {
      const port = serialOf(monitor);
      if (port === undefined) return;
      const levels = Object.entries(await port.getSignals());
      monitor.answer(levels.map(([name, on]) => `${name.toUpperCase()} ${on ? "on" : "off"}`).join(", "));
    },
  },
  {
    key: "e",
    about: "local echo on or off",
    run(monitor: TerminalMonitor) {
      monitor.change({ echo: !monitor.view.options.echo });
      monitor.answer(`local echo ${monitor.view.options.echo ? "on" : "off"}`);
    },
  },
  {
    key: "h",
    about: "hexadecimal or text",
    run(monitor: TerminalMonitor) {
      monitor.change({ hex: !monitor.view.options.hex });
      monitor.answer(monitor.view.options.hex ? "hexadecimal" : "text");
    },
  },
  {
    key: "t",
    about: "next kind of timestamps",
    run(monitor: TerminalMonitor) {
      const kinds = [undefined, ...STAMP_KINDS];
      const next = kinds[(kinds.indexOf(monitor.view.options.stamps) + 1) % kinds.length];
      monitor.change({ stamps: next });
      monitor.answer(next === undefined ? "no timestamps" : `timestamps: ${next}`);
    },
  },
  { key: "s", about: "statistics", run: (monitor: TerminalMonitor) => monitor.answer(statistics(monitor)) },
  { key: "c", about: "clear the screen", run: (monitor: TerminalMonitor) => monitor.clear() },
  { key: "?", about: "this list", run: (monitor: TerminalMonitor) => monitor.answer(list()) },
]);

function list(): string {
  const rows = COMMANDS.map(({ key, about }) => `Ctrl-T ${key}       ${about}`);
  return [...rows, "Ctrl-T Ctrl-T  send Ctrl-T itself"].join("\n");
}

function statistics({ client, losses }: TerminalMonitor): string {
  const { bytesIn, bytesOut } = client.counts;
  const count = (bytes: number) => bytes.toLocaleString("en-US");
  const since = client.openedAt === undefined ? "" : `, open for ${age(Date.now() - client.openedAt)}`;
  const lost = losses === 0 ? "" : `, lost ${losses === 1 ? "once" : `${losses} times`}`;
  return `${client.address} ${client.state}${since}: ${count(bytesIn)} B in, ${count(bytesOut)} B out${lost}`;
}

function age(ms: number): string {
  const seconds = Math.floor(ms / 1000);
  return seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}

/** Nobody can ask which level our own lines have: until it was changed, it is as the driver sets it, which is on. */
async function toggle(monitor: TerminalMonitor, name: "dtr" | "rts"): Promise<void> {
  const port = serialOf(monitor);
  if (port === undefined) return;
  const on = port.settings[name] === false;
  await port.setSignals({ [name]: on });
  monitor.answer(`${name.toUpperCase()} ${on ? "on" : "off"}${await lineLevels(port)}`);
}

function serialOf(monitor: TerminalMonitor): SerialClient | undefined {
  const { client } = monitor;
  if (client instanceof SerialClient) return client;
  monitor.answer(`${client.address} has no such lines: it is no serial port`);
  return undefined;
}
