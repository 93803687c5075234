import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { Evaluator } from "../../../src/console/evaluator/evaluator.ts";
import { Interrupt, Interrupted } from "../../../src/console/evaluator/interrupt.ts";

/** What relative imports of the inputs below mean, wherever the tests are started. */
const folder = fileURLToPath(new URL("../../../", import.meta.url));

/** Evaluates inputs one after another and gives back what became of the last one. */
async function evaluateAll(...inputs: string[]) {
  using evaluator = new Evaluator({ interrupt: new Interrupt() });
  for (const input of inputs.slice(0, -1)) await evaluator.evaluate(input, { folder });
  return await evaluator.evaluate(inputs[inputs.length - 1], { folder });
}

/** What the last input of the list gives: a value, or `none` when it is no expression. */
const none = Symbol("no expression");
const cases: [string[], unknown][] = [
  [["1 + 1"], 2],
  [["const a = 5"], none],
  [["const a = 5", "a"], 5],
  [["void 0"], undefined],
  [["1; 2; 3"], 3],
  [["5;;"], 5],
  [["5; const a = 1"], none],
  [["if (true) { 5 }"], none],
  [[""], none],
  [["// only a comment"], none],
  [["5 // and a comment"], 5],
  [["'use strict'"], "use strict"],
  [["'use strict';"], "use strict"],
  [["#!/usr/bin/env -S deno run\nconst a = await 5; a"], 5],
  // redeclaring anything with anything
  [["let a = 1", "const a = 2", "a"], 2],
  [["const a = 1", "a = 2", "a"], 2],
  [["const a = 1", "function a() { return 3 }", "a()"], 3],
  [["function a() {}", "class a { static b = 4 }", "a.b"], 4],
  [["class a {}", "enum a { B = 5 }", "a.B"], 5],
  [["enum a { B }", "import a from 'node:path'", "a.basename('/x/y')"], "y"],
  [["import a from 'node:path'", "var a = 6", "a"], 6],
  [["const a = 7", "var a", "a"], 7],
  [["const a = 7", "let a", "a"], undefined],
  [["const crypto = 8; crypto"], 8],
  [["import { Buffer } from 'node:buffer'", "typeof Buffer.from"], "function"],
  // destructuring
  [["const { a, b: [c = 3], ...d } = { a: 1, b: [], e: 5 }", "[a, c, d]"], [1, 3, { e: 5 }]],
  [["const [a, , b = 2] = [1], c = 3; [a, b, c]"], [1, 2, 3]],
  // objects and blocks
  [["{ a: 1 }"], { a: 1 }],
  [["{ a: 1,\n b: [2] }"], { a: 1, b: [2] }],
  [["{ a: 1 }.a"], 1],
  [["{ a: 1 };"], none],
  [["{ const a = 1; a }"], none],
  [["{}"], {}],
  // await
  [["await Promise.resolve(4)"], 4],
  [["const a = await Promise.resolve(4); a + 1"], 5],
  [["for (const a of [1, 2]) await a; 6"], 6],
  [["let a = 0; for await (const b of [1, 2]) a += b", "a"], 3],
  [["for (var a = 0; a < 3; a++) await a", "a"], 3],
  [["if (await true) { var a = 9 }", "a"], 9],
  [["for (var a of [1, 2]) await a", "a"], 2],
  [["for (var a in { x: 1 }) await a", "a"], "x"],
  [["await 1; function a() { return 8 }", "a()"], 8],
  [["a(); await 1; function a() {}", "typeof a"], "function"],
  [["await 1; class A { b = 1 }", "new A().b"], 1],
  [["await 1; // comment"], 1],
  [["await 1; 5 // comment\n;"], 5],
  [["await 1, 2"], 2],
  [["class A { [await 'a']() { return 1 } }", "new A().a()"], 1],
  [["async function a() { return await 3 }", "await a()"], 3],
  // imports and exports
  [["import a, { join as b } from 'node:path'", "[typeof a.sep, b('a', 'b')]"], ["string", "a/b"]],
  [["import * as a from 'node:path'; a.basename('/x/y')"], "y"],
  [["import { type ParsedPath, sep } from 'node:path'", "sep"], "/"],
  [["import type { ParsedPath } from 'node:path'"], none],
  [["import a, * as b from 'node:path'; a === b.default"], true],
  [["import 'node:path'; 1"], 1],
  [["import data from './deno.json' with { type: 'json' }", "data.name"], "@parley/parley"],
  [["(await import('./deno.json', { with: { type: 'json' } })).default.license"], "MIT"],
  [["(await import('@babel/parser')).parse !== undefined"], true],
  [["[import.meta.main, import.meta.resolve('./a') === new URL('./a', import.meta.url).href]"], [true, true]],
  [["export const a = 3", "a"], 3],
  [["export default function a() { return 2 }", "a()"], 2],
  [["export default { a: 1 }"], { a: 1 }],
  [["const a = 1; export { a }; a"], 1],
  // TypeScript
  [["enum A { B, C = 5, D }\nA.D"], 6],
  [["enum A { B }; enum A { C = 1 }; Object.keys(A).length"], 4],
  [["const enum A { B = 3 }; A.B"], 3],
  [["namespace A { export const b = 1; export namespace C { export const d = 2 } }", "[A.b, A.C.d]"], [1, 2]],
  [[
    "class A { constructor(private b: number, readonly c = 2) {} get d() { return this.b + this.c } }",
    "new A(1).d",
  ], 3],
  [
    ["class A { b = 1 }\nclass C extends A { constructor(public d: string) { super(); } }\nnew C('x').d"],
    "x",
  ],
  [["abstract class A { abstract b(): void; declare c: string; d!: number }", "typeof A"], "function"],
  [["function a<T>(b: T): T { return b }\na<string>('x')"], "x"],
  [["const a = { b: 1 } satisfies Record<string, number>; (a as { b: number }).b!"], 1],
  [["<number>(<unknown>5)"], 5],
  [["interface A { b: number }"], none],
  [["5; type A = string"], none],
  [["declare const never: number; 5"], 5],
  // using stays open: an input is not a block
  [["using a = { closed: false, [Symbol.dispose]() { this.closed = true } }", "a.closed"], false],
  [
    ["await using a = { closed: false, async [Symbol.asyncDispose]() { this.closed = true } }", "a.closed"],
    false,
  ],
  [["const a = []; { using b = { [Symbol.dispose]() { a.push('closed') } } }", "a"], ["closed"]],
  // what the checks are put into still does what it did
  [["(() => ({ a: 1 }))()"], { a: 1 }],
  [["((a, b = (c => c * 2)(a)) => a + b)(1)"], 3],
  [["const a = () => 1; a.name"], "a"],
  [["function a() { 'use strict'\nreturn this }\na()"], undefined],
  [["[...(function* () { for (const a of [1, 2]) yield a })()]"], [1, 2]],
  [["let a = 0; do a++; while (a < 3)\na"], 3],
  [["let a = 0; outer: for (;;) { for (;;) { a++; if (a < 3) continue outer; else break outer } }\na"], 3],
  [["let a = 0; while (++a < 3);\na"], 3],
  [["const a = { get b() { return 1 }, set b(c) {}, async *d() {}, ['e']() { return 2 } }; [a.b, a.e()]"], [
    1,
    2,
  ]],
  [[
    "class A { static { this.b = 0; for (let c = 0; c < 2; c++) this.b++ } #d() { return 5 } e() { return this.#d() } }",
    "[A.b, new A().e()]",
  ], [2, 5]],
  [["await (async () => { let a = 0; while (a < 3) a += await 1; return a })()"], 3],
  // the last value
  [["6 * 7", "_ + 1"], 43],
  [["6 * 7", "const a = 1", "void 0", "_"], 42],
  [["6 * 7", "var _ = 1", "5", "_"], 1],
  [["6 * 7", "_ = 2", "5", "_"], 2],
];

