import assert from "node:assert/strict";
import { serial } from "../../mod.ts";
import { virtualSerialPair } from "../../src/testing/mod.ts";
import { type Pty, ptyAvailable } from "../pty.ts";
import { consoleAt, runParley } from "./program.ts";

/** A power supply at one end of a cable, and the address of the other end, which stays the same after `plug`. */
async function supply() {
  const pair = virtualSerialPair();
  const folder = await Deno.makeTempDir();
  const link = `${folder}/psu`;
  await Deno.symlink(pair.b.path, link);
  const device = await serial(pair.a.path, {
    onReceive: (line, peer) => line === "silence" ? undefined : peer.send(line === "*IDN?" ? "KORAD" : "?"),
  });
  return {
    pair,
    link,
    async unplug() {
      await Deno.remove(link); // first: another terminal may get the path at once
      await pair.b.unplug();
    },
    async plug() {
      await pair.b.plug();
      await Deno.symlink(pair.b.path, link);
    },
    async [Symbol.asyncDispose]() {
      await device.close();
      await pair.close();
      await Deno.remove(folder, { recursive: true });
    },
  };
}

type Supply = Awaited<ReturnType<typeof supply>>;

/** A test at a terminal, with a device on a cable. */
function withDevice(name: string, test: (pty: Pty, device: Supply) => Promise<void>): void {
  Deno.test(`interactive console ${name}`, { ignore: !ptyAvailable, timeout: 60_000 }, async () => {
    await using device = await supply();
    await using pty = await consoleAt();
    await test(pty, device);
  });
}

/** Types a line, sends it, and waits for what it shows. */
async function enter(pty: Pty, line: string, shows: string | RegExp): Promise<void> {
  pty.type(line);
  pty.press("Enter");
  await pty.waitFor(shows);
}

withDevice("tells of a serial link, its ports and its lines", async (pty, { link, pair }) => {
  const open = `const psu = await serial(${JSON.stringify(link)}, { baudRate: 9600 })`;
  await enter(pty, open, /psu connected to serial:\/dev\/pts\/\d+ \(9600 8N1\)\n> $/);
  await enter(pty, 'await psu.ask("*IDN?")', /^"KORAD" +[\d.]+ ms\n> $/m);
  await enter(pty, ".links", /^psu +serial +serial:\/dev\/pts\/\d+ 9600 8N1 +lines +open +1 +1 +1 /m);
  pty.press("Enter");
  await enter(
    pty,
    ".ports",
    new RegExp(`^${pair.b.path} .*psu 9600 8N1 +6 B +6 B .*\n\\(any key ends this\\)$`, "m"),
  );
  pty.press("Escape");
  await pty.waitFor(/6 B .*\n> $/);
  await enter(pty, ".dtr on", /^Cannot set DTR and RTS of \S+: not supported by this port/m);
  await enter(pty, ".dtr up", /^Cannot set DTR to "up": write \.dtr on, \.dtr off or \.dtr pulse$/m);
  await enter(pty, ".break 1", /^psu: break sent$/m);
  await enter(pty, ".rts off psv", /^No serial link "psv"; did you mean "psu"\?$/m);
  await enter(pty, `const two = await serial("${pair.a.path}")`, /is already open|is in use/);
  pty.type(".dtr pulse p");
  pty.press("Tab");
  await pty.waitFor(/> \.dtr pulse psu$/);
});

withDevice(
  "leaves no question or loop behind that takes the next answer, when Ctrl-C stops one",
  async (pty, { link }) => {
    // Their own time limits are not to be what ends them.
    const open = `const psu = await serial("${link}", { limits: { askMs: 600_000, receiveMs: 600_000 } })`;
    await enter(pty, open, /psu connected to serial:\S+ \(115200 8N1\)\n> $/);
    await enter(pty, ".watch off", /^Messages are not shown as they come\.\n> $/m);
    const waits = [
      'await psu.ask("silence")',
      "await psu.receive()",
      'for await (const line of psu) console.log("loop", line)',
    ];
    for (const [at, wait] of waits.entries()) {
      await enter(pty, `console.log("wait ${at}"); ${wait}`, new RegExp(`^wait ${at}$`, "m"));
      pty.press("Ctrl-C");
      await pty.waitFor(new RegExp(`^wait ${at}\nStopped\\. Links and handlers are as before\\.\n> $`, "m"));
      await enter(pty, `"${at}" + await psu.ask("*IDN?")`, new RegExp(`^"${at}KORAD" +[\\d.]+ ms\n> $`, "m"));
    }
  },
);

