import assert from "node:assert/strict";
import { Choice } from "../../../src/console/terminal/choice.ts";

const shown = (choice: Choice) => choice.line.text.split("\n").slice(1);

Deno.test("Choice moves with the arrow keys and numbers, and stays among its answers", () => {
  const choice = new Choice("Which?", ["a", "b\x1b[2J", "c"]);
  assert.deepEqual(shown(choice), ["> a", "  b\\x1b[2J", "  c"]);
  assert.equal(choice.feed("\x1b[A"), undefined);
  assert.equal(choice.feed("\x1b[B\x1b[B\x1b[B"), undefined);
  assert.deepEqual(shown(choice), ["  a", "  b\\x1b[2J", "> c"]);
  assert.equal(choice.feed("9"), undefined);
  assert.equal(choice.feed("2"), undefined);
  const { text, cursor } = choice.line;
  assert(text.slice(0, cursor).endsWith("> b\\x1b[2J"), "the cursor is in the chosen row");
  assert.deepEqual(choice.feed("\r"), { value: 1 });
  assert.equal(choice.close(1), "? Which? b\\x1b[2J");
});

Deno.test("Choice is answered with none by Esc, Ctrl-C, Ctrl-D and Ctrl-G", () => {
  for (const key of ["\x1b", "\x03", "\x04", "\x07"]) {
    assert.deepEqual(new Choice("Which?", ["a"]).feed(key), { value: null });
  }
  assert.equal(new Choice("Which?", ["a"]).close(null), "? Which? none");
});
