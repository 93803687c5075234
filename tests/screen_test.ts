import assert from "node:assert/strict";
import { Screen } from "./screen.ts";

Deno.test("Screen wraps when a character no longer fits, not before", async () => {
  const screen = new Screen(4, 5);
  await screen.write("abcd");
  assert.deepEqual([screen.text, screen.cursor], ["abcd", { row: 0, column: 3 }]);
  await screen.write("e日本");
  assert.equal(screen.text, "abcd\ne日\n本");
});

Deno.test("Screen scrolls and keeps what scrolled away", async () => {
  const screen = new Screen(10, 2);
  await screen.write("1\r\n2\r\n3");
  assert.equal(screen.text, "2\n3");
  assert.equal(screen.scrollback, "1\n2\n3");
});

Deno.test("Screen moves and erases, also when a sequence comes in pieces", async () => {
  const screen = new Screen(10, 5);
  await screen.write("first\r\nsecond\r\nthird\x1b");
  await screen.write("[1");
  await screen.write("A\r\x1b[3C\x1b[J!");
  assert.equal(screen.text, "first\nsec!");
  await screen.write("\x1b[H\x1b[2Kx\x1b[?2004h");
  assert.equal(screen.text, "x\nsec!");
  assert.ok(screen.modes.has("2004"));
});

Deno.test("Screen wraps anew what was wrapped when its size changes", async () => {
  const screen = new Screen(10, 5);
  await screen.write("head\r\n0123456789abcd\x1b[2D");
  await screen.resize(6, 5);
  assert.equal(screen.text, "head\n012345\n6789ab\ncd");
  assert.deepEqual(screen.cursor, { row: 3, column: 0 });
  await screen.resize(20, 5);
  assert.equal(screen.text, "head\n0123456789abcd");
  assert.deepEqual(screen.cursor, { row: 1, column: 12 });
});