Deno.test("Evaluator gives the value that the language gives", async (t) => {
  for (const [inputs, expected] of cases) {
    await t.step(inputs.join(" ⏎ "), async () => {
      const evaluation = await evaluateAll(...inputs);
      assert.ok(evaluation.ok, evaluation.ok ? "" : String(evaluation.error));
      assert.equal(evaluation.isExpression, expected !== none);
      if (expected !== none) assert.deepEqual(structuredClone(evaluation.value), expected);
    });
  }
});

Deno.test("Evaluator does not await a promise that is merely mentioned", async () => {
  for (const input of ["Promise.resolve(7)", "await 1; Promise.resolve(7)"]) {
    const evaluation = await evaluateAll(input);
    assert.ok(evaluation.ok && evaluation.value instanceof Promise);
    assert.equal(await evaluation.value, 7);
  }
});

Deno.test("Evaluator tells syntax errors from errors of running code", async () => {
  for (const input of ["a b", "foo(", "@dec class A {}", "/(/"]) {
    const evaluation = await evaluateAll(input);
    assert.ok(!evaluation.ok);
    assert.equal(evaluation.kind, "syntax", input);
    assert.ok(evaluation.error instanceof SyntaxError);
  }
  const evaluation = await evaluateAll("JSON.parse('{')");
  assert.ok(!evaluation.ok && evaluation.error instanceof SyntaxError);
  assert.equal(evaluation.kind, "runtime");
});

