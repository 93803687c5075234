import assert from "node:assert/strict";
import { type PasteEvent, PasteFilter } from "../../../src/console/terminal/paste.ts";

const start = "\x1b[200~";
const end = "\x1b[201~";

/** Events with neighbouring keys joined, since where keys are cut means nothing. */
function joined(events: PasteEvent[]): PasteEvent[] {
  const result: PasteEvent[] = [];
  for (const event of events) {
    const last = result.at(-1);
    if ("keys" in event && last !== undefined && "keys" in last) last.keys += event.keys;
    else result.push({ ...event });
  }
  return result;
}

Deno.test("PasteFilter tells typed keys from a paste wherever the stream is cut", () => {
  const input = `ab\x1b[A${start}one\r\ntwo\rthree\x1b[20end${end}cd${start}${end}\x1b[3~`;
  const expected = [{ keys: "ab\x1b[A" }, { paste: "one\ntwo\nthree\x1b[20end" }, { keys: "cd" }, {
    paste: "",
  }, {
    keys: "\x1b[3~",
  }];
  assert.deepEqual(new PasteFilter().feed(input), expected);
  for (let first = 0; first <= input.length; first++) {
    for (const second of [first, first + 1, first + 3]) {
      const filter = new PasteFilter();
      const pieces = [input.slice(0, first), input.slice(first, second), input.slice(second)];
      assert.deepEqual(
        joined(pieces.flatMap((piece) => filter.feed(piece))),
        expected,
        `cut at ${first}, ${second}`,
      );
    }
  }
  const filter = new PasteFilter();
  assert.deepEqual(joined([...input].flatMap((character) => filter.feed(character))), expected);
});

Deno.test("PasteFilter swallows the rest of a cancelled paste", () => {
  const filter = new PasteFilter();
  assert.deepEqual(filter.feed(`${start}danger`), []);
  assert.equal(filter.pasting, true);
  filter.cancel();
  assert.deepEqual(filter.feed(`ous${end}safe`), [{ keys: "safe" }]);
  assert.equal(filter.pasting, false);
});

Deno.test("PasteFilter stops waiting for the end mark when cancelled twice", () => {
  const filter = new PasteFilter();
  filter.feed(`${start}lost`);
  filter.cancel();
  assert.deepEqual(filter.feed("more"), []);
  filter.cancel();
  assert.deepEqual(filter.feed("typed"), [{ keys: "typed" }]);
});

Deno.test("PasteFilter drops a paste over the limit whole and says how long it was", () => {
  const filter = new PasteFilter({ maxPasteChars: 10 });
  assert.deepEqual(filter.feed(`${start}0123456789${end}`), [{ paste: "0123456789" }]);
  assert.deepEqual(filter.feed(`${start}01234`), []);
  assert.deepEqual(filter.feed(`56789x${end}ok`), [{ tooLongChars: 11 }, { keys: "ok" }]);
});
