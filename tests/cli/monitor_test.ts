import assert from "node:assert/strict";
import { listen, serial } from "../../mod.ts";
import { virtualSerialPair } from "../../src/testing/mod.ts";
import { parley, runParley } from "../console/program.ts";
import { Pty, ptyAvailable } from "../pty.ts";

/** A cable with a device at its end, and the address of the other end, which stays the same after `plug`. */
async function deviceOnCable() {
  const pair = virtualSerialPair();
  const folder = await Deno.makeTempDir();
  const link = `${folder}/device`;
  await Deno.symlink(pair.b.path, link);
  const heard: number[] = [];
  let more = Promise.withResolvers<void>();
  const device = await serial(pair.a.path, {
    dialect: "raw",
    limits: { closeMs: 100 }, // a test that stalls the cable need not wait for it
    onReceive: (bytes: Uint8Array) => {
      heard.push(...bytes);
      more.resolve();
      more = Promise.withResolvers();
    },
  });
  return {
    device,
    address: `serial:${link}`,
    /** Resolves when the device has heard exactly this, and forgets it. */
    async hears(wanted: string) {
      const text = () => new TextDecoder("latin1").decode(Uint8Array.from(heard));
      while (text().length < wanted.length) await more.promise;
      assert.equal(text(), wanted);
      heard.length = 0;
    },
    async unplug() {
      await Deno.remove(link); // first: another terminal may get the path at once
      await pair.b.unplug();
    },
    async plug() {
      await pair.b.plug();
      await Deno.symlink(pair.b.path, link);
    },
    pair,
    async [Symbol.asyncDispose]() {
      await device.close();
      await pair.close();
      await Deno.remove(folder, { recursive: true });
    },
  };
}

type Cable = Awaited<ReturnType<typeof deviceOnCable>>;

/** A monitor at a terminal, connected to a device. */
function atTheTerminal(name: string, args: string[], test: (pty: Pty, cable: Cable) => Promise<void>): void {
  Deno.test(`parley monitor at a terminal ${name}`, { ignore: !ptyAvailable, timeout: 60_000 }, async () => {
    await using cable = await deviceOnCable();
    await using pty = Pty.run(parley("monitor", cable.address, ...args), {
      columns: 120,
      rows: 40,
      env: { NO_COLOR: "1", INIT_CWD: Deno.cwd() },
    });
    await pty.waitFor("--- connected to serial:");
    await test(pty, cable);
  });
}

const ctrlT = "\x14";

