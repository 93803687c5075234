import { Command, InvalidArgumentError } from "@commander-js/extra-typings";
import { runPiped } from "./monitor/piped_monitor.ts";
import { TerminalMonitor } from "./monitor/terminal_monitor.ts";
import { parseTime } from "./parse_time.ts";
import { STAMP_KINDS, type StampKind, stampKind } from "../show/stamps.ts";
import {
  baudOption,
  byteDelayOption,
  flowOption,
  isSerialAddress,
  lineDelayOption,
  lineOption,
  serialSettings,
} from "./serial_flags.ts";
import type { AnyCommand, Finish, Subcommand } from "./subcommand.ts";

/** `parley monitor` */
export const monitor: Subcommand = (finish: Finish): AnyCommand =>
  new Command("monitor")
    .description(
      "type to a device and see what it sends, byte by byte; in a pipe: send stdin, print what comes",
    )
    .argument("<address>", "such as serial:/dev/ttyUSB0, serial:auto or tcp://192.168.1.99:5025")
    .addOption(baudOption())
    .addOption(lineOption())
    .addOption(flowOption())
    .addOption(byteDelayOption())
    .addOption(lineDelayOption())
    .option("-x, --hex", "rows of hexadecimal and ASCII, received (<) and sent (>)")
    .option(
      "--timestamps [kind]",
      `a stamp and a mark on each line, received (<) and sent (>): ${STAMP_KINDS.join(", ")}`,
      parseStamps,
    )
    .option("-e, --echo", "show what is sent as well")
    .option("--ansi", "let colours (SGR sequences) of the device through, and nothing else")
    .option(
      "--enter <keys>",
      "what Enter sends: cr, lf or crlf (default: cr; lf unless a serial port)",
      parseEnter,
    )
    .option("--log <file>", "append what comes to a file, as it is")
    .option("--once", "end when the link ends; otherwise the device is waited for")
    .option("--follow", "in a pipe: go on when the input has ended, and when the link is lost")
    .option(
      "-t, --timeout <time>",
      "in a pipe: how long to wait for more at the end (default: 1s)",
      parseTime,
    )
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
        quietMs: flags.timeout ?? QUIET_MS,
        quiet: flags.quiet === true,
      };
      const isTerminal = Deno.stdin.isTerminal() && Deno.stdout.isTerminal();
      finish(isTerminal ? await new TerminalMonitor(options).run() : await runPiped(options));
    });

function parseStamps(text: string): StampKind {
  const found = stampKind(text);
  if (found !== undefined) return found;
  const isAddress = text.includes(":");
  throw new InvalidArgumentError(
    `There are ${STAMP_KINDS.join(", ")}${isAddress ? "; the address stands before it" : ""}.`,
  );
}

function parseEnter(text: string): Uint8Array {
  if (Object.hasOwn(ENTER_KEYS, text)) return ENTER_KEYS[text as keyof typeof ENTER_KEYS];
  throw new InvalidArgumentError("There are cr, lf and crlf.");
}

const ENTER_KEYS = Object.freeze({
  cr: Uint8Array.of(13),
  lf: Uint8Array.of(10),
  crlf: Uint8Array.of(13, 10),
});

/** In a pipe, the wait for more when the input has ended, in milliseconds. */
const QUIET_MS = 1000;

const HELP = `
At a terminal every key is for the device, Ctrl-C too; Ctrl-T q quits, Ctrl-T ? shows what else there is.

Examples:
  parley monitor serial:/dev/ttyUSB0 --baud 9600 --timestamps
  parley monitor serial:id:FT232R --line 7E1 --log boot.log
  printf 'AT\\r' | parley monitor serial:auto --timeout 300ms`;
