import assert from "node:assert/strict";
import { commonPrefix, listCandidates } from "../../../src/console/terminal/completion.ts";

Deno.test("commonPrefix finds what all candidates begin with, never half a character", () => {
  assert.equal(commonPrefix([]), "");
  assert.equal(commonPrefix(["send"]), "send");
  assert.equal(commonPrefix(["send", "sendFile", "sent"]), "sen");
  assert.equal(commonPrefix(["😀", "😁"]), "");
});

Deno.test("listCandidates fills columns from top to bottom", () => {
  assert.equal(listCandidates(["a", "bb", "ccc", "d", "e"], 12), "a    d\nbb   e\nccc");
  assert.equal(listCandidates(["温度", "ab"], 12), "温度  ab");
});

Deno.test("listCandidates counts what does not fit into 20 rows", () => {
  const candidates = Array.from({ length: 5000 }, (_, index) => `candidate ${index}`);
  const rows = listCandidates(candidates, 40).split("\n");
  assert.equal(rows.length, 21);
  assert.equal(rows[20], "… 4,960 more");
});

Deno.test("listCandidates shows the control characters of a candidate", () => {
  assert.equal(listCandidates(["\x1b[2J", "x"], 8), "\\x1b[2J\nx");
});
