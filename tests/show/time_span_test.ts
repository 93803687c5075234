import assert from "node:assert/strict";
import { milliseconds, shortSpan, showAge, showSpan, waitSpan } from "../../src/show/time_span.ts";

Deno.test("showSpan counts in what a person would count in", () => {
  const cases: [number, string][] = [
    [0, "0.0 s"],
    [1_740, "1.7 s"],
    [9_949, "9.9 s"],
    [9_950, "10 s"],
    [59_499, "59 s"],
    [59_600, "1 min 0 s"],
    [245_000, "4 min 5 s"],
    [7_800_000, "2 h 10 min"],
  ];
  for (const [ms, text] of cases) assert.equal(showSpan(ms), text);
});

Deno.test("The time of an answer has a digit behind the point only where it matters", () => {
  assert.deepEqual([0.42, 9.9, 41.4, 2114].map(milliseconds), ["0.4 ms", "9.9 ms", "41 ms", "2,114 ms"]);
});

Deno.test("shortSpan fits into a column", () => {
  const shown = [0.42, 41.4, 2114, 30_000, 900_000].map(shortSpan);
  assert.deepEqual(shown, ["0.4 ms", "41 ms", "2.1 s", "30 s", "15 min"]);
});

Deno.test("A wait is told in milliseconds or in seconds", () => {
  assert.deepEqual([-3, 318.4, 2500, 75_000].map(waitSpan), ["0 ms", "318 ms", "2.5 s", "75.0 s"]);
});

Deno.test("An age is told in whole units, and never below nothing", () => {
  assert.deepEqual([-5, 59_000, 61_000, 7_800_000].map(showAge), ["0 s", "59 s", "1 min", "2 h 10 min"]);
});
