/** The console as a job of a shell: Ctrl-Z, fg, and a terminal within a terminal. */
import assert from "node:assert/strict";
import { Pty, ptyAvailable } from "../../pty.ts";
import { parley } from "../program.ts";

const MAIN = new URL("../../..", import.meta.url).pathname;
const ENV = { PARLEY_HISTORY: "", NO_COLOR: "1", PS1: "$ " };

function quoted(command: readonly string[]): string {
  return command.map((word) => `'${word}'`).join(" ");
}

/** A shell that has started the console by this command line. */
async function inShell(command: readonly string[]): Promise<Pty> {
  const pty = Pty.run(["sh", "-i"], { env: ENV, cwd: MAIN, columns: 200 });
  await pty.waitFor(/^\$ $/m);
  pty.type(`${quoted(command)}\r`);
  await pty.waitFor(/^> $/m);
  return pty;
}

const starts: Record<string, readonly string[]> = {
  "by itself": parley("console"),
  "by deno task": [Deno.execPath(), "task", "-q", "console"],
};
for (const [how, command] of Object.entries(starts)) {
  Deno.test(`Ctrl-Z goes to the shell, and fg comes back with the line and the links, started ${how}`, {
    ignore: !ptyAvailable,
    timeout: 60_000,
  }, async () => {
    await using pty = await inShell(command);
    pty.type('const s = await listen("tcp://127.0.0.1:0")\r');
    await pty.waitFor("s listening on");
    pty.type("half a line");
    await pty.waitFor(/> half a line$/);
    pty.press("Ctrl-Z");
    await pty.waitFor(/Stopped/);
    await pty.until(() => pty.cooked && !pty.modes.has("2004"), "the modes of a shell");
    pty.type("echo in the shell; fg\r");
    await pty.waitFor(/^in the shell$[^]*^> half a line$/m);
    pty.press("Ctrl-C");
    pty.type("s.port > 0\r");
    await pty.waitFor(/^true\n> $/m);
    pty.press("Ctrl-D");
    await pty.waitFor(/^Closed: s\n\$ $/m);
    pty.type("exit\r");
    assert.equal(await pty.exited(), 0);
  });
}

Deno.test(
  "Ctrl-Z goes to the shell while an input that never ends is evaluated, and Ctrl-C stops it after fg",
  {
    ignore: !ptyAvailable,
    timeout: 60_000,
  },
  async () => {
    await using pty = await inShell(parley("console"));
    pty.type("console.log('begun'); await new Promise(() => {})\r");
    await pty.waitFor(/^begun$/m);
    pty.press("Ctrl-Z");
    await pty.waitFor(/Stopped/);
    pty.type("fg\r");
    await pty.until(() => pty.modes.has("2004"), "the modes of the console");
    pty.press("Ctrl-C");
    await pty.waitFor(/Stopped\. Links and handlers are as before\.\n> $/);
    pty.press("Ctrl-D");
    await pty.waitFor(/\n\$ $/);
    pty.type("exit\r");
    assert.equal(await pty.exited(), 0);
  },
);
