import assert from "node:assert/strict";
import { candidateRows } from "../../../src/console/terminal/candidate_list.ts";
import { textWidth } from "../../../src/show/cell_width.ts";
import { type Candidate, commonPrefix } from "../../../src/console/terminal/completion.ts";

const size = { columns: 40, rows: 24 };

function rows(candidates: readonly (string | Candidate)[], columns = 40, page = 0): string[] {
  const all = candidates.map((each) => typeof each === "string" ? { text: each } : each);
  return candidateRows({ candidates: all, start: 0 }, { ...size, columns }, page);
}

Deno.test("commonPrefix finds what all texts begin with, never half a character", () => {
  assert.equal(commonPrefix([]), "");
  assert.equal(commonPrefix(["send"]), "send");
  assert.equal(commonPrefix(["send", "sendFile", "sent"]), "sen");
  assert.equal(commonPrefix(["😀", "😁"]), "");
});

Deno.test("a list fills columns from top to bottom when nothing is to be said of its candidates", () => {
  assert.deepEqual(rows(Array.from({ length: 40 }, (_, index) => `c${index}`), 12).slice(0, 2), [
    "c0   c18",
    "c1   c19",
  ]);
  const wide = Array.from({ length: 19 }, (_, index) => index === 0 ? "温度" : "ab");
  assert.equal(rows(wide, 13)[0], "温度  ab", "a wide character takes two columns");
});

Deno.test("a list shows what its candidates are beside them, aligned, cut to the width", () => {
  const shown = rows([
    { text: "set", label: "set(volts)", about: "sets the voltage, and much more than fits into one row" },
    { text: "温度", about: "温度計を読む。これはとても長い説明です。" },
    { text: "x" },
  ]);
  assert.deepEqual(shown, [
    "set(volts)  sets the voltage, and much…",
    "温度        温度計を読む。これはとても…",
    "x",
  ]);
  for (const row of shown) assert.ok(textWidth(row) < size.columns, row);
});

Deno.test("a list never shows what could drive the terminal, in names, descriptions and notes", () => {
  const shown = candidateRows({
    candidates: [{ text: "a", label: "\x1b[2J\ta", about: "\u202ebad\nline" }, { text: "b" }],
    start: 0,
    note: "\x1b]0;title\x07",
  }, size);
  assert.deepEqual(shown, ["\\x1b[2J\\ta  \\u202ebad\\nline", "b", "\\x1b]0;title\\x07"]);
});

Deno.test("a list longer than the screen has pages, on which every candidate is to be found", () => {
  const all = Array.from({ length: 500 }, (_, index) => `candidate ${index}`);
  const seen = new Set<string>();
  const pages: string[][] = [];
  for (let page = 0; seen.size < all.length && page < 50; page++) {
    pages.push(rows(all, 40, page));
    for (const name of pages[page].join("\n").match(/candidate \d+/g) ?? []) seen.add(name);
  }
  assert.equal(seen.size, all.length);
  assert.equal(pages[0].length, 19, "18 of 24 rows, and one that counts the others");
  assert.match(pages[0].at(-1)!, /^… page 1 of \d+, Tab turns it$/);
  assert.deepEqual(rows(all, 40, pages.length), pages[0], "behind the last page comes the first");
});

Deno.test("a list of ten thousand candidates, or of endless ones, is bounded by the screen", () => {
  const many = Array.from(
    { length: 10_000 },
    (_, index) => ({ text: `${"x".repeat(5000)}${index}`, about: "y" }),
  );
  const shown = candidateRows({ candidates: many, start: 0 }, size, 3);
  assert.ok(shown.length <= 19);
  for (const row of shown) assert.ok(textWidth(row) < size.columns);
});
