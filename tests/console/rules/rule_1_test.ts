/** Rule 1: async output never alters the line being typed, the cursor or a list; a flood is batched, then counted. */
import assert from "node:assert/strict";
import { listen } from "../../../mod.ts";
import type { Pty } from "../../pty.ts";
import { atTheTerminal, enter } from "../at_terminal.ts";
import { Flood } from "./flood.ts";

const HIDDEN = /… ([\d,]+) more lines? not shown/g;

/** Connects the console to a flood. */
async function flooded(pty: Pty): Promise<Flood> {
  const flood = new Flood();
  await enter(pty, `const c = await connect("${flood.address}", { dialect: "lines" })`);
  await pty.until(() => pty.output.includes('"line 1"'), "the first line of the flood");
  return flood;
}

/** How many lines of the flood were shown, and how many were counted. */
function tally(output: string): { shown: number; counted: number } {
  const shown = output.match(/< "line \d+"/g)?.length ?? 0;
  const counted = [...output.matchAll(HIDDEN)].reduce((sum, [, n]) => sum + Number(n.replaceAll(",", "")), 0);
  return { shown, counted };
}

atTheTerminal("rule 1: what is typed under a flood is shown at once, whole and below it", async (pty) => {
  await using flood = await flooded(pty);
  let typed = "";
  for (const word of ["1 + 2", " * 3", " - 温度", " + 'x'"]) {
    typed += word;
    pty.type(word);
    await pty.until(() => pty.screen().endsWith(`> ${typed}`), `the line ${typed}`);
    assert.equal(flood.isRunning, true);
  }
  pty.press("Left", "Left", "Left");
  pty.type("y");
  await pty.until(() => pty.screen().endsWith("> 1 + 2 * 3 - 温度 + y'x'"), "what was put in");
  assert.equal(pty.cursor.column, "> 1 + 2 * 3 - TTTT + y".length);
  pty.press("Ctrl-C");
  await enter(pty, "6 * 7");
  await pty.until(() => /^42$/m.test(pty.scrollback()), "a result in the middle of the flood");
  assert.equal(flood.isRunning, true);
});

atTheTerminal(
  "rule 1: of a flood some lines are shown, all others are counted, and none is lost",
  async (pty) => {
    await using flood = await flooded(pty);
    await pty.until(() => flood.sent >= 60_000, "60,000 lines of flood", 30_000);
    await flood.stop();
    await enter(pty, "await new Promise((done) => setTimeout(done, 1100)); 'calm'", /^"calm"$/m);
    const { shown, counted } = tally(pty.scrollback());
    // "over" itself is among those that are shown or counted.
    const over = pty.scrollback().includes('< "over"') ? 0 : 1;
    assert.equal(shown + counted, flood.sent + over);
    assert(shown < flood.sent / 4, `${shown} of ${flood.sent} lines were shown`);
    assert(counted > 0);
  },
);

atTheTerminal(
  "rule 1: a flood changes neither the list of completions nor the line below it",
  async (pty) => {
    await using flood = await flooded(pty);
    await enter(pty, "const alpha1 = 1, alpha2 = 2");
    pty.type("alph");
    pty.press("Tab", "Tab", "Tab");
    await pty.until(() => /^alpha1 +alpha2$/m.test(pty.scrollback()), "the list");
    await pty.until(() => pty.screen().endsWith("> alpha"), "the line");
    assert.equal(flood.isRunning, true);
  },
);

atTheTerminal(
  "rule 1: no escape code leaks into the screen when it is resized under a flood",
  async (pty) => {
    await using flood = await flooded(pty);
    pty.type("kept as it is");
    for (const [columns, rows] of [[40, 10], [200, 60], [17, 5], [120, 40]]) {
      await pty.resize(columns, rows);
      const from = pty.output.length;
      await pty.until(() => pty.output.length > from + 2000, "more of the flood");
      const whole = () => pty.screen().replaceAll("\n", "").endsWith("> kept as it is");
      await pty.until(whole, `the line at ${columns} columns`);
      assert.doesNotMatch(pty.screen(), /\[\d*[A-K]|\[\?2004|;\d+R/);
    }
    assert.equal(flood.isRunning, true);
  },
);

atTheTerminal("rule 1: memory stays level however long the flood goes on", async (pty) => {
  await using flood = await flooded(pty);
  const residentBytes = () =>
    1024 * Number(/VmRSS:\s+(\d+)/.exec(Deno.readTextFileSync(`/proc/${pty.pid}/status`))![1]);
  await pty.until(() => flood.sent >= 40_000, "40,000 lines", 30_000);
  const first = residentBytes();
  await pty.until(() => flood.sent >= 160_000, "160,000 lines", 40_000);
  // 120,000 lines as they are kept by anything that forgets none: a value, an event and its text.
  assert(residentBytes() - first < 120_000 * 500, `${first} bytes became ${residentBytes()}`);
});

atTheTerminal(
  "rule 1: a terminal that takes nothing makes no link wait, and shows the line when it goes on",
  async (pty) => {
    await using server = await listen("tcp://127.0.0.1:0");
    await enter(pty, `const peer = await connect("${server.address}")`, "peer connected to");
    await enter(pty, "peer.onRequest('twice', (call, n: number) => 2 * n)", /2 \* n\)\n> $/);
    await using flood = await flooded(pty);
    pty.pause();
    const sent = flood.sent;
    // Far more than the terminal and everything before it can hold.
    while (flood.sent < sent + 60_000) await new Promise((resolve) => setTimeout(resolve, 10));
    assert.equal(await [...server.peers][0].request("twice", [21]), 42);
    await enter(pty, "'typed meanwhile'");
    pty.type("and this");
    assert.equal(await [...server.peers][0].request("twice", [4]), 8);
    pty.resume();
    await pty.until(() => /^"typed meanwhile"$/m.test(pty.scrollback()), "the result");
    await flood.stop();
    await pty.waitFor(/more lines not shown.*$[^]*^> and this$/m);
  },
);