withDevice("tells that a device was unplugged, and under which path it is back", async (pty, device) => {
  const open = `const psu = await connect("serial:${device.link}?baud=9600", { reconnect: true })`;
  await enter(pty, open, /psu connected to serial:\/dev\/pts\/\d+ \(9600 8N1\)\n> $/);
  pty.type("half a line");
  await device.unplug();
  await pty.waitFor(/psu - .*the device was unplugged; waiting until it is back\n[\s\S]*> half a line$/);
  await device.plug();
  await pty.waitFor(
    new RegExp(`psu connected again to serial:${device.pair.b.path} \\(9600 8N1\\)\n> half a line$`),
  );
});

withDevice("asks which port serial:auto means, with the arrow keys", async (pty, { pair }) => {
  const ports = [
    { path: "/dev/nowhere", vendorId: "0403", productId: "6001", product: "A\\u001b[2J" },
    { path: pair.b.path, vendorId: "1209", productId: "0001", product: "Virtual port" },
    { path: "/dev/elsewhere", vendorId: "1a86", productId: "7523", product: "CH340" },
  ];
  const open = (name: string) =>
    `const ${name} = await serial("auto", { ports: async () => ${JSON.stringify(ports)} })`;
  await enter(
    pty,
    open("none"),
    /\? Which serial port\? \(arrow keys and Enter, Esc for none\)\n {2}> \/dev\/else/,
  );
  pty.press("Escape");
  await pty.waitFor(/\? Which serial port\? none\n[\s\S]*\[not_chosen\]: .*none of the 3 ports was chosen/);
  await enter(pty, open("stopped"), /> \/dev\/elsewhere/);
  pty.press("Ctrl-C");
  await pty.waitFor(/none\n[\s\S]*not_chosen[\s\S]*none\n[\s\S]*not_chosen/);
  await enter(pty, open("psu"), /> \/dev\/elsewhere/);
  pty.press("Down", "Down", "Down", "Up");
  await pty.waitFor(new RegExp(`> ${pair.b.path} \\(Virtual port, 1209:0001\\)`));
  pty.press("Enter");
  await pty.waitFor(/psu connected to serial:/);
  await enter(pty, 'await psu.ask("*IDN?")', /^"KORAD" +[\d.]+ ms\n> $/m);
  // In the background the question stands in place of the line being typed, which comes back.
  await enter(pty, "await psu.close()", /psu - /);
  await enter(pty, `void setTimeout(async () => { ${open("later")} }, 50)`, /> \/dev\/elsewhere/);
  pty.press("Down", "Enter");
  await pty.waitFor(/connected to serial:\S+ \(115200 8N1\)\n> $/);
});

Deno.test("piped console lists ports, and says what is wrong with commands for them", {
  ignore: !ptyAvailable,
  timeout: 60_000,
}, async () => {
  await using device = await supply();
  const { stdout, stderr, code } = await runParley(
    ["console"],
    [
      ".dtr on",
      `const psu = await serial("${device.link}", { baudRate: 9600 });`,
      `await psu.ask("*IDN?")`,
      ".ports sideways",
      ".ports watch on",
      ".ports watch off",
      ".break",
      ".break a b",
      'await serial("auto", { ports: async () => [{ path: "/dev/a" }, { path: "/dev/b" }] })',
    ].join("\n"),
  );
  assert.equal(stdout, '"KORAD"\n');
  assert.match(stderr, /No serial port is open: const port = await serial/);
  assert.match(stderr, /Cannot do "\.ports sideways": nothing, "watch on" or "watch off" is wanted/);
  assert.match(stderr, /Serial ports are told as they come \(\+\) and go \(-\)/);
  assert.match(stderr, /psu: break sent/);
  assert.match(stderr, /Cannot use "a b": \.break \[ms\] \[link\] is wanted/);
  assert.match(stderr, /\[ambiguous\]: There are 2 serial ports/);
  assert.equal(code, 1);
});

Deno.test("a saved session opens its serial port again, and closes it", {
  ignore: !ptyAvailable,
  timeout: 60_000,
}, async () => {
  await using device = await supply();
  const cwd = await Deno.makeTempDir();
  try {
    const saved = await runParley(
      ["console"],
      [
        `const psu = await serial("${device.link}", { baudRate: 9600 })`,
        `await psu.ask("*IDN?")`,
        ".save demo.ts",
      ].join("\n"),
      { cwd },
    );
    assert.match(saved.stderr, /Saved demo\.ts/);
    const text = await Deno.readTextFile(`${cwd}/demo.ts`);
    assert.match(text, /import \{ serial, show \} from/);
    assert.match(text, /await psu\.close\(\);\n$/);
    const again = await runParley(["run", "demo.ts"], "", { cwd });
    assert.deepEqual([again.stdout, again.stderr, again.code], ['"KORAD"\n', "", 0]);
  } finally {
    await Deno.remove(cwd, { recursive: true });
  }
});