atTheTerminal(
  "sends every key, shows what comes, and quits at Ctrl-T q",
  ["--baud", "9600"],
  async (pty, cable) => {
    assert.match(
      pty.screen(),
      /Ctrl-T q quits, Ctrl-T \? tells more[\s\S]*connected to serial:\S+ \(9600 8N1\)$/m,
    );
    assert.equal(pty.cooked, false);
    pty.type("AT\r");
    await cable.hears("AT\r");
    pty.press("Ctrl-C", "Ctrl-D", "Ctrl-Z", "Up");
    await cable.hears("\x03\x04\x1a\x1b[A");
    pty.type(ctrlT + ctrlT);
    await cable.hears("\x14");
    await cable.device.send("one\r\ntwo\nthree \r\x1b[2J\x1b[31mred\x07 gr\xfcn ✓");
    await pty.waitFor(/^one\ntwo\n\\x1b\[2J\\x1b\[31mred\\x07 grün ✓$/m);
    assert(!pty.output.includes("\x1b[2J"));
    pty.type(`${ctrlT}q`);
    assert.equal(await pty.exited(), 0);
    assert.equal(pty.cooked, true);
  },
);

atTheTerminal("shows characters that were cut, and bytes that are none", [], async (pty, cable) => {
  const bytes = new TextEncoder().encode("é€😀");
  for (const byte of bytes) await cable.device.send(Uint8Array.of(byte));
  await cable.device.send(Uint8Array.of(0xff, 0xc3, 0x28, 0x0d, 0x0a));
  await pty.waitFor(/^é€😀\\xff\\xc3\($/m);
});

atTheTerminal("stamps lines of both directions", ["--timestamps"], async (pty, cable) => {
  await cable.device.send("prompt> ");
  await pty.waitFor(/^\[\d\d:\d\d:\d\d\.\d{3}\] < prompt> $/m);
  pty.type("AT\r");
  await cable.hears("AT\r");
  await cable.device.send("OK\r\n");
  await pty.waitFor(/< prompt> *\n\[[\d:.]+\] > AT\n\[[\d:.]+\] < OK$/);
  const kinds: [string, RegExp][] = [
    ["start", /^\[\d\d:\d\d\.\d{3}\] < line of start$/m],
    ["delta", /^\[\+\d\d:\d\d\.\d{3}\] < line of delta$/m],
    ["iso", /^\[\d{4}-\d\d-\d\dT[\d:.]+Z\] < line of iso$/m],
  ];
  for (const [kind, shown] of kinds) {
    pty.type(`${ctrlT}t`);
    await pty.waitFor(`timestamps: ${kind}`);
    await cable.device.send(`line of ${kind}\n`);
    await pty.waitFor(shown);
  }
  pty.type(`${ctrlT}t`);
  await pty.waitFor("no timestamps");
});

atTheTerminal("shows hexadecimal, echo and what is asked for behind Ctrl-T", [], async (pty, cable) => {
  const { address } = cable;
  pty.type(`${ctrlT}h`);
  await pty.waitFor("--- hexadecimal");
  await cable.device.send("0123456789abcdef\r\n");
  await pty.waitFor(
    /^< 30 31 32 33 34 35 36 37 {2}38 39 61 62 63 64 65 66 {2}0123456789abcdef\n< 0d 0a {40,}\.\.$/m,
  );
  pty.type("x");
  await pty.waitFor(/^> 78 {40,}x$/m);
  pty.type(`${ctrlT}h${ctrlT}e`);
  await pty.waitFor("--- local echo on");
  pty.type("typed");
  await pty.waitFor(/^typed$/m);
  pty.type(`${ctrlT}d`);
  await pty.waitFor("not supported by this port");
  pty.type(`${ctrlT}s`);
  await pty.waitFor(/^--- serial:\S+ open, open for \d+ s: 18 B in, 6 B out$/m);
  pty.type(`${ctrlT}?`);
  await pty.waitFor(/Ctrl-T q\s+quit[\s\S]*Ctrl-T Ctrl-T\s+send Ctrl-T itself/);
  pty.type(`${ctrlT}y`);
  await pty.waitFor("No such key");
  pty.type(`${ctrlT}c`);
  await pty.until(() => !pty.screen().includes("No such key"), "an empty screen");
  assert(address.startsWith("serial:"));
});

atTheTerminal("lets colours through and nothing else with --ansi", ["--ansi"], async (pty, cable) => {
  await cable.device.send("\x1b[3");
  await cable.device.send("1mred\x1b[2Jkept\r\n");
  await pty.waitFor(/^red\\x1b\[2Jkept$/m);
  assert(pty.output.includes("\x1b[31mred"));
  pty.type(`${ctrlT}s`);
  await pty.waitFor("--- serial");
  assert(pty.output.includes("\x1b[0m--- serial"), "a note has its own colour");
});

atTheTerminal("waits for a device that was unplugged", [], async (pty, cable) => {
  await cable.unplug();
  await pty.waitFor(/--- .*the device was unplugged; waiting until it is back/);
  pty.type("lost");
  await pty.waitFor("--- not sent:");
  await cable.plug();
  await pty.waitFor(/--- connected again to serial:/);
  pty.type("here");
  await cable.hears("here");
  pty.type(`${ctrlT}s`);
  await pty.waitFor(/, lost once$/m);
});

atTheTerminal("with --once ends when the device is unplugged", ["--once"], async (pty, cable) => {
  await cable.unplug();
  await pty.waitFor("the device was unplugged");
  assert.equal(await pty.exited(), 3);
  assert.equal(pty.cooked, true);
});

atTheTerminal("still quits in a flood, and while the device takes nothing", [], async (pty, cable) => {
  const flood = new TextEncoder().encode("0123456789abcdef".repeat(4096));
  let sent = 0;
  const flooding = (async () => {
    while (sent < 10 * 1024 * 1024 && cable.device.isOpen) {
      await cable.device.send(flood).catch(() => {});
      sent += flood.length;
    }
  })();
  await pty.waitFor("0123456789abcdef");
  cable.pair.a.stall();
  pty.type("x".repeat(100_000));
  pty.type(`${ctrlT}q`);
  assert.equal(await pty.exited(20_000), 0);
  cable.pair.a.resume();
  await cable.device.close();
  await flooding;
});

Deno.test("parley monitor waits for a device that is not there yet, and tells why", {
  ignore: !ptyAvailable,
  timeout: 60_000,
}, async () => {
  await using cable = await deviceOnCable();
  await cable.unplug();
  await using pty = Pty.run(parley("monitor", cable.address), { columns: 200, env: { NO_COLOR: "1" } });
  await pty.waitFor(/--- Cannot open serial port .*no such port[\s\S]*trying again \(Ctrl-T q quits\)/);
  await cable.plug();
  await pty.waitFor("--- connected to serial:");
});

Deno.test("parley monitor in a pipe sends its input, prints what comes and ends when it is quiet", async (t) => {
  const heard: string[] = [];
  await using server = await listen("tcp://127.0.0.1:0", {
    dialect: "raw",
    onReceive: (bytes: Uint8Array, peer) => {
      heard.push(new TextDecoder().decode(bytes));
      return peer.send(Uint8Array.of(0x1b, 0x5b, 0x32, 0x4a, 0xc3, 0xbc, 0x0a));
    },
  });
  const cases: [string[], string, RegExp, number][] = [
    [[], "\x1b[2Jü\n", /^$/, 0],
    [["--hex"], `< 1b 5b 32 4a c3 bc 0a${" ".repeat(30)}.[2J...\n`, /^$/, 0],
    [["--timestamps=since", "-q"], "", /^$/, 0],
    [["--baud", "9600"], "", /Cannot use --baud with tcp:\S+: only serial ports have it/, 2],
    [["--timestamps", "sometimes"], "", /There are clock, start, delta, iso\./, 2],
    [["--enter", "tab"], "", /There are cr, lf and crlf\./, 2],
    [["--log", "/nowhere/log"], "", /Cannot write the log "\/nowhere\/log"/, 2],
  ];
  for (const [args, stdout, stderr, code] of cases) {
    await t.step(args.join(" ") || "as it is", async () => {
      const ended = await runParley(["monitor", server.address, "-t", "200ms", ...args], "AT\r");
      if (args[0] === "--timestamps=since") {
        assert.match(ended.stdout, /^\[\d\d:\d\d\.\d{3}\] > AT\n\[\d\d:\d\d\.\d{3}\] < \\x1b\[2Jü\n$/);
      } else if (args[0] === "--hex") assert(ended.stdout.includes(stdout), ended.stdout);
      else assert.equal(ended.stdout, stdout);
      assert.match(ended.stderr, stderr);
      assert.equal(ended.code, code, ended.stderr);
    });
  }
  assert.deepEqual([...new Set(heard)], ["AT\r"]);
  const refused = await runParley(["monitor", "tcp://127.0.0.1:1"]);
  assert.match(refused.stderr, /\[refused\]/);
  assert.equal(refused.code, 3);
});

Deno.test("parley monitor in a pipe fails when its output cannot be written", {
  ignore: Deno.build.os !== "linux",
}, async () => {
  await using server = await listen("tcp://127.0.0.1:0", {
    dialect: "raw",
    onConnect: (peer) => peer.send("all"),
  });
  for (const option of ["--quiet", "--hex"]) {
    const command = [...parley("monitor", server.address, "-t", "200ms", option), "</dev/null >/dev/full"];
    const { code, stderr } = await new Deno.Command("sh", { args: ["-c", command.join(" ")] }).output();
    assert.match(new TextDecoder().decode(stderr), /No space left on device/);
    assert.equal(code, 1);
  }
});

Deno.test("parley monitor --follow logs what comes and goes on until Ctrl-C", async () => {
  const log = await Deno.makeTempFile();
  const connected = Promise.withResolvers<void>();
  await using server = await listen("tcp://127.0.0.1:0", {
    dialect: "raw",
    onConnect: () => connected.resolve(),
  });
  const [command, ...args] = parley("monitor", server.address, "--follow", "--log", log);
  const child = new Deno.Command(command, { args, stdin: "null", stdout: "piped", stderr: "null" }).spawn();
  const output = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
  await connected.promise;
  server.broadcast("one\x07");
  assert.equal((await output.read()).value, "one\x07");
  child.kill("SIGINT");
  assert.equal((await child.status).code, 130);
  await output.cancel();
  assert.equal(await Deno.readTextFile(log), "one\x07");
  await Deno.remove(log);
});
