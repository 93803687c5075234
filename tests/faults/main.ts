/**
 * Breaks real links between real processes under load and counts what was lost, doubled or left pending:
 * `deno task faults [--seconds N] [--faults N] [--seed N] [--line serial]`. With `--resume` it measures how long a cut with 1000
 * requests in flight lasts, with `--storm` how clients come back to a server that was killed, with `--half-open` how long a
 * link may be dead before that is noticed, with `--serial` noise and unplugging on a serial line, with `--pace` what such a line carries at its rates. Exit code 1 when a
 * promise was broken.
 *
 * @module
 */
import { measureHalfOpen } from "./half_open_figure.ts";
import { type FaultOptions, parseOptions, USAGE } from "./options.ts";
import { isKept, reportRun } from "./report.ts";
import { measurePace } from "./pace_figure.ts";
import { measureResume } from "./resume_figure.ts";
import { run } from "./run.ts";
import { measureSerial } from "./serial_figure.ts";
import { measureStorm } from "./storm_figure.ts";

const FIGURES = Object.freeze({
  "resume": measureResume,
  "storm": measureStorm,
  "half-open": measureHalfOpen,
  "serial": measureSerial,
  "pace": measurePace,
});

if (import.meta.main) Deno.exit(await main());

async function main(): Promise<number> {
  let options: FaultOptions;
  try {
    options = parseOptions(Deno.args);
  } catch (error) {
    say(`${error instanceof Error ? error.message : error}\n${USAGE}\n`, Deno.stderr);
    return 2;
  }
  if (options.figure === "faults") {
    const start = performance.now();
    const outcome = await run(options);
    say(reportRun(outcome, (performance.now() - start) / 1000));
    if (!isKept(outcome)) say(`Again: deno task faults ${Deno.args.join(" ")}\n`, Deno.stderr);
    return isKept(outcome) ? 0 : 1;
  }
  const figure = await FIGURES[options.figure](options);
  say(`${figure.lines.join("\n")}\n`);
  return figure.isKept ? 0 : 1;
}

function say(text: string, to: { writeSync(bytes: Uint8Array): number } = Deno.stdout): void {
  to.writeSync(new TextEncoder().encode(text));
}
