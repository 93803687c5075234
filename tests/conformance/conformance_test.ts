import assert from "node:assert/strict";
import { runCase } from "./run_case.ts";
import { SessionSide } from "./session_side.ts";
import { casesOf, FILES } from "./table.ts";

/** One mistake may fail every case of a file. */
const MOST_SHOWN = 10;

for (const file of FILES) {
  Deno.test(`native keeps to the conformance table: ${file}`, () => {
    const problems: string[] = [];
    for (const one of casesOf(file)) {
      for (const arrival of ["whole", "byte by byte"] as const) {
        const problem = runCase(one, new SessionSide(one), arrival);
        if (problem !== undefined) problems.push(problem);
      }
    }
    const shown = problems.slice(0, MOST_SHOWN).join("\n");
    assert.equal(problems.length, 0, `${problems.length} runs differ\n${shown}`);
  });
}
