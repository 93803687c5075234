import assert from "node:assert/strict";
import { StatementReader } from "../../../src/console/evaluator/statement_reader.ts";
import { splitStatements } from "../../../src/console/evaluator/statements.ts";
import { Syntax } from "../../../src/console/evaluator/syntax.ts";

const syntax = await Syntax.load();

/** Statements as `line: source`, with `!` and the message behind those that are wrong. */
function shown(pieces: ReturnType<typeof splitStatements>): string[] {
  return pieces.map(({ source, line, error, isCommand }) =>
    `${line}${isCommand ? "." : ":"} ${source}${error ? ` ! ${error.message}` : ""}`
  );
}

Deno.test("splitStatements cuts a file at its top-level statements", () => {
  const text = "const a = 1; a\n\n// why\nfoo\n  .bar()\nif (a) {\n}\nelse b; // same line\n'text'\n// end\n";
  assert.deepEqual(shown(splitStatements(syntax, text)), [
    "1: const a = 1;",
    "1: a",
    "3: // why\nfoo\n  .bar()",
    "6: if (a) {\n}\nelse b; // same line",
    "9: 'text'",
  ]);
});

Deno.test("splitStatements orders a file as a module runs it", () => {
  const text = "main()\nfunction main() {}\nimport a from 'b'\nexport async function c() {}";
  assert.deepEqual(shown(splitStatements(syntax, text)), [
    "3: import a from 'b'",
    "2: function main() {}",
    "4: export async function c() {}",
    "1: main()",
  ]);
});

Deno.test("splitStatements keeps a block of a file a block", () => {
  const [block] = splitStatements(syntax, "{ a: 1 }\nb");
  assert.equal(syntax.parseInput(block.source).body[0].type, "BlockStatement");
});

Deno.test("splitStatements skips the marks of a script file", () => {
  assert.deepEqual(shown(splitStatements(syntax, "\uFEFF#!/usr/bin/env -S deno run\na")), ["2: a"]);
  assert.deepEqual(splitStatements(syntax, "\n// nothing\n"), []);
});

Deno.test("splitStatements gives back what stands around a wrong place", () => {
  const text = "a\nb; c d\nfoo\n  .bar()\nif (e) {\n}\nelse f\ng";
  assert.deepEqual(shown(splitStatements(syntax, text)), [
    "1: a",
    "2: b;",
    "2: c d ! Missing semicolon at 2:5",
    "3: foo\n  .bar()",
    "5: if (e) {\n}\nelse f",
    "8: g",
  ]);
});

Deno.test("splitStatements says where a statement began that the text leaves unfinished", () => {
  assert.deepEqual(shown(splitStatements(syntax, "a\n\nfoo(\n  b,\n")), [
    "1: a",
    "3: foo(\n  b, ! Input ends inside of a statement, which began at 3:1",
  ]);
});

Deno.test("splitStatements sets commands apart from code", () => {
  const isCommand = (line: string) => /^\.(links|help)\b/.test(line);
  assert.deepEqual(
    shown(splitStatements(syntax, ".help\nfoo\n.then(bar)\n.links all\n`\n.links\n`", { isCommand })),
    [
      "1. .help",
      "2: foo\n.then(bar)",
      "4. .links all",
      "5: `\n.links\n`",
    ],
  );
});

Deno.test("StatementReader finds the end of a long statement", () => {
  const reader = new StatementReader(syntax);
  const lines = Array.from({ length: 1000 }, (_, index) => `  { key: "${index})" }, // ]`);
  for (const line of ["const list = [", ...lines]) assert.deepEqual(reader.push(line), []);
  assert.deepEqual(reader.push("]; next").map(({ line }) => line), [1, 1002]);
});

Deno.test("StatementReader finds the end of a long statement whose brackets it misreads", () => {
  const reader = new StatementReader(syntax);
  const misread = "if (a) /[(]{/.test(b)"; // behind a parenthesis a slash looks like a division
  for (const line of ["{", misread, ..."x".repeat(200)]) assert.deepEqual(reader.push(line), []);
  const found = [..."}".padEnd(400, "y")].map((line) => reader.push(line)).find((each) => each.length > 0);
  assert.equal(found?.[0].source.endsWith("x\n}\n;"), true);
});

Deno.test("StatementReader gives statements back as soon as a line completes them", () => {
  const reader = new StatementReader(syntax);
  assert.deepEqual(shown(reader.push("a; b")), ["1: a;", "1: b"]);
  assert.deepEqual(shown(reader.push("")), []);
  assert.deepEqual(shown(reader.push("function f() {")), []);
  assert.equal(reader.pending, "function f() {");
  assert.deepEqual(
    shown(reader.push("}; f()")),
    ["3: function f() {\n}", "4: f()"],
  );
  assert.equal(reader.pending, "");
  assert.deepEqual(shown(reader.push("{ a: 1 }")), ["5: { a: 1 }"]);
  assert.deepEqual(shown(reader.push("c d")), ["6: c d ! Missing semicolon at 6:2"]);
  assert.deepEqual(shown(reader.push("g(")), []);
  reader.drop();
  assert.deepEqual(shown(reader.push("h")), ["8: h"]);
  assert.deepEqual(reader.end(), []);
});
