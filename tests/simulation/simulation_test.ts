import assert from "node:assert/strict";
import { PLANTED_BUGS } from "./planted/bugs.ts";
import { plant } from "./planted/planted_bug.ts";
import { simulate } from "./simulate.ts";

/** As many as take about 15 s; `deno task sim --seeds N` runs more. */
const SEEDS = 400;

Deno.test("nothing that must never happen happens, whatever goes wrong", async () => {
  for (let seed = 1; seed <= SEEDS; seed++) {
    const { problems } = await simulate(seed);
    assert.deepEqual(problems, [], `again: deno task sim --seed ${seed} --trace`);
  }
});

Deno.test("the same seed gives the same trace", async () => {
  const first = await simulate(7, { keepTrace: true });
  const second = await simulate(7, { keepTrace: true });
  assert.equal(second.traceHash, first.traceHash);
  assert.deepEqual(second.trace, first.trace);
});

Deno.test("another seed gives another trace", async () => {
  const [first, second] = [await simulate(7), await simulate(8)];
  assert.notEqual(second.traceHash, first.traceHash);
});

Deno.test("a run is long and full of faults", async () => {
  let events = 0;
  let faults = 0;
  for (let seed = 1; seed <= 20; seed++) {
    const result = await simulate(seed);
    events += result.events;
    for (const times of result.faults.values()) faults += times;
  }
  assert(events >= 20 * 2_000, `${events / 20} events`);
  assert(faults >= 20 * 20, `${faults / 20} faults`);
});

Deno.test("every bug to plant has its place in the library", () => {
  const root = new URL("../../", import.meta.url);
  for (const bug of PLANTED_BUGS) {
    const text = Deno.readTextFileSync(new URL(bug.file, root));
    assert.notEqual(plant(bug, text), text);
  }
  assert.equal(new Set(PLANTED_BUGS.map(({ name }) => name)).size, PLANTED_BUGS.length);
});
