import assert from "node:assert/strict";
import { MAX_FOUND, numbersIn } from "../../../src/web/page/numbers.ts";
import type { PageSaid } from "../../../src/web/page/wire.ts";
import { said } from "./said.ts";

function found(facts: Partial<PageSaid>): Record<string, number> {
  return Object.fromEntries(numbersIn(said(facts)).map(({ path, value }) => [path, value]));
}

Deno.test("Numbers are found in values by their path", () => {
  assert.deepEqual(found({ value: 12.5 }), { value: 12.5 });
  assert.deepEqual(found({ value: { a: 1, b: { c: [2, { d: 3 }] }, e: "no", f: null, g: true } }), {
    a: 1,
    "b.c[0]": 2,
    "b.c[1].d": 3,
  });
  assert.deepEqual(found({ value: { n: { $bigint: "12" }, raw: { $bytes: "AQI=" } } }), { n: 12 });
});

Deno.test("Numbers are found in text by name, by column, and as JSON", () => {
  const cases: [string, Record<string, number>][] = [
    ["speed=12.5", { speed: 12.5 }],
    ["speed=12.5,rpm = 3000; temp: -4.2C", { speed: 12.5, rpm: 3000, temp: -4.2 }],
    ["12.5", { value: 12.5 }],
    ["+1.23E+01 V", { value: 12.3 }],
    ["1.5, 2,x,-3e2", { "column 1": 1.5, "column 2": 2, "column 4": -300 }],
    ["x y\t3", { "x y 2": 3 }],
    ["10 20", { "column 1": 10, "column 2": 20 }],
    ["$GPGGA,123519,4807.038,N", { "$GPGGA 2": 123519, "$GPGGA 3": 4807.038 }],
    ['{"bat": 18, "pos": [1, 2]}', { bat: 18, "pos[0]": 1, "pos[1]": 2 }],
    ["{not json", {}],
    ["at 12:30:15 all is well", {}],
    ["hello", {}],
    ["", {}],
    ["192.168.1.1", {}],
    ["0x1f", {}],
  ];
  for (const [value, expected] of cases) assert.deepEqual(found({ value }), expected, value);
});

Deno.test("Numbers in calls and answers have the name of the call", () => {
  assert.deepEqual(found({ kind: "action", name: "telemetry", args: [{ bat: 18 }] }), {
    "telemetry.bat": 18,
  });
  assert.deepEqual(found({ kind: "request", name: "move", args: [1, 2], kwargs: { v: 3 } }), {
    "move[0]": 1,
    "move[1]": 2,
    "move.v": 3,
  });
  assert.deepEqual(found({ kind: "answer", name: "battery", value: 14.1 }), { battery: 14.1 });
  assert.deepEqual(found({ kind: "failure", name: "battery", value: "5" }), {});
  assert.deepEqual(found({ kind: "bytes", value: { $bytes: "NQ==" } }), {});
});

Deno.test("A message of many numbers gives no more than a page can list", () => {
  assert.equal(numbersIn(said({ value: Array.from({ length: 1000 }, () => 1) })).length, MAX_FOUND);
  assert.equal(numbersIn(said({ value: "1,".repeat(900) })).length, MAX_FOUND);
});

Deno.test("Text that was made to take long does not", () => {
  for (const unit of ["a", "a=", "1", " ", "a ", "-", "1.", "e1"]) {
    numbersIn(said({ value: unit.repeat(500_000) }));
  }
});
