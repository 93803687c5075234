import assert from "node:assert/strict";
import { Fields } from "../../../src/web/page/fields.ts";
import { joined, Series } from "../../../src/web/page/series.ts";
import { said } from "./said.ts";

function series(...points: [number, number][]): Series {
  const made = new Series();
  for (const [time, value] of points) made.push(time, value);
  return made;
}

Deno.test("Several series share one axis of time", () => {
  const [times, a, b] = joined([series([1, 10], [3, 30]), series([2, 200], [3, 300])], -Infinity);
  assert.deepEqual(times, [1, 2, 3]);
  assert.deepEqual(a, [10, null, 30]);
  assert.deepEqual(b, [null, 200, 300]);
  assert.deepEqual(joined([series([1, 10], [3, 30])], 2), [[3], [30]]);
  assert.deepEqual(joined([series([1, 10])], 5), [[], []]);
});

Deno.test("Times ascend, whatever the clock does", () => {
  const made = series([5, 1], [4, 2], [6, 3]);
  assert.deepEqual(made.times, [5, 5, 6]);
  assert.deepEqual(joined([made], -Infinity), [[5, 6], [2, 3]]);
});

Deno.test("A series is bounded, covers all the time there was, and has its latest values whole", () => {
  const made = new Series();
  for (let at = 0; at < 200_000; at++) made.push(at / 1000, Math.sin(at));
  assert.ok(made.length >= 1500 && made.length < 7000, `${made.length}`);
  assert.equal(made.latest, Math.sin(199_999));
  assert.deepEqual(made.values.slice(-1500), Array.from({ length: 1500 }, (_, at) => Math.sin(198_500 + at)));
  assert.ok(made.times[0] < 1, "from the beginning");
  assert.ok(made.times.every((time, at) => at === 0 || time >= made.times[at - 1]));
  assert.equal(joined([made], -Infinity)[0].length, made.length);
  const gap = Math.max(...made.times.map((time, at) => at === 0 ? 0 : time - made.times[at - 1]));
  assert.ok(gap < 0.5, `and without a gap: ${gap}`);
});

Deno.test("A peak among a million values is still there in the end", () => {
  const made = new Series();
  for (let at = 0; at < 1_000_000; at++) made.push(at / 100, at === 1234 ? 99 : at === 5678 ? -99 : 0);
  assert.ok(made.length < 7000);
  assert.deepEqual([Math.max(...made.values), Math.min(...made.values)], [99, -99]);
  assert.equal(made.times[made.values.indexOf(99)], 12.34);
});

Deno.test("A number is a field of its link, peer, direction and path, and there are not endlessly many", () => {
  const fields = new Fields();
  fields.add(said({ value: { a: 1, b: 2 }, at: 1000 }));
  fields.add(said({ value: { a: 3 }, at: 2000 }));
  fields.add(said({ value: { a: 3 }, direction: "out" }));
  fields.add(said({ value: { a: 3 }, peer: "tcp://127.0.0.1:1" }));
  assert.deepEqual(fields.all.map(({ path, series }) => [path, series.length]), [
    ["a", 2],
    ["b", 1],
    ["a", 1],
    ["a", 1],
  ]);
  assert.deepEqual(fields.all[0].series.times, [1, 2]);
  for (let link = 0; link < 300; link++) fields.add(said({ link, value: 1 }));
  assert.equal(fields.all.length, 200);
  assert.ok(fields.hasMore);
});
