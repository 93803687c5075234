import assert from "node:assert/strict";
import { LineBudget } from "../../../src/console/share/line_budget.ts";

Deno.test("LineBudget grants 1,000 lines in each second that begins with its first line", () => {
  const budget = new LineBudget();
  assert.equal(budget.take(600, 5000), 600);
  assert.equal(budget.take(600, 5400), 400);
  assert.equal(budget.take(1, 5999), 0);
  assert.equal(budget.leftMs(5400), 600);
  assert.equal(budget.take(2000, 6000), 1000);
  assert.equal(budget.leftMs(9000), 0);
});
