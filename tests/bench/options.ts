import { parseArgs } from "node:util";

/** How the bench is run. */
export interface BenchOptions {
  /** Turns of each contestant. Default 3, the least that a median is worth; 1 with `--quick`. */
  readonly rounds: number;
  /** Names of the rows to run; empty for all. */
  readonly rows: readonly string[];
  /** One short round: to see that everything runs, not to compare numbers. */
  readonly quick: boolean;
  /** Warm-up of one turn, in milliseconds. Default 400. */
  readonly warmUpMs: number;
  /** Counted time of one turn, in milliseconds. Default 600. */
  readonly measureMs: number;
}

/** How it is called. */
export const USAGE = `Usage: deno task bench [ROW]... [--rounds N] [--quick]`;

/**
 * Reads the command line.
 *
 * @param known The names of all rows.
 * @throws {TypeError} an unknown option or row. @throws {RangeError} `--rounds` is no whole number from 1 to 99.
 */
export function parseOptions(args: readonly string[], known: readonly string[]): BenchOptions {
  const { values, positionals } = parseArgs({
    args: [...args],
    options: {
      rounds: { type: "string" },
      row: { type: "string", multiple: true, default: [] }, // the same, for those who know it from before
      quick: { type: "boolean", default: false },
    },
    allowPositionals: true,
  });
  const chosen = [...positionals, ...values.row];
  for (const name of chosen) {
    if (known.includes(name)) continue;
    throw new TypeError(`Unknown row "${name}": the rows are ${known.join(", ")}`);
  }
  const rounds = values.rounds === undefined ? (values.quick ? 1 : 3) : Number(values.rounds);
  if (!Number.isInteger(rounds) || rounds < 1 || rounds > 99) {
    throw new RangeError(`Cannot run "${values.rounds}" rounds: a whole number from 1 to 99 is wanted`);
  }
  const times = values.quick ? { warmUpMs: 100, measureMs: 100 } : { warmUpMs: 400, measureMs: 600 };
  return { rounds, rows: chosen, quick: values.quick, ...times };
}
