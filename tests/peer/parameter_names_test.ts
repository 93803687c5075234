import { Handlers } from "@parley/parley";
import assert from "node:assert/strict";
import * as fc from "fast-check";

/** The parameters that `describe` shows for a handler given by its source text. */
function shown(source: string): readonly string[] {
  const handlers = new Handlers();
  handlers.onRequest("it", new Function(`return ${source}`)());
  return handlers.describe()[0].parameters;
}

/** A method of that source text. */
function method(source: string): readonly string[] {
  return shown(`Object.values({ ${source} })[0]`);
}

Deno.test("describe names the parameters of functions of every form, without the call", () => {
  for (
    const source of [
      "(call, unit, digits) => 1",
      "async (call, unit, digits) => 1",
      "function (call, unit, digits) {}",
      "function weigh(call, unit, digits) {}",
      "async function weigh(call, unit, digits) {}",
      "function* (call, unit, digits) {}",
      "async function* weigh(call, unit, digits) {}",
      "( call , unit,digits, ) => 1",
      "(call, unit = 'g', digits = 2) => 1",
      "(/* who (asks) */ call, // the unit, see below\n unit, /* , */ digits) => 1",
    ]
  ) {
    assert.deepEqual(shown(source), ["unit", "digits"], source);
  }
  for (
    const source of [
      "weigh(call, unit, digits) {}",
      "async weigh(call, unit, digits) {}",
      "*weigh(call, unit, digits) {}",
      "async *weigh(call, unit, digits) {}",
      "'we(igh, ('(call, unit, digits) {}",
      "[`we(${ ['(', '}'].length }igh`](call, unit, digits) {}",
      "class(call, unit, digits) {}",
    ]
  ) {
    assert.deepEqual(method(source), ["unit", "digits"], source);
  }
});

Deno.test("describe shows rest parameters with their dots and patterns as they are written, shortened", () => {
  assert.deepEqual(shown("(call, ...values) => 1"), ["...values"]);
  assert.deepEqual(shown("(call, first, ...[a, b]) => 1"), ["first", "...[a, b]"]);
  assert.deepEqual(shown("(...all) => 1"), ["...all"], "it takes the arguments, too");
  assert.deepEqual(shown("(call, { x,\n   y = 1 /* up */ }, [a]) => 1"), ["{ x, y = 1 }", "[a]"]);
  assert.deepEqual(shown("({ peer }, { x } = {}) => 1"), ["{ x }"]);
  assert.deepEqual(
    shown("(call, { alpha, beta, gamma, delta, epsilon, zeta }) => 1"),
    ["{ alpha, beta, gamma, delta, … }"],
  );
  assert.deepEqual(shown(`(call, ${"n".repeat(50)}) => 1`), [`${"n".repeat(36)}…`]);
});

Deno.test("describe shows no parameters where there are none, or no text to read", () => {
  for (const source of ["() => 1", "call => 1", "async call => (1, 2)", "(call) => (a, b) => 1"]) {
    assert.deepEqual(shown(source), [], source);
  }
  for (
    const source of [
      "Math.max",
      "((call, unit) => 1).bind(null)",
      "class A extends (Array, Object) { m(a, b) {} }",
    ]
  ) {
    assert.deepEqual(shown(source), [], source);
  }
});

Deno.test("describe is not misled by what stands in default values", () => {
  const values = fc.constantFrom(
    "1",
    "')'",
    '"a\\", b("',
    "`,${ { a: `)${ '}' }` }.a },(`",
    "/[),/(]\\/,\\)/gu",
    "typeof /,/",
    "4 / 2 / (1)",
    "[1, 2].length / 3",
    "(1, 2)",
    "{ a: 1, b: [')', { c: '(' }] }",
    "(a, b) => ({ a, b })",
    "x => x, y = 1, z".split(",")[0],
    "function (a, b = ')') { return a / b; }",
    "class { m(a, b) { return '('; } }",
    "1 /* ), ( */ + 2 // , (\n",
  );
  const parameter = fc.record({
    name: fc.constantFrom("a", "$b", "_c", "été", "d1", "async", "{ e, f: [g] }", "[h, , i]"),
    value: fc.option(values),
    around: fc.constantFrom("", " ", "\n\t", " /* , */ ", " // ) (\n"),
  });
  fc.assert(
    fc.property(fc.array(parameter, { maxLength: 5 }), fc.boolean(), (parameters, isArrow) => {
      // Numbered, since a name may stand there only once.
      const named = parameters.map(({ name, ...rest }, at) => ({
        name: name.replace(/[\p{ID_Continue}$]+/gu, `$&${at}`),
        ...rest,
      }));
      const list = named.map(({ name, value, around }) =>
        `${around}${name}${around}${value === null ? "" : `= ${value}`}${around}`
      );
      const text = ["call", ...list].join(",");
      const source = isArrow ? `(${text}) => 1` : `async function* (${text}) {}`;
      assert.deepEqual(shown(source), named.map(({ name }) => name), source);
    }),
    { seed: 9, numRuns: 300 },
  );
});