Deno.test("Evaluator runs nothing of an input that does not compile", async () => {
  const evaluation = await evaluateAll("globalThis.ranTooEarly = 1; await 1; /(/", "typeof ranTooEarly");
  assert.ok(evaluation.ok);
  assert.equal(evaluation.value, "undefined");
});

Deno.test("Evaluator runs inputs one after another", async () => {
  using evaluator = new Evaluator({ interrupt: new Interrupt() });
  const all = ["var order = []", "await null; order.push(1)", "order.push(2)", "order"].map((input) =>
    evaluator.evaluate(input)
  );
  const last = (await Promise.all(all)).at(-1);
  assert.ok(last?.ok);
  assert.deepEqual([...last.value as number[]], [1, 2]);
});

Deno.test("Evaluator lends its globals and takes them back", async () => {
  const before = Object.getOwnPropertyDescriptor(globalThis, "crypto");
  {
    using evaluator = new Evaluator({ interrupt: new Interrupt(), globals: { lentName: 5 } });
    const evaluation = await evaluator.evaluate("lentName");
    assert.ok(evaluation.ok);
    assert.equal(evaluation.value, 5);
    assert.ok((await evaluator.evaluate("const lentName = 6; import crypto from 'node:crypto'")).ok);
    assert.equal(Reflect.get(globalThis, "lentName"), 6);
  }
  assert.ok(!("lentName" in globalThis));
  assert.deepEqual(Object.getOwnPropertyDescriptor(globalThis, "crypto"), before);
});

Deno.test("Evaluator.trimStack names the typed line and column, and nothing of the console", async () => {
  using evaluator = new Evaluator({ interrupt: new Interrupt() });
  const texts = [];
  for (
    const input of [
      "function fail(this: void, why: string): never {\n  for (;;) throw new TypeError(why, { cause: new Error('deep') })\n}",
      "enum E { A }\nconst value: number = 1; await value; fail('bad\\x1b[2J')",
    ]
  ) {
    const evaluation = await evaluator.evaluate(input);
    if (!evaluation.ok) texts.push(evaluator.trimStack(evaluation.error));
  }
  const lines = texts[0].split("\n").filter((line) => !line.includes("evaluator_test.ts"));
  assert.deepEqual(lines, [
    "TypeError: bad\\x1b[2J",
    "    at fail (typed:1:2:18)",
    "    at typed:2:2:39",
    "  cause: Error: deep",
  ]);
});

Deno.test("Evaluator.trimStack names the places of an asynchronous input and of its functions", async () => {
  using evaluator = new Evaluator({ interrupt: new Interrupt() });
  const evaluation = await evaluator.evaluate(
    "await 1; fail()\nfunction fail() { for (;;) { throw new Error('x') } }",
  );
  assert.ok(!evaluation.ok);
  assert.deepEqual(evaluator.trimStack(evaluation.error).split("\n").slice(0, 3), [
    "Error: x",
    "    at fail (typed:1:2:36)",
    "    at typed:1:1:10",
  ]);
  const atOnce = await evaluator.evaluate("missing; await 1");
  assert.ok(!atOnce.ok);
  const typed = evaluator.trimStack(atOnce.error).split("\n").filter((line) => line.includes("typed:"));
  assert.deepEqual(typed, ["    at typed:2:1:1"]); // once: the wrapper around the input was not typed
});

Deno.test("Evaluator.trimStack shows a syntax error on one line", async () => {
  using evaluator = new Evaluator({ interrupt: new Interrupt() });
  const evaluation = await evaluator.evaluate("const a = 1\nb c");
  assert.ok(!evaluation.ok);
  assert.equal(evaluator.trimStack(evaluation.error), "SyntaxError: Missing semicolon at 2:2");
});

/** A worker that raises the flag when this thread has told it that typed code runs: no clock is involved. */
function raiser(interrupt: Interrupt): { started: Int32Array; worker: Worker } {
  const started = new Int32Array(new SharedArrayBuffer(4));
  const source = `onmessage = ({ data: [flag, started] }) => {
    Atomics.wait(started, 0, 0);
    Atomics.store(flag, 0, 1);
    postMessage("raised");
  }`;
  const worker = new Worker(`data:text/javascript,${encodeURIComponent(source)}`, { type: "module" });
  worker.postMessage([interrupt.flag, started]);
  return { started, worker };
}

