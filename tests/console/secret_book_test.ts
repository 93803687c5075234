import assert from "node:assert/strict";
import { jsonText } from "../../src/console/json_text.ts";
import { SecretBook } from "../../src/console/secret_book.ts";
import { showValue } from "../../mod.ts";

const bytes = (text: string) => new TextEncoder().encode(text);

/** One that knows these. */
function book(secrets: Record<string, string>): SecretBook {
  const made = new SecretBook();
  for (const [name, value] of Object.entries(secrets)) made.add(name, value);
  return made;
}

Deno.test("SecretBook masks a secret in whatever form it is shown", () => {
  const hostile = "p\"w\t'\\\x1b\u202e\n\u00ff$&";
  const { mask, isIn } = book({ PIN: hostile });
  const shown: unknown[] = [
    hostile,
    { inside: [hostile] },
    [`\`${hostile}`],
    new Map([[hostile, 1]]),
    new Error(`x ${hostile}`),
    bytes(hostile),
  ];
  for (const value of shown) {
    const text = showValue(value);
    assert(isIn(text), text);
    assert.match(mask(text), /\[secret PIN\]/);
    assert.doesNotMatch(mask(text), /\$&|p"w|p\\"w|70 22 77/);
  }
  assert.equal(mask(JSON.stringify({ a: hostile })), '{"a":"[secret PIN]"}');
  assert.equal(mask(`a?pin=${encodeURIComponent(hostile)}`), "a?pin=[secret PIN]");
});

Deno.test("SecretBook masks the longer one of two secrets that begin alike, and each with its name", () => {
  const { mask } = book({ SHORT: "hunter", LONG: "hunter2" });
  assert.equal(mask("hunter2 hunter hunter22"), "[secret LONG] [secret SHORT] [secret LONG]2");
});

Deno.test("SecretBook keeps an old value masked when a name gets another one", () => {
  const secrets = book({ PIN: "first-one" });
  secrets.add("PIN", "second-one");
  assert.equal(secrets.mask("first-one second-one"), "[secret PIN] [secret PIN]");
  assert.deepEqual(secrets.maskBytes(bytes("first-one second-one")), bytes("********* **********"));
});

Deno.test("SecretBook leaves alone what holds none, and secrets of fewer than 4 characters", () => {
  const { mask, maskBytes, isIn } = book({ PIN: "123" });
  const wire = bytes("123");
  assert.deepEqual([mask("123"), isIn("123"), maskBytes(wire)], ["123", false, wire]);
  assert.equal(new SecretBook().mask("anything"), "anything");
});

Deno.test("SecretBook masks bytes with as many stars, and does not touch those it was given", () => {
  const { maskBytes } = book({ PIN: "hunter2" });
  const wire = bytes("\x07hunter2\x00hunterhunter2");
  assert.deepEqual(maskBytes(wire), bytes("\x07*******\x00hunter*******"));
  assert.deepEqual(wire, bytes("\x07hunter2\x00hunterhunter2"));
});

Deno.test("SecretBook masks what becomes JSON, which stays JSON", () => {
  const secrets = book({ PIN: "12345" });
  const value = {
    text: "a 12345",
    number: 12345,
    big: 12345n,
    bytes: bytes("12345"),
    "12345": new Error("12345"),
  };
  const text = jsonText({ value }, secrets);
  assert.doesNotMatch(text, /12345/);
  assert.deepEqual(JSON.parse(text).value.bytes, { $bytes: bytes("*****").toBase64() });
  assert.equal(JSON.parse(text).value.number, "[secret PIN]");
});
