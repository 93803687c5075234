import { Command, Option } from "@commander-js/extra-typings";
import { dialects, type LinkOptions, type SerialOptions } from "../../mod.ts";
import { dialectOption } from "./dialect_flags.ts";
import { parseTime } from "./parse_time.ts";
import { type SerialFlags, serialOptions, serialSettings } from "./serial_flags.ts";

/** The options that all subcommands with a link share. */
export interface LinkFlags extends SerialFlags {
  dialect?: string;
  newline?: string;
  option?: LinkOptions;
  timeout?: number;
  json?: true;
  quiet?: true;
}

/**
 * The options that say how to talk to what is at an address; a profile may hold each of them.
 *
 * @param dialect What is spoken when nothing is said, for the help.
 */
// deno-lint-ignore explicit-module-boundary-types -- commander infers the option types, which cannot be written down
export function linkSettings(dialect = "native; on serial ports lines") {
  const names = Object.entries(dialects).map(([each, { about }]) => `${each} (${about})`).join(", ");
  return [
    new Option("-d, --dialect <name>", `wire language (default: ${dialect}): ${names}`)
      .choices(Object.keys(dialects)),
    new Option("--newline <end>", "lines: what ends a line that is sent (default: lf)")
      .choices(Object.keys(NEWLINES)),
    dialectOption(),
    ...serialOptions(),
    new Option(
      "-t, --timeout <time>",
      "how long to wait, such as 500ms, 2s or 1m (a number is milliseconds)",
    ).argParser(parseTime),
  ] as const;
}

/** `--retry` */
// deno-lint-ignore explicit-module-boundary-types -- as above
export const retryOption = () =>
  new Option(
    "--retry <time>",
    "go on trying to connect for so long, such as 30s, when the other side is not there yet",
  ).argParser(parseTime);

/** A subcommand with the shared options. @param dialect As of `linkSettings`. */
// deno-lint-ignore explicit-module-boundary-types -- as above
export function linkCommand(name: string, about: string, dialect?: string) {
  const [dialectName, newline, option, baud, line, flow, byteDelay, lineDelay, timeout] = linkSettings(
    dialect,
  );
  return new Command(name)
    .description(about)
    .addOption(dialectName)
    .addOption(newline)
    .addOption(option)
    .addOption(baud)
    .addOption(line)
    .addOption(flow)
    .addOption(byteDelay)
    .addOption(lineDelay)
    .addOption(timeout)
    .option("--json", "one JSON object a line")
    .option("-q, --quiet", "nothing on stderr but errors");
}

/**
 * The library's options for the shared flags.
 *
 * @throws {CommandLineError} flags for serial ports with another address.
 */
export function linkOptions(address: string, flags: LinkFlags): LinkOptions & SerialOptions {
  const { dialect, newline, timeout } = flags;
  return {
    ...serialSettings(address, flags),
    ...(dialect !== undefined && { dialect: dialect as keyof typeof dialects }),
    ...flags.option,
    ...(newline !== undefined && { newline: NEWLINES[newline] }),
    limits: timeout === undefined ? {} : {
      connectMs: timeout,
      handshakeMs: timeout,
      askMs: timeout,
      requestMs: timeout,
      ackMs: timeout,
      sendMs: timeout,
    },
  };
}

const NEWLINES: Readonly<Record<string, LinkOptions["newline"]>> = Object.freeze({
  lf: "\n",
  cr: "\r",
  crlf: "\r\n",
});
