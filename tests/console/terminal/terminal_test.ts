import assert from "node:assert/strict";
import { join } from "node:path";
import { Pty, ptyAvailable, type PtyOptions } from "../../pty.ts";

const fixture = new URL("../fixtures/echo_console.ts", import.meta.url).pathname;
const command = [Deno.execPath(), "run", "--quiet", "-A", "--no-prompt", fixture] as const;

/** A test that drives the echo console. It gets the console with its first prompt on the screen. */
function consoleTest(name: string, test: (pty: Pty) => Promise<void>, options: PtyOptions = {}): void {
  Deno.test(`Terminal ${name}`, { ignore: !ptyAvailable, timeout: 30_000 }, async () => {
    await using pty = Pty.run(command, options);
    await pty.waitFor(/> $/);
    await test(pty);
  });
}

/** Submit a line and wait until the next prompt stands below its echo. */
async function submit(pty: Pty, text: string): Promise<void> {
  pty.type(text);
  pty.press("Enter");
  await pty.waitFor(`${JSON.stringify(text)}\n> `);
}

/** The screen without the line the echo console starts with. */
const shown = (pty: Pty) => pty.screen().replace(/^echo console\n/, "");

consoleTest("reads a line and shows the next prompt", async (pty) => {
  await submit(pty, "hello wörld 温度");
  assert.equal(shown(pty), '> hello wörld 温度\n"hello wörld 温度"\n> ');
});

consoleTest("moves and edits with every editing key", async (pty) => {
  pty.type("one two three");
  pty.press("Ctrl-A", "Delete");
  pty.type("O");
  pty.press("Ctrl-E", "Backspace", "Backspace");
  pty.type("E");
  pty.press("Home", "Alt-F", "Alt-D", "Right", "Left");
  await pty.waitFor("> One thrE");
  assert.deepEqual(pty.cursor, { row: 1, column: 5 });
  pty.press("Ctrl-Y", "End", "Ctrl-W");
  await pty.waitFor("> One two ");
  pty.press("Ctrl-U");
  await pty.waitFor(/^> $/m);
  pty.press("Ctrl-Y", "Alt-B", "Ctrl-K");
  await pty.waitFor(/^> One two $/m);
  assert.equal(shown(pty), "> One two ");
});

consoleTest("joins the lines of an unfinished input", async (pty) => {
  pty.type("if {");
  pty.press("Enter");
  await pty.waitFor("… ");
  pty.press("Tab");
  pty.type("body");
  pty.press("Enter");
  pty.type("}");
  await pty.waitFor("… }");
  assert.equal(shown(pty), "> if {\n…   body\n… }");
  pty.press("Up", "Home");
  pty.type("my");
  await pty.waitFor("… my  body");
  pty.press("Enter");
  await pty.waitFor('"if {\\nmy  body\\n}"\n> ');
});

consoleTest("recalls an input of several lines as one entry", async (pty) => {
  pty.paste("first {\n}");
  pty.press("Enter");
  await pty.waitFor('"first {\\n}"');
  await submit(pty, "second");
  pty.type("draft");
  pty.press("Up");
  pty.press("Ctrl-U", "Up");
  await pty.waitFor(/> second$/);
  pty.press("Up");
  await pty.waitFor(/> first \{\n… \}$/);
  assert.deepEqual(pty.cursor, { row: 7, column: 3 });
  pty.press("Down");
  await pty.waitFor(/> second$/);
  pty.press("Down");
  await pty.waitFor(/> $/);
});

consoleTest("searches with Up for entries that begin with what was typed", async (pty) => {
  for (const input of ["alpha 1", "beta", "alpha 2"]) await submit(pty, input);
  pty.type("al");
  pty.press("Up", "Up");
  await pty.waitFor(/> alpha 1$/);
  pty.press("Down", "Down");
  await pty.waitFor(/> al$/);
});