const endless = [
  "while (true) {}",
  "for (;;);",
  "do {} while (true)",
  "while (true) { try { while (true) {} } catch {} }",
  "await 1; while (true) { try { throw 1 } catch {} }",
  "(function again() { for (const _ of [1]) try { again() } catch { while (true) again() } })()",
  "[...(function* () { while (true) yield 1 })()]",
  "Array.from({ length: 1e9 }, () => Array.from({ length: 1e9 }, () => 0))",
];

Deno.test("Evaluator stops endless code when another thread raises the flag", async (t) => {
  for (const code of endless) {
    await t.step(code, async () => {
      const interrupt = new Interrupt();
      const { started, worker } = raiser(interrupt);
      const begin = () => {
        Atomics.store(started, 0, 1);
        Atomics.notify(started, 0);
      };
      using evaluator = new Evaluator({ interrupt, globals: { begin } });
      try {
        const evaluation = await evaluator.evaluate(`begin(); ${code}`);
        assert.ok(!evaluation.ok);
        assert.equal(evaluation.kind, "interrupted");
        interrupt.clear();
        const next = await evaluator.evaluate("1 + 1");
        assert.ok(next.ok);
        assert.equal(next.value, 2);
      } finally {
        worker.terminate();
      }
    });
  }
});

Deno.test("Evaluator lets a callback that loops for ever be stopped long after its input", async () => {
  const interrupt = new Interrupt();
  const { started, worker } = raiser(interrupt);
  const begin = () => {
    Atomics.store(started, 0, 1);
    Atomics.notify(started, 0);
  };
  using evaluator = new Evaluator({ interrupt, globals: { begin } });
  try {
    const evaluation = await evaluator.evaluate("() => { begin(); while (true) {} }");
    assert.ok(evaluation.ok);
    assert.throws(evaluation.value as () => void, Interrupted);
  } finally {
    worker.terminate();
  }
});

Deno.test("Evaluator gives up a pending await on request", async () => {
  const interrupt = new Interrupt();
  const { promise, resolve } = Promise.withResolvers<void>();
  using evaluator = new Evaluator({
    interrupt,
    globals: { waitFor: promise, asked: () => queueMicrotask(() => interrupt.request()) },
  });
  const evaluation = await evaluator.evaluate("var reached = 'no'; asked(); await waitFor; reached = 'yes'");
  assert.ok(!evaluation.ok);
  assert.equal(evaluation.kind, "interrupted");
  interrupt.clear();
  resolve();
  await promise;
  const next = await evaluator.evaluate("await null; reached");
  assert.ok(next.ok);
  assert.equal(next.value, "no"); // given up means that it does not go on later
});

Deno.test("Evaluator ends the loops of functions that a given-up input was waiting for", async () => {
  const interrupt = new Interrupt();
  const { promise, resolve } = Promise.withResolvers<void>();
  using evaluator = new Evaluator({ interrupt, globals: { waitFor: promise } });
  await evaluator.evaluate(
    "var rounds = 0; async function poll() { while (true) { await waitFor; rounds++ } }",
  );
  const pending = evaluator.evaluate("await poll()");
  await evaluatorIsWaiting();
  interrupt.request();
  assert.equal((await pending).ok, false);
  interrupt.clear();
  resolve();
  await promise;
  const next = await evaluator.evaluate("await null; await null; rounds");
  assert.ok(next.ok);
  assert.equal(next.value, 0);
});

Deno.test("Evaluator ends a loop over a stream that a given-up input was reading", async () => {
  const interrupt = new Interrupt();
  const { promise, resolve } = Promise.withResolvers<number>();
  using evaluator = new Evaluator({ interrupt, globals: { stream: [promise, 1, 2] } });
  const pending = evaluator.evaluate("var got = 0; for await (const each of stream) got++");
  await evaluatorIsWaiting();
  interrupt.request();
  assert.equal((await pending).ok, false);
  interrupt.clear();
  resolve(0);
  await evaluatorIsWaiting();
  assert.equal(Reflect.get(globalThis, "got"), 0);
});

/** One turn of the event loop: what could run without waiting for anything has run. */
function evaluatorIsWaiting(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 0));
}

Deno.test("Evaluator swallows the rejection of a promise it gave up", async () => {
  const interrupt = new Interrupt();
  const { promise, reject } = Promise.withResolvers<void>();
  using evaluator = new Evaluator({ interrupt, globals: { waitFor: promise } });
  const pending = evaluator.evaluate("await waitFor");
  await evaluatorIsWaiting();
  interrupt.request();
  assert.equal((await pending).ok, false);
  reject(new Error("nobody looks")); // an unhandled rejection would fail the test
  await evaluatorIsWaiting();
});
