// deno-lint-ignore-file no-control-regex -- escape sequences are what is looked for
/** Rules 13 and 15: what is no terminal gets data alone; a session begins with two lines at most, whatever the terminal. */
import assert from "node:assert/strict";
import { Pty, ptyAvailable } from "../../pty.ts";
import { atTheTerminal, enter } from "../at_terminal.ts";
import { parley, runParley } from "../program.ts";

Deno.test("rule 13: without a terminal there is no prompt, colour or banner, and stdout is data alone", async () => {
  const { stdout, stderr, code } = await runParley([], "1 + 1\n.links\n[1, 'x']\n");
  assert.equal(stdout, '2\n[ 1, "x" ]\n');
  assert.equal(code, 0);
  for (const text of [stdout, stderr]) assert.doesNotMatch(text, /\x1b|parley 0|^> /m);
});

Deno.test(
  "rule 13: output to a pipe is plain though the input is a terminal",
  { ignore: !ptyAvailable },
  async () => {
    const [command, ...args] = parley();
    await using pty = Pty.run(["sh", "-c", `"$@" | cat`, "sh", command, ...args]);
    pty.type("20 + 1\n.exit\n");
    await pty.waitFor(/^21$/m);
    await pty.exited();
    assert.doesNotMatch(pty.output, /\x1b\[(?!\?)|^> /m);
  },
);

atTheTerminal("rule 15: a session begins with one line and its prompt", (pty) => {
  assert.match(pty.screen(), /^parley \d+\.\d+\.\d+ .*\n> $/);
  return Promise.resolve();
});

atTheTerminal(
  "rule 15: what is typed before the console has loaded is evaluated, in order, none lost",
  async (pty) => {
    // The prompt is drawn, and what evaluates is on its way.
    pty.type("const a = 20\ra + 1\rconst answer = [a,\r22]\ranswer.leng\t\r");
    await pty.waitFor(/^2\n> $/m);
    assert.match(pty.screen(), /^21$/m);
  },
);

atTheTerminal("rule 15: Ctrl-D before the console has loaded leaves", async (pty) => {
  pty.press("Ctrl-D");
  assert.equal(await pty.exited(), 0);
  assert.equal(pty.cooked, true);
});

atTheTerminal("NO_COLOR: there is no colour in prompt, value or error", async (pty) => {
  await enter(pty, "({ a: 1, b: 'x' })", /\{ a: 1, b: "x" \}/);
  await enter(pty, "nope", /ReferenceError/);
  assert.doesNotMatch(pty.output, /\x1b\[\d*(;\d+)*m/);
});

atTheTerminal("TERM=dumb: not one escape sequence, and everything can be done", async (pty) => {
  await enter(pty, "const list = [1, 2].map((x) => {", /⏎$/);
  await enter(pty, "return 2 * x })", /x \}\)\n> $/);
  await enter(pty, "list", /^\[ 2, 4 \]$/m);
  await enter(pty, "console.log('begun'); await new Promise(() => {})", /^begun$/m);
  pty.press("Ctrl-C");
  await pty.waitFor(/Stopped\./);
  pty.press("Ctrl-D");
  assert.equal(await pty.exited(), 0);
  assert(!pty.output.includes("\x1b"));
}, { env: { TERM: "dumb" } });
