import assert from "node:assert/strict";
import { Edits } from "../../../src/console/evaluator/edits.ts";

Deno.test("Edits.apply makes nested and neighbouring changes in their order", () => {
  const edits = new Edits();
  edits.wrap(0, 5, "<outer ", " outer>");
  edits.wrap(0, 2, "<inner ", " inner>");
  edits.wrap(3, 5, "(", ")");
  edits.replace(2, 3, "+");
  edits.insert(5, "|");
  assert.equal(edits.apply("ab cd").text, "<outer <inner ab inner>+(cd) outer>|");
});

Deno.test("Edits.replace keeps the line breaks of what it replaces, Edits.cut drops them", () => {
  const kept = new Edits();
  kept.replace(1, 4, "x");
  assert.equal(kept.apply("a\n\n\nb").text, "ax\n\n\nb");
  const dropped = new Edits();
  dropped.cut(1, 4, "x");
  assert.equal(dropped.apply("a\n\n\nb").text, "axb");
});

Deno.test("Edits.apply drops changes inside of a replaced range", () => {
  const edits = new Edits();
  edits.cut(1, 4, "-");
  edits.wrap(2, 3, "(", ")");
  assert.equal(edits.apply("abcde").text, "a-e");
});

Deno.test("Edited.originOf finds where kept text comes from", () => {
  const edits = new Edits();
  edits.insert(0, "head ");
  edits.replace(1, 3, "replacement");
  const { text, originOf } = edits.apply("abcd");
  assert.equal(text, "head areplacementd");
  assert.equal(originOf(text.indexOf("a")), 4 - 4); // the "a" of "head" is new: it stands before everything
  assert.equal(originOf(5), 0);
  assert.equal(originOf(text.length - 1), 3);
  assert.equal(originOf(text.length), 4);
});
