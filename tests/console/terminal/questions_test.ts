import assert from "node:assert/strict";
import { Confirm } from "../../../src/console/terminal/confirm.ts";
import { SecretLine } from "../../../src/console/terminal/secret_line.ts";

Deno.test("Confirm takes y and n, and everything that ends it otherwise as no", () => {
  const cases: [string, boolean][] = [
    ["y", true],
    ["Y", true],
    ["n", false],
    ["\r", false],
    ["\x1b", false],
    ["\x03", false],
    ["\x04", false],
    ["x\x1b[Ay", true],
  ];
  for (const [keys, value] of cases) {
    assert.deepEqual(new Confirm("Overwrite?").feed(keys), { value }, JSON.stringify(keys));
  }
  assert.equal(new Confirm("Overwrite?").feed("yes please"), undefined, "a paste is no answer");
});

Deno.test("Confirm shows its question without letting it drive the terminal", () => {
  const confirm = new Confirm("a\x1b[2J?");
  assert.equal(confirm.line.text, "a\\x1b[2J? (y/N) ");
  assert.equal(confirm.close(true), "? a\\x1b[2J? yes");
});

Deno.test("SecretLine shows nothing of what is typed or pasted, and gives it at Enter", () => {
  const line = new SecretLine("PIN");
  const before = line.line;
  for (const typed of ["hunx", "\x7f", "t", "\x1b[200~er2\n\x1b[201~"]) {
    assert.equal(line.feed(typed), undefined);
  }
  assert.deepEqual(line.line, before, "not even how long it is");
  assert.deepEqual(line.feed("\r"), { value: "hunter2" });
  assert.equal(line.close("hunter2"), "? PIN given");
});

Deno.test("SecretLine gives nothing for nothing, Esc, Ctrl-C and Ctrl-D", () => {
  for (const typed of ["\r", "abc\x15\r", "abc\x03", "\x1b", "\x04"]) {
    assert.deepEqual(new SecretLine("PIN").feed(typed), { value: undefined }, JSON.stringify(typed));
  }
  assert.equal(new SecretLine("PIN").close(undefined), "? PIN not given");
});

Deno.test("SecretLine takes no more than a key can be long", () => {
  const line = new SecretLine("PIN");
  line.feed("key");
  line.feed(`\x1b[200~${"x".repeat(70_000)}\x1b[201~`);
  assert.deepEqual(line.feed("\r"), { value: "key" });
});
