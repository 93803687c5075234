import assert from "node:assert/strict";
import { rewrite } from "../../../src/console/evaluator/rewrite.ts";
import { Syntax } from "../../../src/console/evaluator/syntax.ts";

const syntax = await Syntax.load();

Deno.test("rewrite keeps every line of the input where it is", () => {
  const inputs = [
    "import {\n  a,\n  b,\n} from 'x'\nmark",
    "const\n  a\n= 1,\n  b = 2\nmark",
    "enum A {\n  B,\n  C,\n}\nmark",
    "namespace A {\n  export const b = `1\n2`\n}\nmark",
    "class A {\n  constructor(\n    private b: number,\n  ) {}\n}\nmark",
    "interface A {\n  b: number\n}\nmark",
    "function a(): {\n  b: number\n} { return { b: 1 } }\nmark",
    "await 1\nfunction a() {\n}\nmark",
    "export {\n}\nmark",
    "for (const a of\n b) for (;;)\n c\nmark",
    "// comment\n\n\nmark",
  ];
  for (const input of inputs) {
    const { code } = rewrite(syntax, input);
    const lineOf = (text: string) => text.slice(0, text.lastIndexOf("mark")).split("\n").length;
    assert.equal(lineOf(code), lineOf(input), code);
  }
});

Deno.test("rewrite puts the functions of an asynchronous input at their own lines", () => {
  const { functions } = rewrite(syntax, "await 1\nfunction a() {\n  mark }\nfunction b() {}");
  assert.match(functions?.code ?? "", /^\n *function a\(\) \{.*\n {2}mark \}\nfunction b/);
});

Deno.test("Rewritten.origin finds the typed column", () => {
  const input =
    "const a = 1; class B { constructor(private c: number) {} }\nfor (;;) { await (() => fail(<any>5))() }";
  const { code, origin } = rewrite(syntax, input);
  const place = (text: string) => {
    const before = text.slice(0, text.indexOf("fail(")).split("\n");
    return { line: before.length, column: before[before.length - 1].length + 1 };
  };
  assert.notDeepEqual(place(code), place(input));
  assert.deepEqual(origin(place(code)), place(input));
});

Deno.test("rewrite says what an input is", () => {
  const said = (input: string) => {
    const { isAsync, isExpression, declared } = rewrite(syntax, input);
    return [isAsync, isExpression, [...declared].sort()];
  };
  assert.deepEqual(said("const { a, ...b } = c; function d() {} class e {}"), [false, false, [
    "a",
    "b",
    "d",
    "e",
  ]]);
  assert.deepEqual(said("import f from 'x'; f"), [true, true, ["f"]]);
  assert.deepEqual(said("import { type f, g, type h as i } from 'x'"), [true, false, ["g"]]);
  assert.deepEqual(said("async () => { await 1 }"), [false, true, []]);
  assert.deepEqual(said("for await (const a of b);"), [true, false, []]);
  assert.deepEqual(said("{ await using a = b }"), [true, false, []]);
  assert.deepEqual(said("if (a) { var b = 1 } for (var c of d);"), [false, false, ["b", "c"]]);
});

Deno.test("rewrite puts a check into every loop and every function", () => {
  const inputs: [string, number][] = [
    ["for (;;);", 1],
    ["for (const a in b) c; for (const a of b) { c }", 2],
    ["while (a) do b(); while (c)", 2],
    ["const a = () => 1, b = function () {}, c = async () => { }", 3],
    [
      "class A { constructor() {} b() {} get c() { return 1 } set c(d) {} static e() {} #f() {} static async *g() {} }",
      7,
    ],
    ["const a = { b() {}, get c() { return 1 }, async *d() {} }", 3],
    ["function a() { function b() {} }", 2],
    ["link.onReceive((message) => message.length)", 1],
  ];
  for (const [input, checks] of inputs) {
    const { code } = rewrite(syntax, input);
    assert.equal(code.split("__parley.check()").length - 1, checks, code);
  }
});
