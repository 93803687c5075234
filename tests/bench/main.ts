/**
 * Measures the library beside the hand-written limit of the same runtime and beside its peers (`ws`, NATS, zeromq, serialport),
 * in one run: `deno task bench [ROW]... [--rounds N] [--quick]`. Prints Markdown; a whole run of all rows also writes
 * `results.md`. Trust the ratios inside one table: absolute numbers move with the machine and its other work.
 *
 * @module
 */
import { fileURLToPath } from "node:url";
import { type BenchOptions, parseOptions, USAGE } from "./options.ts";
import { Preparations } from "./prepare.ts";
import { reportRow } from "./report.ts";
import { runRow } from "./run_row.ts";
import { rows } from "./table.ts";

if (import.meta.main) Deno.exit(await main());

async function main(): Promise<number> {
  let options: BenchOptions;
  try {
    options = parseOptions(Deno.args, rows.map((row) => row.name));
  } catch (error) {
    say(`${error instanceof Error ? error.message : error}\n${USAGE}\n`, Deno.stderr);
    return 2;
  }
  const chosen = rows.filter((row) => options.rows.length === 0 || options.rows.includes(row.name));
  const head = heading(options);
  say(head);
  const reports: string[] = [];
  let failed = false;
  await using preparations = new Preparations();
  for (const row of chosen) {
    const result = await runRow(row, options, preparations);
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

function heading({ rounds, measureMs }: BenchOptions): string {
  const { os, arch } = Deno.build;
  const day = new Date().toISOString().slice(0, 10);
  const turns = `${rounds} ${rounds === 1 ? "round" : "rounds"} of ${measureMs} ms`;
  return `# Bench of ${day}\n\nDeno ${Deno.version.deno}, ${os} ${arch}, ${navigator.hardwareConcurrency} cores; ` +
    `each side in a process of its own; median of ${turns}. File transfer is not measured.\n\n`;
}

function say(text: string, to: { writeSync(bytes: Uint8Array): number } = Deno.stdout): void {
  to.writeSync(new TextEncoder().encode(text));
}
