import { parseArgs } from "node:util";

/** How the fuzzer is run. */
export interface FuzzOptions {
  /** Inputs of each target. Default 1,000,000. */
  readonly inputs: number;
  /** Where the random numbers begin. Default 1. */
  readonly seed: number;
  /** Names of the targets to run; empty for all. */
  readonly targets: readonly string[];
  /** Runs the input of this index alone, and shows it. */
  readonly only?: number;
}

/** How it is called. */
export const USAGE = "Usage: deno task fuzz [--inputs N] [--seed S] [--target NAME]... [--only INDEX]";

/**
 * Reads the command line.
 *
 * @param known The names that `--target` may take.
 * @throws {TypeError} an unknown option or target, or `--only` without a single target. @throws {RangeError} a
 *   number that is not whole or out of its range.
 */
export function parseOptions(args: readonly string[], known: readonly string[]): FuzzOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      inputs: { type: "string", default: "1000000" },
      seed: { type: "string", default: "1" },
      target: { type: "string", multiple: true, default: [] },
      only: { type: "string" },
    },
  });
  for (const name of values.target) {
    if (known.includes(name)) continue;
    throw new TypeError(`Unknown target "${name}": the targets are ${known.join(", ")}`);
  }
  if (values.only !== undefined && values.target.length !== 1) {
    throw new TypeError("--only wants exactly one --target, since each has an input of that index");
  }
  return {
    inputs: whole("--inputs", values.inputs, 1),
    seed: whole("--seed", values.seed, 0),
    targets: values.target,
    only: values.only === undefined ? undefined : whole("--only", values.only, 0),
  };
}

function whole(option: string, text: string, least: number): number {
  const number = Number(text);
  if (text.trim() !== "" && Number.isInteger(number) && number >= least && number <= MOST) return number;
  throw new RangeError(
    `Cannot use "${text}" as ${option}: a whole number from ${least} to ${MOST} is wanted`,
  );
}

const MOST = 2 ** 31 - 1;
