import assert from "node:assert/strict";
import { placeAt, slotAt, writtenItems } from "../../../src/console/completion/place.ts";

/** The slot of what is typed at the end of a line, or at `|`. */
function slot(marked: string) {
  const cursor = marked.includes("|") ? marked.indexOf("|") : marked.length;
  const place = placeAt(marked.replace("|", ""), cursor);
  const start = place.string === undefined
    ? cursor - /[\w$]*$/.exec(place.line.slice(0, cursor))![0].length
    : place.string.start - 1;
  const found = slotAt(place, start);
  if (found === undefined) return undefined;
  const { callee, argument, path, key, object } = found;
  return [
    callee.trim(),
    argument,
    ...path,
    ...object === undefined ? [] : [key === undefined ? "{" : `${key}:`],
  ];
}

Deno.test("a slot tells which argument of which call is typed, and where in its objects", () => {
  const cases: [string, unknown][] = [
    ['connect("', ["connect", 0]],
    ["f(a, b, c", ["f", 2]],
    ["f(a, g(x, y), ", ["f", 2]],
    ["f([1, 2], { a: 1, b: 2 }, ", ["f", 2]],
    ['f("a, (b", ', ["f", 1]],
    ["f(`${g(1, 2)}`, ", ["f", 1]],
    ["f(/[,(]/, ", ["f", 1]],
    ["f(a, /* (, */ b", undefined], // only a part of the argument
    ["await c.request('x', 1, { ti", ["await c.request", 2, "{"]],
    ["f({ a: 1, limits: { x: 1, b", ["f", 0, "limits", "{"]],
    ['f({ "limits": { b: ', ["f", 0, "limits", "b:"]],
    ["f({ a: { b: { c: ", ["f", 0, "a", "b", "c:"]],
    ['f({ dialect: "', ["f", 0, "dialect:"]],
    ['f({ dialect: "na|", other: 1 })', ["f", 0, "dialect:"]],
    ["f({ a: 1 + ", undefined],
    ["f(1 + ", undefined],
    ["f({ run: () => { x", undefined],
    ["f(() => { x", undefined],
    ["if (a) { x", undefined],
    ["f(); x", undefined],
    ["f({ a: g({ b", ["f({ a: g", 0, "{"]],
    ["", undefined],
  ];
  for (const [line, expected] of cases) assert.deepEqual(slot(line), expected, line);
});

Deno.test("a place knows whether it is code, text or neither", () => {
  const kind = (line: string) => {
    const { isCode, string } = placeAt(line, line.length);
    return string === undefined ? isCode ? "code" : "neither" : `${string.quote}${string.start}`;
  };
  const cases: [string, string][] = [
    ["a", "code"],
    ['a("b', '"3'],
    ["a('b\\'c", "'3"],
    ["`a${b", "code"],
    ["`a${b} c", "`1"],
    ["`a${`b` + '", "'11"],
    ["// a('", "neither"],
    ["/* a", "neither"],
    ["x = /a('", "neither"],
    ['"a" + "b', '"7'],
    ['"a\n', "code"],
  ];
  for (const [line, expected] of cases) assert.equal(kind(line), expected, line);
});

Deno.test("what is written in an object is known, also behind the cursor, but not what is being typed", () => {
  const written = (marked: string) => {
    const cursor = marked.indexOf("|");
    const place = placeAt(marked.replace("|", ""), cursor);
    return Object.fromEntries(writtenItems(place, place.frames.at(-1)!));
  };
  assert.deepEqual(
    written('f({ a: 1, "b": [1, { c: 2 }], onX() {}, short, | , dialect: "raw" }, { d: 1 })'),
    {
      a: "1",
      b: "[1, { c: 2 }]",
      onX: "",
      short: "",
      dialect: '"raw"',
    },
  );
  assert.deepEqual(written("f({ on|: 1, a: 2"), { a: "2" });
});
