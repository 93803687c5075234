import assert from "node:assert/strict";
import { after, before, distance, isAfter } from "../../../src/dialect/native/seq.ts";

const LAST = 0xffff_ffff;

Deno.test("seq counts from 1 to 2^32 - 1, and then from 1 again: 0 is no number", () => {
  assert.deepEqual([after(0), after(1), after(LAST - 1), after(LAST)], [1, 2, LAST, 1]);
  assert.deepEqual([before(2), before(1)], [1, 0]);
});

Deno.test("seq tells which of two came later, over the end too", () => {
  const cases: [seq: number, from: number, later: boolean][] = [
    [1, 0, true],
    [0, 0, false],
    [5, 5, false],
    [6, 5, true],
    [5, 6, false],
    [1, LAST, true],
    [LAST, 1, false],
    [100, LAST - 100, true],
    [LAST - 100, 100, false],
    [0x7fff_ffff, 0, true],
  ];
  for (const [seq, from, later] of cases) assert.equal(isAfter(seq, from), later, `${seq} after ${from}`);
});

Deno.test("seq counts the steps between two, over the end too", () => {
  assert.deepEqual([distance(0, 5), distance(5, 5), distance(LAST, 1), distance(LAST - 1, 2)], [5, 0, 1, 3]);
  let seq = LAST - 3;
  for (let steps = 0; steps < 8; steps++, seq = after(seq)) assert.equal(distance(LAST - 3, seq), steps);
});
