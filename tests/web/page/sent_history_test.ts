import assert from "node:assert/strict";
import { SentHistory } from "../../../src/web/page/sent_history.ts";

Deno.test("What was sent is had back, the latest first, and the empty box at the end", () => {
  const history = new SentHistory();
  assert.equal(history.step(-1), undefined);
  for (const content of ["a", "b", "b", ""]) history.push(content);
  assert.deepEqual([history.step(-1), history.step(-1), history.step(-1)], ["b", "a", undefined]);
  assert.deepEqual([history.step(1), history.step(1), history.step(1)], ["b", "", undefined]);
});
