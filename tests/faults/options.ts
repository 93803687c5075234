import { parseArgs } from "node:util";

/** How `deno task faults` is run. */
export interface FaultOptions {
  /** What is measured. Default `faults`; `--resume`, `--storm`, `--half-open`, `--serial` and `--pace` choose another. */
  readonly figure: "faults" | "resume" | "storm" | "half-open" | "serial" | "pace";
  /** After how long no more faults begin. Default 60. */
  readonly seconds: number;
  /** How many faults at most. Default 10,000. */
  readonly faults: number;
  /** Equal seeds make equal choices. Default 1. */
  readonly seed: number;
  /** What lies between clients and servers. Default `tcp`. */
  readonly line: "tcp" | "serial";
  /** Client processes, or with `--storm` clients in one process. Default 8, on
   * serial lines 3; or 1000. */
  readonly clients: number;
  /** Operations that each client has under way. Default 64. */
  readonly inFlight: number;
  /** How often `--resume` cuts, how many links `--half-open` makes, or how often `--serial` unplugs.
   * Default 100, 20 or 50. */
  readonly rounds: number;
}

/** How it is called. */
export const USAGE =
  "Usage: deno task faults [--seconds N] [--faults N] [--seed N] [--clients N] [--in-flight N]\n" +
  "                        [--line tcp|serial]\n" +
  "       deno task faults --resume [--rounds N] [--seed N]\n" +
  "       deno task faults --storm [--clients N]\n" +
  "       deno task faults --half-open [--rounds N] [--seed N]\n" +
  "       deno task faults --serial [--rounds N] [--seed N]\n" +
  "       deno task faults --pace";

/**
 * Reads the command line.
 *
 * @throws {TypeError} an unknown option. @throws {RangeError} a value that is no whole number from 1.
 */
export function parseOptions(args: readonly string[]): FaultOptions {
  const number = { type: "string" } as const;
  const { values } = parseArgs({
    args: [...args],
    options: {
      resume: { type: "boolean", default: false },
      storm: { type: "boolean", default: false },
      "half-open": { type: "boolean", default: false },
      serial: { type: "boolean", default: false },
      pace: { type: "boolean", default: false },
      line: { type: "string", default: "tcp" },
      seconds: number,
      faults: number,
      seed: number,
      clients: number,
      "in-flight": number,
      rounds: number,
    },
  });
  const whole = (
    name: Exclude<keyof typeof values, "resume" | "storm" | "half-open" | "serial" | "pace" | "line">,
    fallback: number,
  ): number => {
    const value = values[name] === undefined ? fallback : Number(values[name]);
    if (Number.isInteger(value) && value >= 1) return value;
    throw new RangeError(`Cannot use "${values[name]}" as --${name}: a whole number from 1 is wanted`);
  };
  const { line } = values;
  if (line !== "tcp" && line !== "serial") {
    throw new RangeError(`Cannot use "${line}" as --line: tcp or serial is wanted`);
  }
  return {
    line,
    figure: (["half-open", "serial", "pace", "storm", "resume"] as const).find((name) => values[name]) ??
      "faults",
    seconds: whole("seconds", 60),
    faults: whole("faults", 10_000),
    seed: whole("seed", 1),
    clients: whole("clients", values.storm ? 1000 : line === "serial" ? 3 : 8),
    inFlight: whole("in-flight", 64),
    rounds: whole("rounds", values["half-open"] ? 20 : values.serial ? 50 : 100),
  };
}
