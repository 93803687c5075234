import assert from "node:assert/strict";
import { float } from "../../src/dialect/float.ts";
import { contentText } from "../../src/dialect/clever_show/content_text.ts";
import { readJson } from "../../src/dialect/clever_show/json_reader.ts";
import { writeJson } from "../../src/dialect/clever_show/json_writer.ts";

Deno.test("JSON is written as Python writes it", () => {
  const cases: [unknown, string][] = [
    [{ a: [1, 2.5], b: null, c: {} }, '{"a": [1, 2.5], "b": null, "c": {}}'],
    [[], "[]"],
    [[true, false, undefined], "[true, false, null]"],
    [{ a: undefined, b: 1 }, '{"b": 1}'],
    [undefined, "null"],
    [
      [0, -0, 1e15, 2 ** 53 - 1, 2 ** 53, 1e16, 1e22],
      "[0, -0.0, 1000000000000000, 9007199254740991, 9007199254740992.0, 1e+16, 1e+22]",
    ],
    [[0.1, 1e-4, 1e-5, 1.5e-7, 5e-324], "[0.1, 0.0001, 1e-05, 1.5e-07, 5e-324]"],
    [[-2.5, 123456789.125, 1.7976931348623157e308], "[-2.5, 123456789.125, 1.7976931348623157e+308]"],
    [[NaN, Infinity, -Infinity], "[NaN, Infinity, -Infinity]"],
    [[float(3), float(-0), float(2.5), float(NaN)], "[3.0, -0.0, 2.5, NaN]"],
    [10n ** 20n, "100000000000000000000"],
    ['"\\/\b\f\n\r\t\0\x1f\x7f\u2028é✓🚀', '"\\"\\\\/\\b\\f\\n\\r\\t\\u0000\\u001f\x7f\u2028é✓🚀"'],
    [nested(33, 1), "[".repeat(33) + "1" + "]".repeat(33)],
    [{ "a b": { 'q"': 1 } }, '{"a b": {"q\\"": 1}}'],
    [Object.assign(Object.create(null), { x: 1 }), '{"x": 1}'],
  ];
  for (const [value, text] of cases) assert.equal(writeJson(value, "it"), text);
});

Deno.test("what JSON cannot say is refused with the way to it", () => {
  const cycle: unknown[] = [];
  cycle.push(cycle);
  const cases: [unknown, string | RegExp][] = [
    [
      { led: [0, { at: new Date(0) }] },
      "Cannot send a message: kwargs.led[1].at is a Date: pass its toISOString(), or getTime() / 1000 as Python counts",
    ],
    [new Uint8Array(1), /kwargs is bytes, and JSON has none: send them as a file/],
    [{ "a b": new Map() }, /kwargs\["a b"\] is a Map: pass Object.fromEntries/],
    [[Symbol("x")], /kwargs\[0\] is a symbol/],
    [() => 1, /kwargs is a function/],
    [["\ud800"], /kwargs\[0\] holds half a surrogate pair/],
    [JSON.parse('{"__proto__": 1}'), /kwargs\.__proto__ is refused everywhere/],
    [cycle, /is nested more than 33 deep, or is a cycle/],
    [10n ** 5000n, /4300 digits/],
  ];
  for (const [value, message] of cases) {
    assert.throws(() => writeJson(value, "kwargs"), (error: Error & { code: string }) => {
      assert.equal(error.code, "usage");
      if (typeof message === "string") assert.equal(error.message, message);
      else assert.match(error.message, message);
      return true;
    });
  }
});

Deno.test("JSON is read as Python reads it", () => {
  const cases: [string, unknown][] = [
    [' {"a": [1, 1.0, 1e0]}\n', { a: [1, 1, 1] }],
    ["[NaN, Infinity, -Infinity, null, true, false]", [NaN, Infinity, -Infinity, null, true, false]],
    ['{"a": NaN, "b": "\\u00e9\\n\\"\\\\", "c": {}, "d": []}', { a: NaN, b: 'é\n"\\', c: {}, d: [] }],
    ["9007199254740993", 9007199254740993n],
    ["[9007199254740992, -9007199254740992, 9007199254740991]", [2n ** 53n, -(2n ** 53n), 2 ** 53 - 1]],
    ["[-0, -0.0, 0]", [0, -0, 0]],
    ["1e22", 1e22],
    ["1e999", Infinity],
    ["1" + "0".repeat(400), 10n ** 400n],
    ['{"a": 1, "b": NaN, "a": 2}', { a: 2, b: NaN }],
    ['{"constructor": NaN, "hasOwnProperty": 1}', { constructor: NaN, hasOwnProperty: 1 }],
    ['"\\ud83d\\ude80"', "🚀"],
    ["[".repeat(34) + "NaN" + "]".repeat(34), nested(34, NaN)],
  ];
  for (const [text, value] of cases) assert.deepEqual(readJson(text), value, text);
});