consoleTest("searches backwards with Ctrl-R", async (pty) => {
  for (const input of ["connect one", "send", "connect two"]) await submit(pty, input);
  pty.type("kept");
  pty.press("Ctrl-R");
  await pty.waitFor("(search) : kept");
  pty.type("onn");
  await pty.waitFor("(search) onn: connect two");
  assert.equal(pty.cursor.column, "(search) onn: c".length);
  pty.press("Ctrl-R");
  await pty.waitFor("(search) onn: connect one");
  pty.type("zz");
  await pty.waitFor("(nothing found) onnzz: connect one");
  pty.press("Ctrl-G");
  await pty.waitFor(/> kept$/);
  pty.press("Ctrl-U", "Ctrl-R");
  pty.type("sen");
  await pty.waitFor("(search) sen: send");
  pty.press("End");
  pty.type("!");
  pty.press("Enter");
  await pty.waitFor('"send!"\n> ');
});

consoleTest("completes what is common at once and lists the rest at the second Tab", async (pty) => {
  pty.type("x se");
  pty.press("Left", "Right", "Tab");
  pty.type("l");
  pty.press("Tab");
  await pty.waitFor("> x sel");
  pty.press("Tab");
  await pty.waitFor(/> x sel\nselect +selfcheck +selfish$/);
  assert.equal(shown(pty), "> x sel\nselect     selfcheck  selfish");
  assert.deepEqual(pty.cursor, { row: 1, column: "> x sel".length });
  pty.type("fc");
  pty.press("Tab");
  await pty.waitFor("> x selfcheck");
  assert.equal(shown(pty), "> x selfcheck", "the list is closed by the next key");
  assert.deepEqual(pty.cursor, { row: 1, column: "> x selfcheck".length });
});

consoleTest("prints above the line being typed, with the cursor inside a wrapped line", async (pty) => {
  pty.type("tick 40");
  pty.press("Enter");
  pty.type("0123456789abcdefghijklmnopqrstuvwxyz温度");
  pty.press("Left", "Left", "Left", "Left");
  pty.type("!");
  await pty.waitFor("tock 40");
  await pty.waitFor("wx!yz");
  const ticks = Array.from({ length: 40 }, (_, index) => `tock ${index + 1}`).join("\n");
  const line = "> 0123456789abcdefgh\nijklmnopqrstuvwx!yz\n温度";
  assert.equal(pty.scrollback(), `echo console\n> tick 40\n${ticks}\n${line}`);
  assert.equal(pty.cursor.column, "ijklmnopqrstuvwx!".length);
  pty.press("Enter");
  await pty.until(() => pty.screen().replaceAll("\n", "").endsWith('wx!yz温度"> '), "the whole line echoed");
}, { columns: 20, rows: 10 });

consoleTest("prints above a line that ends exactly at the edge of the screen", async (pty) => {
  pty.type("tick 3");
  pty.press("Enter");
  pty.type("12345678");
  await pty.waitFor("tock 3");
  await pty.waitFor("12345678");
  assert.equal(pty.scrollback(), "echo conso\nle\n> tick 3\ntock 1\ntock 2\ntock 3\n> 12345678");
  assert.equal(pty.cursor.column, 0);
  pty.type("9");
  await pty.waitFor("> 12345678\n9");
}, { columns: 10, rows: 12 });

consoleTest("shows a flood in part and counts the rest, with the line intact", async (pty) => {
  pty.type("flood 50000");
  pty.press("Enter");
  pty.type("typed meanwhile");
  await pty.waitFor(/… [\d,]+ more lines not shown\n> typed meanwhile$/);
  const lines = pty.scrollback().split("\n").filter((line) => line.startsWith("drop "));
  const hidden = Number(/… ([\d,]+) more/.exec(pty.screen())![1].replace(",", ""));
  assert.equal(lines.length + hidden, 50_000);
});

consoleTest("keeps what was typed while an evaluation ran", async (pty) => {
  pty.type("busy");
  pty.press("Enter");
  await pty.waitFor(/working$/);
  assert.equal(shown(pty), "> busy\nworking");
  pty.press("Ctrl-C");
  await pty.waitFor(/interrupted\n> $/);
  pty.type("loop\rone\rtw");
  await pty.waitFor("looping");
  pty.press("Ctrl-C");
  await pty.waitFor("stopped\n> ");
  pty.type("after\rthree\rfour");
  await pty.waitFor(/"three"\n> four$/);
});

consoleTest("stops an endless loop of typed code with Ctrl-C through the stop flag", async (pty) => {
  pty.type("loop");
  pty.press("Enter");
  await pty.waitFor("looping");
  pty.press("Ctrl-C");
  await pty.waitFor(/looping\nstopped\n> $/);
  await submit(pty, "alive");
});

