/**
 * Feeds everything that reads what strangers send with noise, with valid streams that were changed, and with bombs:
 * `deno task fuzz [--inputs N] [--seed S] [--target NAME]... [--only INDEX]`. Equal seeds give equal inputs. Exit
 * code 0: no rule was broken; 1: some were, each with the command that feeds its input again; 2: usage.
 *
 * @module
 */
import { caseRandom } from "./case_random.ts";
import { type FuzzOptions, parseOptions, USAGE } from "./options.ts";
import { passed, reportRun } from "./report.ts";
import { runTarget } from "./run.ts";
import { targets } from "./table.ts";
import type { Target } from "./target.ts";
import { Watchdog } from "./watchdog.ts";

/** A reader that takes longer than this over one input holds up all other links. */
const MAX_INPUT_MS = 50;

if (import.meta.main) Deno.exit(await main());

async function main(): Promise<number> {
  let options: FuzzOptions;
  try {
    options = parseOptions(Deno.args, targets.map((target) => target.name));
  } catch (error) {
    say(`${error instanceof Error ? error.message : error}\n${USAGE}\n`, Deno.stderr);
    return 2;
  }
  const chosen = targets.filter(({ name }) => options.targets.length === 0 || options.targets.includes(name));
  using watchdog = await Watchdog.start();
  let failed = false;
  for (const target of chosen) {
    if (options.only !== undefined) say(`${describe(target, options.seed, options.only)}\n`);
    watchdog.watch({ target: target.name, seed: options.seed });
    const result = runTarget(target, {
      ...options,
      maxMs: MAX_INPUT_MS,
      onInput: (index) => watchdog.touch(index),
      memory,
    });
    failed ||= !passed(result);
    say(reportRun(result, options.seed));
  }
  return failed ? 1 : 0;
}

function describe(target: Target, seed: number, index: number): string {
  return target.make(caseRandom(seed, target.name, index)).show();
}

/**
 * What the process holds, in bytes, once it has given back what it can: `--v8-flags=--expose-gc` allows to ask for
 * that, and an ordinary collection would keep the room that the largest input has needed.
 */
function memory(): number {
  const { gc } = globalThis as { gc?: (how: Record<string, string>) => void };
  gc?.({ type: "major", execution: "sync", flavor: "last-resort" });
  return Deno.memoryUsage().rss;
}

function say(text: string, to: { writeSync(bytes: Uint8Array): number } = Deno.stdout): void {
  to.writeSync(new TextEncoder().encode(text));
}
