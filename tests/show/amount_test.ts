import assert from "node:assert/strict";
import { showAmount } from "../../src/show/amount.ts";

Deno.test("showAmount gives three digits at most, and never 1000 of a unit", () => {
  const cases: [number, string][] = [
    [0, "0 B"],
    [999, "999 B"],
    [1000, "1.0 kB"],
    [1549, "1.5 kB"],
    [9949, "9.9 kB"],
    [9950, "10 kB"],
    [411_600, "412 kB"],
    [999_499, "999 kB"],
    [999_500, "1.0 MB"],
    [2_100_000_000, "2.1 GB"],
    [5e15, "5000 TB"],
  ];
  for (const [bytes, text] of cases) assert.equal(showAmount(bytes), text);
});
