import assert from "node:assert/strict";
import { argumentsOf, messageOf, OrderError, readOrder } from "../../src/web/send_order.ts";

const ORDER = { link: 1, doing: "send", format: "text", content: "", ending: "", name: "" } as const;

Deno.test("Bytes are read in every way that people write them", () => {
  for (const content of ["de ad", "DEAD", "0xde, 0xAD", "de:ad", "de-ad", "de_ad;"]) {
    assert.deepEqual(messageOf({ ...ORDER, format: "hex", content }, true), Uint8Array.of(0xde, 0xad));
  }
  const bad = (content: string) => () => messageOf({ ...ORDER, format: "hex", content }, true);
  assert.throws(bad("0g"), { message: 'Cannot send this as hex: "g" is no hexadecimal digit' });
  assert.throws(bad("abc"), { message: "Cannot send this as hex: 3 digits, and a byte has two" });
});

Deno.test("JSON is sent as a value, and as text where a link has nothing else", () => {
  const order = { ...ORDER, format: "json" as const, content: ' {"a": [1, 2]} ', ending: "\n" };
  assert.deepEqual(messageOf(order, false), { a: [1, 2] });
  assert.equal(messageOf(order, true), '{"a":[1,2]}\n');
  assert.throws(() => messageOf({ ...order, content: "{a: 1}" }, false), OrderError);
  assert.equal(messageOf({ ...order, format: "text" }, true), ' {"a": [1, 2]} \n');
});

Deno.test("Arguments are JSON separated by commas", () => {
  assert.deepEqual(argumentsOf({ ...ORDER, content: '5, "north", {"x": [1]}' }), [5, "north", { x: [1] }]);
  assert.deepEqual(argumentsOf({ ...ORDER, content: "[1, 2]" }), [[1, 2]]);
  assert.deepEqual(argumentsOf({ ...ORDER, content: " " }), []);
  assert.throws(() => argumentsOf({ ...ORDER, content: "north" }), /write JSON separated by commas, such as/);
});

Deno.test("An order that is none is refused", () => {
  assert.deepEqual(readOrder(JSON.stringify(ORDER)), { ...ORDER, peer: undefined });
  const bad = ["", "null", "[]", "{}", '"x"'];
  const wrong = [{ link: "1" }, { peer: "2" }, { doing: "close" }, { format: "html" }, { content: 1 }, {
    name: {},
  }];
  for (const text of [...bad, ...wrong.map((part) => JSON.stringify({ ...ORDER, ...part }))]) {
    assert.throws(() => readOrder(text), OrderError, text);
  }
});
