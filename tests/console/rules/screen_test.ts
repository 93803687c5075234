/** What is typed on every kind of screen: wide characters, changes of size, sizes that nobody expects. */
import assert from "node:assert/strict";
import { atTheTerminal, enter } from "../at_terminal.ts";

atTheTerminal("wide characters: each key takes or passes what a person sees as one", async (pty) => {
  pty.type("'温度é👍🏽e\u0301x'");
  await pty.waitFor("> '温度é👍🏽e\u0301x'");
  assert.equal(pty.cursor.column, "> '".length + 4 + 1 + 2 + 1 + 2);
  pty.press("Left", "Left", "Left"); // ' x é
  await pty.until(() => pty.cursor.column === "> '".length + 4 + 1 + 2, "the cursor before the last é");
  pty.press("Backspace", "Backspace", "Backspace"); // 👍🏽 é 度
  await pty.waitFor("> '温e\u0301x'");
  pty.press("End", "Enter");
  await pty.waitFor(/^"温e\u0301x"$/m);
});

atTheTerminal(
  "wide characters: a family of one glyph is taken back at once, and shown so that its width is known",
  async (pty) => {
    pty.type("['👨‍👩‍👧', 'y'].length");
    await pty.waitFor(/'y'\]\.length$/);
    pty.press("Enter");
    await pty.waitFor(/^2\n> $/m);
    pty.type("a👨‍👩‍👧");
    pty.press("Backspace");
    pty.type("b");
    await pty.waitFor(/> ab$/);
  },
);

atTheTerminal(
  "wide characters: a line of them wraps without losing one, and events pass above it",
  async (pty) => {
    const text = "温度".repeat(30);
    await enter(pty, "void setTimeout(() => console.log('above'), 50)");
    pty.type(`'${text}`);
    await pty.waitFor(/^above$/m);
    const line = () => pty.screen().slice(pty.screen().lastIndexOf("> ")).replaceAll("\n", "");
    await pty.until(() => line() === `> '${text}`, "all of it");
    pty.type("'.length");
    pty.press("Enter");
    await pty.waitFor(/^60\n> $/m);
  },
  { columns: 21, rows: 24 },
);

atTheTerminal("a resize while typing keeps the line, and what was above it", async (pty) => {
  await enter(pty, "'above it'", /^"above it"\n> $/m);
  const text = "0123456789".repeat(6);
  pty.type(text);
  await pty.waitFor(text);
  pty.press("Left", "Left");
  await pty.until(() => pty.cursor.column === 2 + 58, "the cursor two to the left");
  for (const [columns, rows] of [[20, 30], [61, 30], [62, 30], [9, 40], [120, 40]]) {
    const from = pty.output.length;
    await pty.resize(columns, rows);
    await pty.until(() => pty.output.slice(from).includes("0123"), `a drawing at ${columns} columns`);
    const whole = `"above it"> ${text}`;
    await pty.until(
      () => pty.scrollback().replaceAll("\n", "").endsWith(whole),
      `one line at ${columns} columns`,
    );
  }
  pty.type("x");
  await pty.waitFor(`${text.slice(0, -2)}x89`);
});

for (const [columns, rows] of [[1, 1], [2, 1], [10, 3], [500, 200]]) {
  atTheTerminal(
    `a terminal of ${columns} x ${rows}: lines are typed, evaluated and left as anywhere`,
    async (pty) => {
      await pty.resize(columns, rows);
      const shown = () => pty.scrollback().replaceAll(/\s/g, "");
      pty.type("6 * 7");
      pty.press("Enter");
      await pty.until(() => pty.output.includes("42"), "the answer");
      pty.type("// 温👍 a line that is longer than most");
      pty.press("Home", "Right", "Right", "Ctrl-C");
      await pty.until(() => pty.output.includes("^C"), "the end of the line");
      await enter(pty, "console.log('flood\\n'.repeat(300)); await 0; 'still' + 'here'");
      await pty.until(() => pty.output.replaceAll(/\s/g, "").includes('"stillhere"'), "the result");
      assert(columns < 10 || shown().includes('"stillhere"'));
      pty.press("Ctrl-D");
      assert.equal(await pty.exited(), 0);
    },
  );
}
