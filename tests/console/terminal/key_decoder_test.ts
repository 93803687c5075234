import assert from "node:assert/strict";
import { type Key, KeyDecoder } from "../../../src/console/terminal/key_decoder.ts";

/** Keys in short: names as they are, inserted text in quotes. */
const short = (keys: Key[]) => keys.map((key) => "name" in key ? key.name : `"${key.insert}"`).join(" ");

Deno.test("KeyDecoder knows the keys in the forms different terminals send", () => {
  for (
    const [input, keys] of [
      ["\x1b[A\x1bOA\x10", "up up up"],
      ["\x1b[H\x1bOH\x1b[1~\x1b[7~\x01", "home home home home home"],
      ["\x1b[F\x1b[4~\x05", "end end end"],
      ["\x1b[1;5D\x1b[1;3D\x1b[1;2D\x1bb", "wordLeft wordLeft left wordLeft"],
      ["\x1b[3~\x1b[3;5~\x7f\x1b\x7f", "delete deleteWordRight backspace deleteWordLeft"],
      ["a\x1b\rb\r", '"a" newline "b" enter'],
      ["ä日😀\t\x04", '"ä日😀" tab endOfInput'],
    ]
  ) assert.equal(short(new KeyDecoder().feed(input)), keys);
});

Deno.test("KeyDecoder puts a sequence together wherever it was cut", () => {
  const input = "x\x1b[1;5Cy\x1bOAz\x1b[3~\x1bd";
  const keys = '"x" wordRight "y" up "z" delete deleteWordRight';
  const decoder = new KeyDecoder();
  assert.equal(short([...input].flatMap((character) => decoder.feed(character))), keys);
});

Deno.test("KeyDecoder drops keys without a meaning, and none of their bytes becomes text", () => {
  assert.equal(short(new KeyDecoder().feed("\x1b[15~\x1b[1;5P\x1b[?1;2c\x1b[<0;1;1Ma\x00\x1c")), '"a"');
});

Deno.test("KeyDecoder takes ESC before an ordinary key for nothing", () => {
  assert.equal(short(new KeyDecoder().feed("\x1bx\x1b\x1b[A")), '"x" up');
});

Deno.test("KeyDecoder does not hold back a sequence that never ends", () => {
  const decoder = new KeyDecoder();
  decoder.feed(`\x1b[${"1".repeat(100)}`);
  assert.match(short(decoder.feed("x")), /"x"$/);
});
