import assert from "node:assert/strict";
import { SecretBook } from "../../src/console/secret_book.ts";
import { plainValue } from "../../src/web/plain_value.ts";

const ROOM = { chars: 1000, nodes: 100, depth: 5 };

Deno.test("What JSON has no word for becomes an object with one key", () => {
  const cases: [unknown, unknown][] = [
    ["text", "text"],
    [12.5, 12.5],
    [NaN, { $number: "NaN" }],
    [-Infinity, { $number: "-Infinity" }],
    [12n, { $bigint: "12" }],
    [new Uint8Array([1, 2]), { $bytes: "AQI=" }],
    [new Date(0), { $date: "1970-01-01T00:00:00.000Z" }],
    [new Date(NaN), { $date: "" }],
    [new Error("kaput"), { $text: "Error: kaput" }],
    [() => 1, { $text: "function" }],
    [new Set([1]), [1]],
    [null, null],
    [undefined, undefined],
  ];
  for (const [value, expected] of cases) {
    const { value: plain, isCut } = plainValue(value, ROOM);
    assert.deepEqual(plain, expected);
    assert.equal(isCut, false);
  }
  assert.equal(JSON.stringify(plainValue(new Map([["a", 1]]), ROOM).value), '{"a":1}');
});

Deno.test("Secrets are masked wherever they stand, also where the value is cut in the middle of one", () => {
  const secrets = new SecretBook();
  secrets.add("PIN", "12345678");
  const bytes = new TextEncoder().encode("a 12345678 b");
  const value = { "12345678": ["is 12345678", 12345678, 12345678n, bytes], 1: new Error("no 12345678") };
  const plain = JSON.stringify(plainValue(value, ROOM, secrets).value);
  assert.equal(
    plain,
    `{"1":{"$text":"Error: no [secret PIN]"},"[secret PIN]":["is [secret PIN]","[secret PIN]",` +
      `{"$bigint":"[secret PIN]"},{"$bytes":"${btoa("a ******** b")}"}]}`,
  );
  for (let chars = 0; chars < 20; chars++) {
    const { value: cut } = plainValue("x 12345678 y", { ...ROOM, chars }, secrets);
    assert.doesNotMatch(String(cut), /1/);
  }
});

Deno.test("A key that is the name of the prototype is a name like any other", () => {
  const { value } = plainValue(JSON.parse('{"__proto__": {"x": 1}}'), ROOM);
  assert.equal(JSON.stringify(value), '{"__proto__":{"x":1}}');
});

Deno.test("Of long text, many values and deep ones only the beginning is told, and that it is", () => {
  const long = plainValue(["x".repeat(600), "y".repeat(600), "z"], ROOM);
  assert.deepEqual(long.value, ["x".repeat(600), "y".repeat(400), { $text: "…" }]);
  assert.equal(long.isCut, true);
  const bytes = plainValue(new Uint8Array(2000), ROOM);
  assert.equal((bytes.value as { $bytes: string }).$bytes.length, 1336);
  assert.equal(bytes.isCut, true);
  const many = plainValue(Array.from({ length: 1000 }, (_, index) => index), ROOM);
  assert.equal((many.value as unknown[]).length, 100);
  assert.equal(many.isCut, true);
  const ring: unknown[] = [];
  ring.push(ring);
  assert.equal(JSON.stringify(plainValue(ring, ROOM).value), '[[[[[{"$text":"…"}]]]]]');
  const huge = plainValue(1n << 100_000n, ROOM);
  assert.match((huge.value as { $bigint: string }).$bigint, /^0x10{63}…$/);
  assert.equal(huge.isCut, true);
});
