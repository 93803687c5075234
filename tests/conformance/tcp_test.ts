import assert from "node:assert/strict";
import { isBlackBox } from "./black_box.ts";
import { casesOf, FILES } from "./table.ts";
import { runOverTcp } from "./tcp_case.ts";

/** One mistake may fail every case of a file. */
const MOST_SHOWN = 10;

for (const file of FILES) {
  Deno.test(`listen and connect keep to the conformance table over TCP: ${file}`, async () => {
    const problems: string[] = [];
    for (const one of casesOf(file).filter(isBlackBox)) {
      const problem = await runOverTcp(one);
      if (problem !== undefined) problems.push(problem);
    }
    const shown = problems.slice(0, MOST_SHOWN).join("\n");
    assert.equal(problems.length, 0, `${problems.length} cases differ\n${shown}`);
  });
}