consoleTest("clears the line at Ctrl-C, all its lines, and hints on an empty one", async (pty) => {
  pty.type("half {");
  pty.press("Enter");
  pty.type("more");
  await pty.waitFor("… more");
  pty.press("Up", "Ctrl-C");
  await pty.waitFor(/> half \{\n… more\^C\n> $/);
  pty.press("Ctrl-C");
  await pty.waitFor(/\(Ctrl-D to leave\)\n> $/);
  await submit(pty, "fresh");
});

consoleTest("deletes forward at Ctrl-D, and leaves on an empty line", async (pty) => {
  pty.type("ab");
  pty.press("Left", "Ctrl-D");
  await pty.waitFor(/> a$/);
  pty.press("Backspace", "Ctrl-D");
  assert.equal(await pty.exited(), 0);
  assert.match(pty.screen(), /\n> \nbye$|\n>\nbye$/);
  assert.equal(pty.cooked, true);
  assert.equal(pty.modes.has("2004"), false);
});

consoleTest("takes a paste as one edit that waits for Enter", async (pty) => {
  pty.type("a ");
  pty.paste("one {\n\ttwo\n}\n");
  await pty.waitFor("…   two\n… }\n… ");
  assert.equal(shown(pty), "> a one {\n…   two\n… }\n… ");
  pty.press("Enter");
  await pty.waitFor('"a one {\\n\\ttwo\\n}\\n"\n> ');
  pty.paste("unwanted {\nlines");
  await pty.waitFor("… lines");
  pty.press("Ctrl-C");
  await pty.waitFor(/… lines\^C\n> $/);
});

consoleTest("shows the escape sequences of a paste instead of obeying them", async (pty) => {
  pty.type("\x1b[200~a\x1b[2Jb\u202ec\x1b[201~");
  await pty.waitFor("> a\\x1b[2Jb\\u202ec");
  pty.press("Left", "Left");
  assert.equal(pty.screen().split("\n").length, 2);
  pty.press("Enter");
  await pty.waitFor('"a\\u001b[2Jb\\u202ec"');
});

consoleTest("takes, cancels and submits a paste of 40,000 lines", async (pty) => {
  const lines = Array.from({ length: 40_000 }, (_, index) => `line ${index}`);
  pty.paste(lines.join("\n"));
  await pty.waitFor(/\n… 39,979 more lines above\n… line 39979\n(… line \d+\n)+… line 39999$/);
  pty.type("x");
  await pty.waitFor("line 39999x");
  pty.press("Ctrl-C");
  await pty.waitFor(/line 39999x\^C\n> $/);
  pty.type(`\x1b[200~${lines.join("\r")}`);
  pty.press("Ctrl-C");
  await pty.waitFor(/\(paste cancelled\)\n> $/);
  pty.type("still swallowed\x1b[201~typed");
  await pty.waitFor(/> typed$/);
});

consoleTest("draws the line again after the terminal became narrower and wider", async (pty) => {
  await submit(pty, "above");
  pty.type("0123456789012345678901234567890123456789");
  pty.press("Left", "Left");
  // All of it is drawn, and the cursor is at home: what is still on its way would be drawn for another width.
  await pty.until(() => pty.cursor.row === 4 && pty.cursor.column === 10, "the cursor two to the left");
  for (const [columns, rows] of [[15, 20], [60, 20], [7, 30], [30, 20], [40, 5]]) {
    const before = pty.output.length;
    await pty.resize(columns, rows);
    await pty.until(() => pty.output.slice(before).includes("0123"), `a new drawing at ${columns} columns`);
    const whole = () => pty.scrollback().replaceAll("\n", "");
    const digits = "0123456789".repeat(4);
    pty.type("x");
    const typed = `echo console> above"above"> ${digits.slice(0, -2)}x89`;
    await pty.until(() => whole() === typed, `nothing twice at ${columns} columns`);
    pty.press("Backspace");
    await pty.until(() => whole() === typed.replace("x", ""), `the same at ${columns} columns`);
  }
}, { columns: 30, rows: 20 });

consoleTest("empties the screen at Ctrl-L and keeps the line", async (pty) => {
  pty.type("kept");
  pty.press("Left", "Ctrl-L");
  await pty.until(() => pty.screen() === "> kept", "the line at the top");
  assert.deepEqual(pty.cursor, { row: 0, column: 5 });
});

consoleTest("comes back from Ctrl-Z when there is no shell to go to", async (pty) => {
  pty.type("kept");
  pty.press("Ctrl-Z");
  pty.type("!");
  await pty.waitFor(/> kept!$/);
  assert.equal(pty.cooked, false);
});

consoleTest("sets its modes again after it was stopped and goes on", async (pty) => {
  pty.type("kept");
  await pty.waitFor("kept");
  pty.kill("SIGSTOP");
  pty.kill("SIGCONT");
  await pty.until(() => pty.output.split("\x1b[?2004h").length > 2, "bracketed paste anew");
  pty.type("!");
  await pty.waitFor(/^> kept!$/m);
});

for (const signal of ["SIGTERM", "SIGHUP"] as const) {
  consoleTest(`gives the terminal back at ${signal}`, async (pty) => {
    pty.type("half");
    await pty.waitFor("half");
    pty.kill(signal);
    assert.equal(await pty.exited(), signal === "SIGTERM" ? 143 : 0);
    assert.equal(pty.cooked, true);
    assert.equal(pty.modes.has("2004"), false);
  });
}

for (const [input, code] of [["exit", 7], ["throw", 1]] as const) {
  consoleTest(`gives the terminal back when the program ends by "${input}"`, async (pty) => {
    pty.type(input);
    pty.press("Enter");
    assert.equal(await pty.exited(), code);
    assert.equal(pty.cooked, true);
    assert.equal(pty.modes.has("2004"), false);
    if (input === "throw") assert.match(pty.screen(), /\n>\nerror: Uncaught .*nobody caught this/);
  });
}

consoleTest("ends when the terminal hangs up", async (pty) => {
  pty.type("half");
  await pty.waitFor("half");
  assert.equal(await pty.close(), 0);
});

consoleTest("ends when the terminal hangs up during an evaluation", async (pty) => {
  pty.type("busy");
  pty.press("Enter");
  await pty.waitFor("working");
  assert.equal(await pty.close(), 129);
});

consoleTest("writes no escape sequence to a dumb terminal, and edits all the same", async (pty) => {
  pty.type("tick 3");
  pty.press("Enter");
  pty.type("hxllo and a long tail of text");
  pty.press("Home", "Right", "Delete");
  pty.type("e");
  await pty.waitFor("tock 3");
  await pty.waitFor("> hello");
  assert.match(pty.screen(), /tock 1\ntock 2\ntock 3\n> hello/);
  pty.press("Enter");
  await pty.waitFor('"hello and a');
  assert.equal(pty.output.includes("\x1b"), false);
  pty.press("Ctrl-D");
  assert.equal(await pty.exited(), 0);
}, { columns: 20, env: { TERM: "dumb" } });

Deno.test(
  "Terminal keeps an input in the history before it is evaluated",
  { ignore: !ptyAvailable },
  async () => {
    const directory = Deno.makeTempDirSync({ prefix: "terminal-test-" });
    try {
      const path = join(directory, "history");
      const env = { TEST_HISTORY: path };
      {
        await using pty = Pty.run(command, { env });
        await pty.waitFor(/> $/);
        pty.type("busy");
        pty.press("Enter");
        await pty.waitFor("working");
        assert.equal(Deno.readTextFileSync(path), '"busy"\n');
      }
      await using pty = Pty.run(command, { env });
      await pty.waitFor(/> $/);
      pty.press("Up");
      await pty.waitFor(/> busy$/);
    } finally {
      Deno.removeSync(directory, { recursive: true });
    }
  },
);

Deno.test("Terminal takes what was typed before it was ready", { ignore: !ptyAvailable }, async () => {
  await using pty = Pty.run(command);
  pty.type("early\rlater");
  await pty.waitFor(/"early"\n> later$/);
});

Deno.test(
  "Terminal draws the prompt again when it has begun to read",
  { ignore: !ptyAvailable },
  async () => {
    await using pty = Pty.run(command);
    await pty.until(() => pty.output.split("> ").length > 2, "the prompt drawn twice, without a key");
    assert.equal(shown(pty), "> ");
  },
);
