import assert from "node:assert/strict";
import { serial } from "../../mod.ts";
import { virtualSerialPair } from "../../src/testing/mod.ts";
import { type Pty, ptyAvailable, type PtyOptions } from "../pty.ts";
import { consoleAt, runParley } from "./program.ts";

/** What a test at a terminal works with: a device, and the link `psu` to it. */
interface Desk extends AsyncDisposable {
  readonly pty: Pty;
  readonly pair: ReturnType<typeof virtualSerialPair>;
  readonly device: Awaited<ReturnType<typeof serial>>;
}

async function desk(options?: PtyOptions): Promise<Desk> {
  const pair = virtualSerialPair();
  const device = await serial(pair.a.path, { onReceive: (line, peer) => peer.send(`${line}!`) });
  const pty = await consoleAt(options);
  const path = JSON.stringify(pair.b.path);
  pty.type(`const psu = await serial(${path}, { baudRate: 9600, reconnect: true, onReceive: () => {} })\r`);
  await pty.waitFor(/psu connected to [^]*> $/);
  return {
    pty,
    pair,
    device,
    async [Symbol.asyncDispose]() {
      await pty.close();
      await device.close();
      await pair.close();
    },
  };
}

function atTheDesk(name: string, test: (desk: Desk) => Promise<void>, options?: PtyOptions): void {
  Deno.test(`interactive console: .ports ${name}`, { ignore: !ptyAvailable, timeout: 60_000 }, async () => {
    await using made = await desk(options);
    await test(made);
  });
}

/** How often a text is on the screen and above it. */
const count = (pty: Pty, text: string) => pty.scrollback().split(text).length - 1;

atTheDesk(
  "counts while it is looked at, with what happens above it, and stays",
  async ({ pty, device, pair }) => {
    pty.type(".ports\r");
    const { path } = pair.b;
    await pty.waitFor(
      new RegExp(
        `^port .*link .*in .*out[^]*^${path} +psu 9600 8N1 +0 B +0 B[^]*^\\(any key ends this\\)$`,
        "m",
      ),
    );
    await device.send("12345");
    await pty.waitFor(/psu < "12345"\nport [^]*psu 9600 8N1 +6 B +0 B/);
    assert.equal(count(pty, "psu 9600 8N1 "), 1);
    pty.press("Escape");
    await pty.waitFor(new RegExp(`^${path} +psu 9600 8N1 +6 B +0 B.*\n> $`, "m"));
    assert.equal(count(pty, "any key"), 0);
    await device.send("678");
    await pty.waitFor(/psu < "678"\n> $/);
    assert.match(pty.screen(), /psu 9600 8N1 +6 B +0 B/);
  },
);

atTheDesk("is ended by Ctrl-C, Enter and a paste, and leaves what is typed behind them", async ({ pty }) => {
  const end = "(any key ends this)";
  pty.type(".ports\r");
  await pty.waitFor(end);
  pty.press("Ctrl-C");
  await pty.waitFor(/psu 9600 8N1 .*\n> $/);
  pty.type(".ports\r");
  await pty.waitFor(end);
  pty.type("\r1 + 1\r");
  await pty.waitFor(/psu 9600 8N1 .*\n> 1 \+ 1\n2\n> $/);
  pty.type(".ports\r");
  await pty.waitFor(end);
  pty.paste("3 + 4");
  await pty.waitFor(/psu 9600 8N1 .*\n> 3 \+ 4$/);
  assert.equal(count(pty, "psu 9600 8N1 "), 3);
});

atTheDesk("shows who else has a port, and a device that goes", async ({ pty, pair }) => {
  pty.type(".ports\r");
  await pty.waitFor(/used by[^]* deno \(\d+\)/); // this test holds the other end of the cable
  await pair.b.unplug();
  await pty.waitFor(/psu - [^]*unplugged[^]*(^port[^]*|is there\.\n)\(any key/m);
  await pty.until(() => !/psu 9600 8N1 +\d/.test(pty.screen()), "no row of psu");
  pty.press("Escape");
  await pty.waitFor(/> $/);
});

atTheDesk("is cut to a terminal that is too small for it, also while that changes", async ({ pty }) => {
  pty.type(".ports\r");
  await pty.waitFor("(any key ends this)");
  await pty.resize(24, 12);
  await pty.waitFor(/…\n\(any key ends this\)$/);
  assert(pty.screen().split("\n").slice(-3).every((row) => row.length < 24));
  await pty.resize(100, 30);
  await pty.waitFor(/psu 9600 8N1 +0 B +0 B.*\n\(any key ends this\)$/);
  assert.equal(count(pty, "any key"), 1);
  pty.press("Enter");
  await pty.waitFor(/psu 9600 8N1 +0 B +0 B.*\n> $/);
});

atTheDesk("is shown once where nothing can be written over", async ({ pty }) => {
  pty.type(".ports\r");
  await pty.waitFor(/psu 9600 8N1 +0 B +0 B.*\n> $/);
  assert(!pty.scrollback().includes("any key"));
}, { env: { TERM: "dumb" } });

atTheDesk("is not needed to learn that the rate is wrong", async ({ pty, device }) => {
  const noise = new Uint8Array(300).fill(0xf8);
  for (let line = 0; line < 8; line++) await device.send(noise);
  await pty.waitFor(/psu \? check the baud rate: psu is set to 9600 8N1, and 100 % of what comes is no text/);
  for (let line = 0; line < 8; line++) await device.send(noise);
  await device.send("end of noise");
  await pty.waitFor('psu < "end of noise"');
  assert.equal(count(pty, "check the baud rate"), 1);
  pty.type("await psu.update({ baudRate: 19200 })\r");
  await pty.waitFor(/19200 \}\)\n> $/);
  for (let line = 0; line < 8; line++) await device.send(noise);
  await pty.waitFor(/psu is set to 19200 8N1/);
});

Deno.test("piped console shows ports once, with the link that has them", {
  ignore: !ptyAvailable,
  timeout: 60_000,
}, async () => {
  await using pair = virtualSerialPair();
  const { stderr, code } = await runParley(
    ["console"],
    `const psu = await serial("${pair.b.path}", { baudRate: 9600 })\n.ports\n`,
  );
  assert.match(stderr, new RegExp(`^${pair.b.path} +psu 9600 8N1 +0 B +0 B`, "m"));
  assert(!stderr.includes("any key"));
  assert.equal(code, 0);
});
