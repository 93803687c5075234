// deno-lint-ignore-file no-console
/**
 * The repository's own checks, run by `deno task check`: each prints what is wrong, and the run fails if any does.
 */
import { checkLayers } from "./layers.ts";
import { checkPurity } from "./purity.ts";
import { checkReference } from "./reference.ts";
import { checkVersion } from "./version.ts";

const checks: Readonly<Record<string, () => Promise<string[]>>> = {
  "who imports whom": checkLayers,
  "pure files are pure": checkPurity,
  "one version": checkVersion,
  "the console's help is what the doc comments say": checkReference,
};

let failed = false;
for (const [name, check] of Object.entries(checks)) {
  const problems = await check();
  console.log(`${problems.length === 0 ? "ok  " : "FAIL"} ${name}`);
  for (const problem of problems) console.log(`     ${problem}`);
  failed ||= problems.length > 0;
}
Deno.exit(failed ? 1 : 0);
