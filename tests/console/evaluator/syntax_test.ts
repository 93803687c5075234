import assert from "node:assert/strict";
import { Incomplete, SourceError, Syntax } from "../../../src/console/evaluator/syntax.ts";

const syntax = await Syntax.load();

function judge(source: string): "complete" | "incomplete" | "wrong" {
  try {
    syntax.parseInput(source);
    return "complete";
  } catch (error) {
    assert.ok(error instanceof SourceError, String(error));
    return error instanceof Incomplete ? "incomplete" : "wrong";
  }
}

Deno.test("Syntax.parseInput tells unfinished input from wrong input", () => {
  const expected = {
    complete: [
      "",
      "a",
      "a;",
      "{ a: 1 }",
      "{ let a = 1 }",
      "{ a: 1 }; b",
      "if (a) b",
      "`a\nb`",
      "'a\\\nb'",
      "a /* b */",
      "/[/]/",
      "try {} catch {}",
      "let a; a\n(b)",
      "export const a = 1",
      "await a",
    ],
    incomplete: [
      "foo(",
      "foo(a,",
      "{",
      "{ a: 1,",
      "{ 'a': 1",
      "{ a: {\n  b",
      "[1,",
      "const a =",
      "const a = {",
      "a +",
      "a.",
      "a ? b",
      "`a",
      "`${a",
      "/* a",
      "'a\\",
      "function a() {",
      "class A {",
      "class A extends",
      "if (a)",
      "for (;;)",
      "do a()",
      "try {\n}",
      "try { a() } ",
      "import { a",
      "import a from",
      "a =>",
      "enum A {",
      "a = // why",
      "@dec",
      "let a:",
      "async function",
      "new",
    ],
    wrong: [
      "a b",
      "foo)",
      "}",
      "{ a: 1 } b c",
      "'a",
      "const a",
      "let a; let a",
      "return 1",
      "1a",
      "a = ]",
      "/(",
      "@dec class A {}",
      "<div></div>",
      "break",
      "for (;;) }",
      "if (a) )",
    ],
  };
  for (const [verdict, sources] of Object.entries(expected)) {
    for (const source of sources) assert.equal(judge(source), verdict, JSON.stringify(source));
  }
});

Deno.test("SourceError says the place, from 1, and the plain message", () => {
  assert.throws(() => syntax.parseInput("const a = 1\n  b c"), (error: unknown) => {
    assert.ok(error instanceof SourceError);
    assert.deepEqual([error.name, error.message, error.line, error.column], [
      "SyntaxError",
      "Missing semicolon at 2:4",
      2,
      4,
    ]);
    assert.deepEqual(Object.keys(error).sort(), ["column", "line", "name"]); // nothing of the parser's
    return true;
  });
});

Deno.test("Syntax.parseFile takes a leading brace for a block", () => {
  assert.equal(syntax.parseFile("{ a: 1 }").body[0].type, "BlockStatement");
  assert.equal(syntax.parseInput("{ a: 1 }").body[0].type, "ExpressionStatement");
});
