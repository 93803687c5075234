/**
 * Tells whether the simulation finds bugs: plants one at a time into a copy of the library and runs seeds until one
 * fails. `deno run -A tests/simulation/planted/main.ts [--seeds 1000] [--only NAME]`. Ends with 1 when more than one of twenty
 * was not caught.
 *
 * @module
 */
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { PLANTED_BUGS } from "./bugs.ts";
import { plant, type PlantedBug } from "./planted_bug.ts";

const ROOT = fileURLToPath(new URL("../../../", import.meta.url));
/** What a run of the simulation needs. */
const COPIED = ["src", "tests/simulation", "mod.ts", "deno.json", "deno.lock"];

/** Of twenty bugs one may be missed: some show only in a corner of a corner. */
const MISSED_SHARE = 1 / 20;
/** A bug may make a seed go round for ever, without an event that could be counted. */
const LONGEST_HUNT_MS = 300_000;

if (import.meta.main) Deno.exit(await main(Deno.args));

async function main(args: string[]): Promise<number> {
  const { values } = parseArgs({
    args,
    options: {
      seeds: { type: "string", default: "1000" },
      only: { type: "string", multiple: true, default: [] },
    },
  });
  const chosen = PLANTED_BUGS.filter(({ name }) => values.only.length === 0 || values.only.includes(name));
  if (chosen.length === 0) {
    say(`No planted bug is called so: they are ${PLANTED_BUGS.map(({ name }) => name).join(", ")}`);
    return 2;
  }
  let missed = 0;
  for (const bug of chosen) {
    const caught = await hunt(bug, Number(values.seeds));
    if (!caught) missed++;
  }
  say(`${chosen.length - missed} of ${chosen.length} planted bugs were caught within ${values.seeds} seeds`);
  return missed > chosen.length * MISSED_SHARE ? 1 : 0;
}

/** True when a seed fails. Without the bug all of them pass, as the tests see to. */
async function hunt(bug: PlantedBug, seeds: number): Promise<boolean> {
  const copy = Deno.makeTempDirSync({ prefix: "parley-planted-" });
  try {
    for (const path of COPIED) copyInto(copy, path);
    const file = join(copy, bug.file);
    Deno.writeTextFileSync(file, plant(bug, Deno.readTextFileSync(file)));
    const startedAt = performance.now();
    const { code, signal, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
      args: ["run", "-A", "--no-prompt", "tests/simulation/main.ts", "--seeds", String(seeds)],
      cwd: copy,
      signal: AbortSignal.timeout(LONGEST_HUNT_MS),
    }).output();
    const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
    const lines = new TextDecoder().decode(stdout).split("\n");
    if (signal !== null) {
      say(`caught ${bug.name}: a seed never ends (${seconds} s)`);
      return true;
    }
    const failed = lines.findIndex((line) => line.includes(": FAILED"));
    if (failed === -1) {
      const why = code === 0 ? "" : `: it did not run: ${new TextDecoder().decode(stderr).slice(0, 400)}`;
      say(`NOT CAUGHT ${bug.name} (${seconds} s)${why}`);
      return false;
    }
    const seed = /seed (\d+)/.exec(lines[failed])![1];
    say(`caught ${bug.name} by seed ${seed} (${seconds} s): ${lines[failed + 1].trim().slice(0, 140)}`);
    return true;
  } finally {
    Deno.removeSync(copy, { recursive: true });
  }
}

function copyInto(copy: string, path: string): void {
  const from = join(ROOT, path);
  if (Deno.statSync(from).isFile) return Deno.copyFileSync(from, join(copy, path));
  Deno.mkdirSync(join(copy, path), { recursive: true });
  for (const entry of Deno.readDirSync(from)) copyInto(copy, `${path}/${entry.name}`);
}

function say(text: string): void {
  Deno.stdout.writeSync(new TextEncoder().encode(`${text}\n`));
}
