/**
 * Measures the library beside the hand-written limit of the same runtime and beside `ws`, in one run:
 * `deno task bench [--row NAME]... [--rounds N] [--quick]`. Prints Markdown; a whole run of all rows also writes
 * `results.md`. Trust the ratios inside one table: absolute numbers move with the machine and its other work.
 *
 * @module
 */
import { fileURLToPath } from "node:url";
import { parseOptions, USAGE } from "./options.ts";
import { reportRow, type RowResult } from "./report.ts";
import type { Measured, Row } from "./row.ts";
import { rows } from "./table.ts";
import { runTurn } from "./turn.ts";

if (import.meta.main) Deno.exit(await main());

async function main(): Promise<number> {
  let options: ReturnType<typeof parseOptions>;
  try {
    options = parseOptions(Deno.args, rows.map((row) => row.name));
  } catch (error) {
    say(`${error instanceof Error ? error.message : error}\n${USAGE}\n`, Deno.stderr);
    return 2;
  }
  const chosen = rows.filter((row) => options.rows.length === 0 || options.rows.includes(row.name));
  const head = heading(options.rounds, options.measureMs);
  say(head);
  const reports: string[] = [];
  let failed = false;
  for (const row of chosen) {
    const result = await runRow(row, options.rounds, options);
    failed ||= result.failures.size > 0;
    reports.push(reportRow(result));
    say(`${reports.at(-1)}\n`);
  }
  if (chosen.length === rows.length && !options.quick) {
    const results = new URL("./results.md", import.meta.url);
    Deno.writeTextFileSync(results, `${head}${reports.join("\n")}`);
    // As the formatter of this repository wants it, so that a new run never fails its check.
    new Deno.Command(Deno.execPath(), { args: ["fmt", "--quiet", fileURLToPath(results)] }).outputSync();
  }
  return failed ? 1 : 0;
}

/** All turns of a row, A B C A B C: what disturbs the machine for a while disturbs all contestants alike. */
async function runRow(
  row: Row,
  rounds: number,
  times: { warmUpMs: number; measureMs: number },
): Promise<RowResult> {
  const turns = new Map<string, Measured[]>();
  const failures = new Map<string, string>();
  const unavailable = row.unavailable?.();
  if (unavailable !== undefined) return { row, turns, failures, unavailable };
  for (let turn = 0; turn < rounds * (row.turnsPerRound ?? 1); turn++) {
    for (const entry of row.entries) {
      try {
        const measured = await runTurn(entry, times);
        turns.set(entry.name, [...turns.get(entry.name) ?? [], measured]);
      } catch (error) {
        failures.set(entry.name, error instanceof Error ? error.message : String(error));
      }
    }
  }
  return { row, turns, failures };
}

function heading(rounds: number, measureMs: number): string {
  const { os, arch } = Deno.build;
  const day = new Date().toISOString().slice(0, 10);
  const turns = `${rounds} ${rounds === 1 ? "round" : "rounds"} of ${measureMs} ms`;
  return `# Bench of ${day}\n\nDeno ${Deno.version.deno}, ${os} ${arch}, ${navigator.hardwareConcurrency} cores; ` +
    `each side in a process of its own; median of ${turns}.\n\n`;
}

function say(text: string, to: { writeSync(bytes: Uint8Array): number } = Deno.stdout): void {
  to.writeSync(new TextEncoder().encode(text));
}
