/**
 * Runs the simulation over many seeds: `deno task sim --seeds N [--from S]`, or looks at one: `--seed S [--trace]`.
 * Ends with 1 when a seed fails, and prints the one command that repeats it.
 *
 * @module
 */
import { parseArgs } from "node:util";
import { type SimResult, simulate } from "./simulate.ts";

if (import.meta.main) Deno.exit(await main(Deno.args));

async function main(args: string[]): Promise<number> {
  const { values } = parseArgs({
    args,
    options: {
      seeds: { type: "string", default: "1000" },
      from: { type: "string", default: "1" },
      seed: { type: "string" },
      trace: { type: "boolean", default: false },
      "keep-going": { type: "boolean", default: false },
    },
  });
  if (values.seed !== undefined) return await runOne(Number(values.seed), values.trace);
  return await runMany(Number(values.from), Number(values.seeds), values["keep-going"]);
}

async function runOne(seed: number, keepTrace: boolean): Promise<number> {
  const result = await simulate(seed, { keepTrace });
  for (const line of result.trace ?? []) say(line);
  report(result);
  return result.ok ? 0 : 1;
}

async function runMany(from: number, count: number, keepGoing: boolean): Promise<number> {
  const startedAt = performance.now();
  const sum = { seeds: 0, failed: 0, events: 0, faults: 0, operations: 0, succeeded: 0, virtualMs: 0 };
  for (let seed = from; seed < from + count; seed++) {
    const result = await simulate(seed);
    sum.seeds++;
    sum.events += result.events;
    sum.faults += faultsOf(result);
    sum.operations += result.operations;
    sum.succeeded += result.succeeded;
    sum.virtualMs += result.virtualMs;
    if (result.ok) continue;
    sum.failed++;
    report(result);
    if (!keepGoing) break;
  }
  const seconds = (performance.now() - startedAt) / 1000;
  const mean = (total: number) => (total / sum.seeds).toFixed(0);
  say(
    `${sum.seeds} seeds, ${sum.failed} failed; a seed has on average ${mean(sum.events)} events, ` +
      `${mean(sum.faults)} faults, ${mean(sum.operations)} calls of which ${mean(sum.succeeded)} succeed, ` +
      `${mean(sum.virtualMs / 1000)} virtual s`,
  );
  say(`${seconds.toFixed(1)} s, ${(sum.seeds / seconds).toFixed(0)} seeds/s`);
  return sum.failed === 0 ? 0 : 1;
}

function faultsOf({ faults }: SimResult): number {
  return [...faults.values()].reduce((total, times) => total + times, 0);
}

function report(result: SimResult): void {
  const { seed, ok, problems, traceHash, events, faults } = result;
  const which = [...faults].map(([name, times]) => `${times} ${name}`).join(", ");
  say(`seed ${seed}: ${ok ? "ok" : "FAILED"}, trace ${traceHash}, ${events} events, faults: ${which}`);
  for (const problem of problems) say(`  ${problem}`);
  if (!ok) say(`  again: deno task sim --seed ${seed} --trace`);
}

function say(text: string): void {
  Deno.stdout.writeSync(new TextEncoder().encode(`${text}\n`));
}
