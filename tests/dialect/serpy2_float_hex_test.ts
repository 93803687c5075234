import assert from "node:assert/strict";
import fc from "fast-check";
import { readFloatHex, writeFloatHex } from "../../src/dialect/serpy2/float_hex.ts";

function read(text: string): number | undefined {
  return readFloatHex(new TextEncoder().encode(text));
}

Deno.test("a float is written as Python's float.hex() writes it", () => {
  const texts: [number, string][] = [
    [0, "0x0.0p+0"],
    [-0, "-0x0.0p+0"],
    [1, "0x1.0000000000000p+0"],
    [-1.5, "-0x1.8000000000000p+0"],
    [0.1, "0x1.999999999999ap-4"],
    [3.141592653589793, "0x1.921fb54442d18p+1"],
    [1e300, "0x1.7e43c8800759cp+996"],
    [Number.MAX_VALUE, "0x1.fffffffffffffp+1023"],
    [2.2250738585072014e-308, "0x1.0000000000000p-1022"],
    [2.225073858507201e-308, "0x0.fffffffffffffp-1022"],
    [5e-324, "0x0.0000000000001p-1022"],
    [NaN, "nan"],
    [Infinity, "inf"],
    [-Infinity, "-inf"],
  ];
  for (const [value, text] of texts) assert.equal(writeFloatHex(value), text);
});

Deno.test("a float is read as Python's float.fromhex reads it", () => {
  const texts: [string, number][] = [
    ["10", 16],
    ["0x10", 16],
    [" \t\n\v\f\r0X1.8P+0 \t\n\v\f\r", 1.5],
    ["+.8", 0.5],
    ["8.", 8],
    ["-0x.0p9999999999999999999", -0],
    ["-0", -0],
    ["0x1p-1074", 5e-324],
    ["0x0.8p-1074", 0], // just half of the smallest: to the even one
    ["0x0.8000000000000000000001p-1074", 5e-324],
    ["0x1.8p-1074", 1e-323],
    ["0x1.00000000000008p0", 1], // just half of the last bit
    ["0x1.000000000000080000000000000000000001p0", 1 + 2 ** -52],
    ["0x1.00000000000018p0", 1 + 2 ** -51],
    ["0x1.fffffffffffff7ffffffffffffp1023", Number.MAX_VALUE],
    ["0x0.00000000000000000000000000001p116", 1],
    ["100000000000000000000000000000p-116", 1],
    ["1p-99999999999999999999", 0],
    ["INF", Infinity],
    ["-Infinity", -Infinity],
    [" nan ", NaN],
    ["-NaN", NaN],
  ];
  for (const [text, value] of texts) assert.ok(Object.is(read(text), value), `${text} gave ${read(text)}`);
});

Deno.test("what Python's float.fromhex refuses is no float", () => {
  const texts = [
    "",
    " ",
    "0x",
    ".",
    "-",
    "--1",
    "- 1",
    "1 1",
    "x1",
    "1g",
    "1.2.3",
    "1p",
    "1p+",
    "1pa",
    "infin",
    "infinityy",
    "nano",
    "0xinf",
    "1\0",
    "\u00a01",
    "é",
    "0x1p1024",
    "0x1.fffffffffffff8p1023", // rounds up beyond the largest
    "1p99999999999999999999",
  ];
  for (const text of texts) assert.equal(read(text), undefined, text);
});

Deno.test("every float comes back as it was", () => {
  fc.assert(fc.property(fc.double(), (value) => Object.is(read(writeFloatHex(value)), value)), { seed: 1 });
});

Deno.test("a float of a million digits is read to the last", () => {
  const zeros = "0".repeat(1_000_000);
  assert.equal(read(`0x${zeros}1.8`), 1.5);
  assert.equal(read(`0x1.00000000000008${zeros}1`), 1 + 2 ** -52);
  assert.equal(read(`0x.${zeros}1p4000004`), 1);
});
