import assert from "node:assert/strict";
import fc from "fast-check";
import type { TypedLine } from "../../../src/console/terminal/line_layout.ts";
import { ScreenView } from "../../../src/console/terminal/screen_view.ts";
import { Screen } from "../../screen.ts";

const line = (text: string, cursor: number = text.length): TypedLine => ({
  prompt: "\x1b[32m> \x1b[39m",
  continuationPrompt: "… ",
  text,
  cursor,
});

Deno.test("ScreenView leaves nothing behind, whatever was drawn and printed in between", async () => {
  const character = fc.constantFrom("a", "b", " ", "日", "\n", "\t", "\x1b", "e\u0301", "😀");
  const text = fc.array(character, { maxLength: 60 });
  const size = { columns: 11, rows: 40 };
  await fc.assert(
    fc.asyncProperty(fc.array(fc.tuple(text, fc.nat(60)), { minLength: 1, maxLength: 6 }), async (steps) => {
      const screen = new Screen(size.columns, 60);
      const view = new ScreenView();
      let output = "";
      for (const [index, [characters, at]] of steps.entries()) {
        const cursor = characters.slice(0, at).join("").length;
        output += view.draw(line(characters.join(""), cursor), size);
        output += `${view.erase(size)}out ${index}\r\n`;
      }
      await screen.write(output);
      assert.equal(screen.text, steps.map((_, index) => `out ${index}`).join("\n"));
    }),
    { numRuns: 300, seed: 11 },
  );
});

for (const cursorLine of ["wraps anew", "stays"] as const) {
  Deno.test(`ScreenView finds its first row after another width where the cursor's line ${cursorLine}`, async () => {
    const character = fc.constantFrom("a", "b", " ", "\n");
    const text = fc.array(character, { maxLength: 80 });
    const columns = fc.integer({ min: 5, max: 40 });
    await fc.assert(
      fc.asyncProperty(text, fc.nat(80), columns, columns, async (characters, at, before, after) => {
        const screen = new Screen(before, 200, cursorLine);
        const view = new ScreenView({ wrapsCursorLine: cursorLine === "wraps anew" });
        const typed = line(characters.join(""), characters.slice(0, at).join("").length);
        await screen.write(`head\r\n${view.draw(typed, { columns: before, rows: 200 })}`);
        await screen.resize(after, 200);
        const size = { columns: after, rows: 200 };
        await screen.write(`${view.draw(typed, size)}${view.erase(size)}done`);
        assert.equal(screen.text, "head\ndone");
      }),
      { numRuns: 150, seed: 12 },
    );
  });
}

Deno.test("ScreenView shows rows below the line, and takes them off with it", async () => {
  const size = { columns: 30, rows: 24 };
  const text = fc.string({ unit: fc.constantFrom("a", "日", "\n"), maxLength: 80, size: "max" });
  const step = fc.record({ text, at: fc.nat(80), rows: fc.nat(12) });
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 6 }), async (steps) => {
      const screen = new Screen(size.columns, size.rows);
      const view = new ScreenView();
      for (const [index, { text, at, rows }] of steps.entries()) {
        const typed = line(text, Math.min(at, text.length));
        const below = Array.from({ length: rows }, (_, row) => `row ${row}`);
        const alone = new Screen(size.columns, size.rows);
        await alone.write(new ScreenView().draw(typed, { ...size, rows: size.rows - rows }));
        const drawn = view.draw({ ...typed, below }, size);
        assert.ok(
          drawn.split("\r\n").length <= size.rows,
          "nothing scrolls away that is to be taken off again",
        );
        await screen.write(drawn);
        assert.ok(screen.text.endsWith(below.join("\n")));
        assert.equal(screen.cursor.column, alone.cursor.column);
        await screen.write(`${view.erase(size)}out ${index}\r\n`);
        assert.ok(!screen.scrollback.includes("row "), "nothing of the rows is left");
      }
    }),
    { numRuns: 300, seed: 12 },
  );
});

Deno.test("ScreenView puts the cursor where the next character will stand", async () => {
  const size = { columns: 10, rows: 20 };
  const cases: [string, number, number, number][] = [
    ["", 0, 0, 2],
    ["abc", 1, 0, 3],
    ["12345678", 8, 1, 0], // the row is full
    ["12345678", 7, 0, 9],
    ["1234567日", 7, 1, 0], // a wide character does not fit into the last column
    ["日本", 1, 0, 4],
    ["a\nbc", 4, 1, 4],
    ["a\nbc", 1, 0, 3],
    ["\x1b!", 1, 0, 6],
  ];
  for (const [text, cursor, row, column] of cases) {
    const screen = new Screen(10, 20);
    await screen.write(new ScreenView().draw(line(text, cursor), size));
    assert.deepEqual(screen.cursor, { row, column }, `cursor ${cursor} in ${JSON.stringify(text)}`);
  }
});

Deno.test("ScreenView shows the lines around the cursor of a text taller than the screen", async () => {
  const size = { columns: 30, rows: 8 };
  const text = Array.from({ length: 100 }, (_, index) => `line ${index}`).join("\n");
  const shown = async (cursor: number) => {
    const screen = new Screen(30, 8);
    await screen.write(new ScreenView().draw(line(text, cursor), size));
    return screen.text.split("\n");
  };
  assert.deepEqual(await shown(0), [
    "> line 0",
    "… line 1",
    "… line 2",
    "… line 3",
    "… line 4",
    "… 95 more lines below",
  ]);
  const middle = await shown(text.indexOf("line 50"));
  assert.deepEqual([middle[0], middle.at(-1)], ["… 48 more lines above", "… 47 more lines below"]);
  assert.ok(middle.includes("… line 50"));
  assert.equal((await shown(text.length)).at(-1), "… line 99");
});

Deno.test("ScreenView shows the part around the cursor of a line longer than the screen", async () => {
  const size = { columns: 10, rows: 6 };
  const screen = new Screen(10, 6);
  const text = Array.from({ length: 100 }, (_, index) => String(index).padStart(10, ".")).join("");
  await screen.write(new ScreenView().draw(line(text, 500), size));
  const rows = screen.text.split("\n");
  assert.equal(rows.length, 3);
  assert.equal(rows[screen.cursor.row], "49........");
  assert.equal(screen.cursor.column, 2);
});
