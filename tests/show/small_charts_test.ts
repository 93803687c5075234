import assert from "node:assert/strict";
import { shortCount } from "../../src/show/count.ts";
import { histogram } from "../../src/show/histogram.ts";
import { quantile } from "../../src/show/quantile.ts";
import { sparkline } from "../../src/show/sparkline.ts";

Deno.test("a sparkline has a bar for each number, none for nothing, and never none for something", () => {
  assert.equal(sparkline([0, 1, 2, 3, 4, 5, 6, 7, 8]), " ▁▂▃▄▅▆▇█");
  assert.equal(sparkline([0.001, 1000]), "▁█");
  assert.equal(sparkline([1, 2], 8), "▁▂");
  assert.equal(sparkline([20], 8), "█");
  assert.equal(sparkline([NaN, -1, Infinity]), "   ");
  assert.equal(sparkline([]), "");
});

Deno.test("a histogram has a line for each size, those between included, and its bars are to scale", () => {
  const show = (value: number) => `${value} ms`;
  assert.deepEqual(histogram([0.5, 0.7, 0.9, 0.99, 1, 1.5, 3, 40, 40], { show, columns: 8 }), [
    "0.5 ms -  1 ms  ████████ 4",
    "  1 ms -  2 ms  ████ 2",
    "  2 ms -  5 ms  ██ 1",
    "  5 ms - 10 ms",
    " 10 ms - 20 ms",
    " 20 ms - 50 ms  ████ 2",
  ]);
  assert.deepEqual(histogram([2, 5, 10, 0.001], { show, columns: 1 }).filter((line) => line.includes("█")), [
    "0.001 ms - 0.002 ms  █ 1",
    "    2 ms -     5 ms  █ 1",
    "    5 ms -    10 ms  █ 1",
    "   10 ms -    20 ms  █ 1",
  ]);
  assert.deepEqual(histogram([0, 0], { show }), [`1 ms - 2 ms  ${"█".repeat(40)} 2`]);
  assert.deepEqual(histogram([], { show }), []);
});

Deno.test("a bar of a thousandth is seen", () => {
  const values = [...Array.from({ length: 1000 }, () => 1), 2];
  assert.match(histogram(values, { show: String, columns: 10 })[1], /▏ 1$/);
});

Deno.test("quantiles are values that occur, but for the median between two", () => {
  assert.equal(quantile([3, 1, 2], 0.5), 2);
  assert.equal(quantile([4, 1, 2, 3], 0.5), 2.5);
  assert.equal(quantile(Array.from({ length: 200 }, (_, index) => index + 1), 0.99), 198);
  assert.deepEqual([quantile([7, 5], 0), quantile([7, 5], 1), quantile([], 0.5)], [5, 7, NaN]);
});

Deno.test("counts are short", () => {
  const cases: [number, string][] = [
    [0, "0"],
    [7, "7"],
    [0.25, "0.3"],
    [9.96, "10"],
    [999, "999"],
    [999.9, "1k"],
    [1234, "1.2k"],
    [20_000, "20k"],
    [3_450_000, "3.5M"],
    [1e10, "10G"],
  ];
  for (const [value, text] of cases) assert.equal(shortCount(value), text);
});
