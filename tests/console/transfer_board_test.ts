import assert from "node:assert/strict";
import { listen } from "../../mod.ts";
import { type Pty, ptyAvailable, type PtyOptions } from "../pty.ts";
import { enter } from "./at_terminal.ts";
import { consoleAt } from "./program.ts";
import { SlowProxy } from "./slow_proxy.ts";

const SIZE = 1_500_000;

/** A console with a slow link `c` to a server that takes files. */
function withSlowLink(
  name: string,
  test: (pty: Pty) => Promise<void>,
  options: PtyOptions & { bytesPerSecond?: number } = {},
): void {
  Deno.test(`interactive console ${name}`, { ignore: !ptyAvailable, timeout: 60_000 }, async () => {
    const directory = await Deno.makeTempDir();
    try {
      await Deno.mkdir(`${directory}/shared`);
      await Deno.writeFile(`${directory}/own.bin`, new Uint8Array(SIZE));
      await using server = await listen("tcp://127.0.0.1:0", { dialect: "clever-show" });
      server.share(`${directory}/shared`, { mode: "overwrite" });
      await using proxy = new SlowProxy(`${directory}/link`, server.port!, options.bytesPerSecond ?? 500_000);
      await using pty = await consoleAt({ cwd: directory, ...options });
      await enter(
        pty,
        `const c = await connect("${proxy.address}", { dialect: "clever-show" })`,
        "c connected to",
      );
      await test(pty);
    } finally {
      await Deno.remove(directory, { recursive: true });
    }
  });
}

withSlowLink(
  "shows how far a file has come, below what is printed meanwhile, and one line at its end",
  async (pty) => {
    await enter(pty, "const t = setInterval(() => console.log('tick'), 200)");
    await enter(pty, "(await c.sendFile('own.bin', 'new.bin')).size");
    await pty.waitFor(/^new\.bin > c +\d+% \[=*> *\] +[\d.]+ .?B of 1\.5 MB, \d+ kB\/s, [\d.]+ s left$/m);
    await pty.waitFor(/tick\nnew\.bin > c +\d+% \[=*>? *\] .*$/);
    await pty.waitFor(/^1500000$/m);
    await enter(pty, "clearInterval(t); 'end'", /^"end"\n> $/m);
    assert.match(pty.scrollback(), /^new\.bin > c {2}1\.5 MB in \d+\.\d s, \d+ kB\/s$/m);
    assert.equal(pty.scrollback().match(/% \[/g), null);
  },
);

withSlowLink(
  "takes the bar off at Ctrl-C, which leaves the file under way and the link open",
  async (pty) => {
    await enter(pty, "await c.sendFile('own.bin', 'new.bin')", /^new\.bin > c +\d+% \[/m);
    pty.press("Ctrl-C");
    await pty.waitFor(/Stopped\. Links and handlers are as before\.\n> $/);
    assert.equal(pty.screen().match(/% \[/g), null);
    await pty.waitFor(/^new\.bin > c {2}1\.5 MB in .*\n> $/m);
    await enter(pty, "c.isOpen", /^true\n> $/m);
  },
);

withSlowLink("leaves the prompt alone when nobody waits for the file", async (pty) => {
  await enter(pty, "const sent = c.sendFile('own.bin', 'new.bin')", /'new\.bin'\)\n> $/);
  pty.type("typed meanwhile");
  await pty.waitFor(/^new\.bin > c {2}1\.5 MB in .*\n> typed meanwhile$/m);
  assert.equal(pty.output.match(/% \[/g), null);
});

withSlowLink("shows nothing of a file that takes no time", async (pty) => {
  await enter(pty, "(await c.sendFile('own.bin', 'new.bin')).size", /^1500000\n> $/m);
  assert.doesNotMatch(pty.output, /% \[|1\.5 MB/);
}, { bytesPerSecond: 1e9 });

withSlowLink("draws no bar on a dumb terminal", async (pty) => {
  await enter(pty, "(await c.sendFile('own.bin', 'new.bin')).size", /^1500000\n> $/m);
  assert.doesNotMatch(pty.output, /% \[/);
}, { env: { TERM: "dumb" } });
