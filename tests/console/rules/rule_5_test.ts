/** Rule 5: a paste is one edit: shown, not run until Enter, cancelled by Ctrl-C; a long one to a link is paced. */
import assert from "node:assert/strict";
import { serial } from "../../../mod.ts";
import { virtualSerialPair } from "../../../src/testing/mod.ts";
import { atTheTerminal, enter } from "../at_terminal.ts";
import { Flood } from "./flood.ts";

const LINES = 10_000;
const paste = Array.from({ length: LINES }, (_, index) => `total += ${index};`).join("\n");
const TOTAL = LINES * (LINES - 1) / 2;
const WHOLE = /… 9,9\d\d more lines above\n… [^]*total \+= 9999;$/;

atTheTerminal("rule 5: a paste of 10,000 lines is shown, and runs once at Enter", async (pty) => {
  await enter(pty, "let total = 0", /total = 0\n> $/);
  pty.paste(paste);
  await pty.waitFor(WHOLE);
  pty.type(" console.log(`ran ${total}`)");
  pty.press("Enter");
  await pty.waitFor(`ran ${TOTAL}`);
  await enter(pty, "total", new RegExp(`^${TOTAL}\\n> $`, "m"));
});

atTheTerminal(
  "rule 5: Ctrl-C cancels a paste of 10,000 lines, whole or half come, and none of it runs",
  async (pty) => {
    await enter(pty, "let total = 0", /total = 0\n> $/);
    pty.paste(paste);
    await pty.waitFor(WHOLE);
    pty.press("Ctrl-C");
    await pty.waitFor(/total \+= 9999;\^C\n> $/);
    pty.type(`\x1b[200~${paste.slice(0, 40_000)}`);
    pty.press("Ctrl-C");
    await pty.waitFor(/\(paste cancelled\)\n> $/);
    pty.type(`${paste.slice(40_000)}\x1b[201~`);
    await enter(pty, "total", /^0\n> $/m);
  },
);

atTheTerminal("rule 5: a paste under a flood is one edit as well", async (pty) => {
  await using flood = new Flood();
  await enter(pty, "let total = 0", /total = 0\n> $/);
  await enter(pty, `const c = await connect("${flood.address}", { dialect: "lines" })`);
  await pty.until(() => pty.output.includes('"line 1"'), "the first line of the flood");
  pty.paste(paste);
  await pty.until(() => WHOLE.test(pty.screen()), "the paste at the end of the screen");
  assert.equal(flood.isRunning, true);
  pty.press("Enter");
  await enter(pty, "`total is ${total}`");
  await pty.until(() => pty.output.includes(`"total is ${TOTAL}"`), "the sum of the paste");
  assert.equal(flood.isRunning, true);
});

atTheTerminal(
  "rule 5: a paste without marks of a terminal that has none runs line by line, none is lost",
  async (pty) => {
    await enter(pty, "let total = 0", /total = 0\n> $/);
    pty.type(paste.split("\n").slice(0, 300).join("\r") + "\r");
    await enter(pty, "`total is ${total}`", /"total is 44850"\n> $/);
  },
  { env: { TERM: "dumb" } },
);

atTheTerminal("rule 5: lines pasted to a slow device go one by one, each after its prompt", async (pty) => {
  await using pair = virtualSerialPair();
  const lines: string[] = [];
  let isBusy = false;
  let lost = 0;
  // A device that loses what comes before it has asked for it.
  await using _device = await serial(pair.a.path, {
    dialect: "lines",
    onReceive: (line, peer) => {
      if (isBusy) lost++;
      isBusy = true;
      lines.push(line as string);
      setTimeout(() => {
        isBusy = false;
        peer.send("ready");
      });
    },
  });
  const open = `const d = await serial("${pair.b.path}", { pacing: { prompt: "ready" } })`;
  await enter(pty, open, "d connected to");
  pty.type("const program = `");
  const program = Array.from({ length: 40 }, (_, index) => `G1 X${index}`);
  pty.paste(program.join("\n"));
  pty.type("`");
  pty.press("Enter");
  await enter(pty, 'for (const line of program.split("\\n")) await d.send(line); await d.drain(); "sent"');
  await pty.until(() => /^"sent"$/m.test(pty.scrollback()), "the end of the program");
  await enter(pty, "await d.ask('last', { timeoutMs: 5000 })", /^"ready" +[\d.]+ ms\n> $/m);
  assert.deepEqual(lines, [...program, "last"]);
  assert.equal(lost, 0);
});
