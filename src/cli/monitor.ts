import { Command, InvalidArgumentError } from "@commander-js/extra-typings";
import { untilEnded } from "./ending.ts";
import { runPiped } from "./monitor/piped_monitor.ts";
import { TerminalMonitor } from "./monitor/terminal_monitor.ts";
import { ENTER_KEYS, enterOption } from "./monitor_flags.ts";
import { parseCount } from "./parse_count.ts";
import { parseTime } from "./parse_time.ts";
import { Pattern } from "./pattern.ts";
import { STAMP_KINDS, type StampKind, stampKind } from "../show/stamps.ts";
import { isSerialAddress, serialOptions, serialSettings } from "./serial_flags.ts";
import type { AnyCommand, Finish, Subcommand } from "./subcommand.ts";

/** `parley monitor` */
export const monitor: Subcommand = (finish: Finish): AnyCommand => {
  const [baud, line, flow, byteDelay, lineDelay] = serialOptions();
  return new Command("monitor")
    .description(
      "type to a device and see what it sends, byte by byte; in a pipe: send stdin, print what comes",
    )
    .argument(
      "<address>",
      "such as serial:/dev/ttyUSB0, serial:auto or tcp://192.168.1.99:5025, or a profile",
    )
    .addOption(baud)
    .addOption(line)
    .addOption(flow)
    .addOption(byteDelay)
    .addOption(lineDelay)
    .option("-x, --hex", "rows of hexadecimal and ASCII, received (<) and sent (>)")
    .option(
      "--timestamps [kind]",
      `a stamp and a mark on each line, received (<) and sent (>): ${STAMP_KINDS.join(", ")}`,
      parseStamps,
    )
    .option("-e, --echo", "show what is sent as well")
    .option("--ansi", "let colours (SGR sequences) of the device through, and nothing else")
    .addOption(enterOption())
    .option("--log <file>", "append what comes to a file, as it is")
    .option("--once", "end when the link ends; otherwise the device is waited for")
    .option("--follow", "in a pipe: go on when the input has ended, and when the link is lost")
    .option("-n, --count <lines>", "end after so many lines", parseCount("--count"))
    .option(
      "-u, --until <text>",
      "end after a line with this text, or /regex/, in it",
      (text) => new Pattern(text),
    )
    .option(
      "-t, --timeout <time>",
      "the longest wait for --count or --until; without them, in a pipe: how long to wait for more at the end (default: 1s)",
      parseTime,
    )
    .option("--json", "one JSON object a line; no keys")
    .option("-q, --quiet", "no notes")
    .addHelpText("after", HELP)
    .action(async (address, flags) => {
      const options = {
        address,
        settings: serialSettings(address, flags),
        hex: flags.hex === true,
        stamps: flags.timestamps === true ? "clock" as const : flags.timestamps,
        echo: flags.echo === true,
        colours: flags.ansi === true,
        enter: flags.enter ?? (isSerialAddress(address) ? ENTER_KEYS.cr : ENTER_KEYS.lf),
        log: flags.log,
        once: flags.once === true,
        follow: flags.follow === true,
        until: flags.until,
        count: flags.count,
        timeoutMs: flags.timeout,
        json: flags.json === true,
        quiet: flags.quiet === true || flags.json === true,
      };
      const isTerminal = Deno.stdin.isTerminal() && Deno.stdout.isTerminal() && !options.json;
      finish(
        isTerminal
          ? await new TerminalMonitor(options).run()
          : await untilEnded((ending) => runPiped(options, ending)),
      );
    });
};

function parseStamps(text: string): StampKind {
  const found = stampKind(text);
  if (found !== undefined) return found;
  const isAddress = text.includes(":");
  throw new InvalidArgumentError(
    `There are ${STAMP_KINDS.join(", ")}${isAddress ? "; the address stands before it" : ""}.`,
  );
}

const HELP = `
At a terminal every key is for the device, Ctrl-C too; Ctrl-T q quits, Ctrl-T ? shows what else there is.
In a pipe it ends when the input has ended and the device was quiet for a while; with --count or --until when they are
reached (exit code 0) or --timeout (default: 30s) has passed (4); with --follow not before Ctrl-C.

Examples:
  parley monitor serial:/dev/ttyUSB0 --baud 9600 --timestamps
  parley monitor serial:id:FT232R --line 7E1 --log boot.log
  printf 'AT\\r' | parley monitor serial:auto --timeout 300ms
  parley monitor serial:/dev/ttyUSB0 --until 'login: ' --timeout 60s --log boot.log </dev/null`;