Deno.test("what is no JSON is refused with its place", () => {
  const cases: [string, RegExp][] = [
    ["", /a value is wanted \(character 0 of 0, found the end\)/],
    ["\ufeff1", /a value is wanted \(character 0 of 2/],
    ["[1, 2", /"," or "]" is wanted \(character 5 of 5/],
    ["[1,]", /a value is wanted \(character 3 of 4, found "]"\)/],
    ['{"a" 1}', /":" is wanted \(character 5 of 7/],
    ["{a: 1}", /the name of a member is wanted/],
    ['{"a": 1,}', /the name of a member is wanted/],
    ['{"a": 1 "b"}', /"," or "}" is wanted/],
    ['"abc', /a string without an end/],
    ['"a\nb"', /a control character or an unknown escape/],
    ['"\\x"', /a control character or an unknown escape/],
    ["'a'", /a value is wanted/],
    ["01", /the end is wanted \(character 1 of 2/],
    ["1 2", /the end is wanted/],
    ["+1", /a value is wanted/],
    ["nan", /a value is wanted/],
    ["1.", /the end is wanted/],
    ["-", /a value is wanted/],
    ['{"__proto__": {"polluted": 1}}', /a member __proto__ is not allowed \(character 1 of/],
    ['[{"a": {"\\u005f_proto__": NaN}}]', /a member __proto__ is not allowed/],
    ["[".repeat(35) + "]".repeat(35), /nested more than 34 deep/],
    ["[".repeat(500_000), /nested more than 34 deep/],
    ["9".repeat(5000), /an integer of 5000 digits, at most 4300 are allowed/],
  ];
  for (const [text, message] of cases) {
    assert.throws(() => readJson(text), { code: "bad_json", fatal: false, message }, text.slice(0, 50));
  }
  assert.equal(({} as { polluted?: number }).polluted, undefined);
});

Deno.test("content comes in the encodings that Python names", () => {
  const cases: [number[], string, string][] = [
    [[0xc3, 0xa9], "utf-8", "é"],
    [[0xc3, 0xa9], "UTF8", "é"],
    [[0xef, 0xbb, 0xbf, 0x61], "utf-8", "\ufeffa"],
    [[0xef, 0xbb, 0xbf, 0x61], "utf-8-sig", "a"],
    [[0xe9, 0x80], "latin-1", "é\x80"],
    [[0xe9], "ISO_8859_1", "é"],
    [[0x80], "cp1252", "€"],
    [[0xef, 0xf0], "cp1251", "пр"],
    [[0xcd], "koi8_r", "м"],
    [[0xff, 0xfe, 0xe9, 0x00], "utf-16", "é"],
    [[0xfe, 0xff, 0x00, 0xe9], "utf-16", "é"],
    [[0xe9, 0x00], "utf_16_le", "é"],
    [[0x00, 0xe9], "utf-16-be", "é"],
    [[0x61], "ascii", "a"],
  ];
  for (const [bytes, encoding, text] of cases) {
    assert.equal(contentText(Uint8Array.from(bytes), encoding), text, encoding);
  }
  assert.throws(() => contentText(Uint8Array.of(0xe9), "ascii"), { code: "bad_text", fatal: false });
  assert.throws(() => contentText(Uint8Array.of(0xe9), "utf-8"), { code: "bad_text", fatal: false });
  for (const unknown of ["utf-7", "", "x".repeat(500), null, 5]) {
    assert.throws(() => contentText(Uint8Array.of(0x61), unknown), {
      code: "unknown_encoding",
      fatal: false,
    });
  }
});

function nested(depth: number, value: unknown): unknown {
  return depth === 0 ? value : [nested(depth - 1, value)];
}
