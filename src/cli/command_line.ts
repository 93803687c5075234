import { Command, Option } from "@commander-js/extra-typings";
import { dialects, type LinkOptions } from "../../mod.ts";
import { CommandLineError } from "./failure.ts";

/** The options that all subcommands with a link share. */
export interface LinkFlags {
  dialect: string;
  timeout?: number;
  json?: true;
  quiet?: true;
}

/** A subcommand with the shared options. */
// deno-lint-ignore explicit-module-boundary-types -- commander infers the option types, which cannot be written down
export function linkCommand(name: string, about: string) {
  const names = Object.entries(dialects).map(([dialect, { about }]) => `${dialect} (${about})`).join(", ");
  return new Command(name)
    .description(about)
    .addOption(
      new Option("-d, --dialect <name>", `wire language: ${names}`).choices(Object.keys(dialects)).default(
        "native",
      ),
    )
    .option(
      "-t, --timeout <time>",
      "how long to wait, such as 500ms, 2s or 1m (a number is milliseconds)",
      parseTime,
    )
    .option("--json", "one JSON object a line")
    .option("-q, --quiet", "nothing on stderr but errors");
}

/** The library's options for the shared flags. */
export function linkOptions({ dialect, timeout }: LinkFlags): LinkOptions {
  return {
    dialect: dialect as keyof typeof dialects,
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

/** A time in milliseconds. @throws {CommandLineError} */
export function parseTime(text: string): number {
  const match = /^(\d+(?:\.\d+)?)\s*(ms|s|m|min)?$/.exec(text.trim());
  const ms = match === null ? NaN : Math.round(Number(match[1]) * (UNITS[match[2] ?? "ms"]));
  if (!(ms > 0)) throw new CommandLineError(`Cannot use "${text}" as a time: 500ms, 2s or 1m is wanted`);
  return ms;
}

const UNITS: Readonly<Record<string, number>> = Object.freeze({ ms: 1, s: 1000, m: 60_000, min: 60_000 });
