import assert from "node:assert/strict";
import { listen, listPorts, serial } from "../../mod.ts";
import { virtualSerialPair } from "../../src/testing/mod.ts";
import { parley, runParley } from "../console/program.ts";
import { ptyAvailable } from "../pty.ts";

const WITH_PORTS = { ignore: !ptyAvailable, timeout: 60_000 };

Deno.test(
  "parley ask, send and listen speak lines on a serial port, with settings",
  WITH_PORTS,
  async (t) => {
    await using pair = virtualSerialPair();
    await using device = await serial(pair.a.path, {
      onReceive: (line, peer) => peer.send(line.toUpperCase()),
    });
    const address = `serial:${pair.b.path}`;
    const cases: [string[], string, RegExp, number][] = [
      [["ask", `${address}?baud=9600`, "hello"], "HELLO\n", /^$/, 0],
      [["ask", address, "hello", "--baud", "9600", "--line", "7E1", "--flow", "xonxoff"], "HELLO\n", /^$/, 0],
      [
        ["ask", `${address}?baud=9600`, "x", "--baud", "4800"],
        "",
        /"baudRate" to 4800: the address \S+ says 9600/,
        2,
      ],
      [
        ["ask", address, "x", "--baud", "fast"],
        "",
        /A whole number of bits a second is wanted, such as 9600/,
        2,
      ],
      [
        ["ask", address, "x", "--line", "8X1"],
        "",
        /Data bits, parity and stop bits are wanted, such as 8N1/,
        2,
      ],
      [["ask", address, "hello", "--byte-delay", "1ms", "--line-delay", "2ms"], "HELLO\n", /^$/, 0],
      [["ask", address, "x", "--byte-delay", "1h"], "", /Cannot use "1h" as a time/, 2],
      [["ask", "tcp://127.0.0.1:1", "x", "--line-delay", "1"], "", /Cannot use --line-delay with tcp:/, 2],
      [["ask", address, "x", "--flow", "all"], "", /There are none, rtscts and xonxoff/, 2],
      [
        ["ask", "tcp://127.0.0.1:1", "x", "--line", "8N1"],
        "",
        /Cannot use --line with tcp:.*only serial ports/,
        2,
      ],
      [["ask", "serial:/dev/ttyNONE9", "x"], "", /\[no_such_path\]: .*no such port/, 3],
      [["send", address, "one"], "", /^$/, 0],
    ];
    for (const [args, stdout, stderr, code] of cases) {
      await t.step(args.map((arg) => arg.replace(/\/dev\/pts\/\d+/, "device")).join(" "), async () => {
        const ended = await runParley(args);
        assert.equal(ended.stdout, stdout);
        assert.match(ended.stderr, stderr);
        assert.equal(ended.code, code, ended.stderr);
      });
    }
    const [command, ...args] = parley("listen", `${address}?baud=9600`, "--echo", "--count", "1");
    const child = new Deno.Command(command, { args, stdout: "piped", stderr: "piped" }).spawn();
    const notes = child.stderr.pipeThrough(new TextDecoderStream()).getReader();
    assert.match((await notes.read()).value!, /listening on serial:\S+ \(lines\)/);
    await device.send("measure");
    assert.equal(await new Response(child.stdout).text(), "measure\n");
    assert.equal((await child.status).code, 0);
    await notes.cancel();
  },
);

Deno.test(
  "parley send tells when a device does not take the message, and ask what came in place of an answer",
  WITH_PORTS,
  async () => {
    await using pair = virtualSerialPair();
    await using _device = await serial(pair.a.path, {
      dialect: "raw",
      onReceive: (_bytes, peer) => peer.send(new TextEncoder().encode("OK\r")),
    });
    const address = `serial:${pair.b.path}`;
    const asked = await runParley(["ask", address, "x", "--timeout", "2s"]);
    assert.match(
      asked.stderr,
      /No answer from \S+ within 2000 ms; 3 bytes have come that are no whole message yet: "OK\\r"/,
    );
    assert.equal(asked.code, 4);
    pair.b.stall();
    const sent = await runParley(["send", address, "x".repeat(60_000), "--timeout", "200ms"]);
    assert.match(sent.stderr, /Cannot drain \S+: no byte has left for 200 ms/);
    assert.equal(sent.code, 4);
  },
);

Deno.test(
  "parley request and describe speak native on a serial port, which lines could not do",
  WITH_PORTS,
  async () => {
    await using pair = virtualSerialPair();
    await using device = await listen(`serial:${pair.a.path}`, { dialect: "native" });
    device.onRequest("add", (_call, a, b) => a + b);
    const asked = await runParley(["request", `serial:${pair.b.path}`, "add", "1", "2"]);
    assert.deepEqual([asked.stdout, asked.stderr, asked.code], ["3\n", "", 0]);
    const described = await runParley(["describe", `serial:${pair.b.path}`]);
    assert.deepEqual([described.stdout, described.stderr, described.code], ["request  add(a, b)\n", "", 0]);
  },
);

Deno.test("parley ports lists the ports of this machine, as a table and as JSON", async () => {
  const ports = await listPorts();
  const json = await runParley(["ports", "--json"]);
  const told = json.stdout.trimEnd().split("\n").filter((line) => line !== "").map((line) =>
    JSON.parse(line)
  );
  assert.deepEqual(told.map(({ heldBy: _heldBy, ...port }) => port), ports);
  for (const { heldBy } of told) assert.equal(Array.isArray(heldBy), Deno.build.os === "linux");
  const table = await runParley(["ports"]);
  assert.equal(table.code, 0);
  if (ports.length === 0) assert.equal(table.stderr, "No serial port is there.\n");
  for (const { path } of ports) {
    assert(table.stdout.includes(`\n${path} `) || table.stdout.includes(`\n${path}\n`));
  }
});

Deno.test("parley ports --watch tells which ports are there, until Ctrl-C", async () => {
  const [command, ...args] = parley("ports", "--watch");
  const child = new Deno.Command(command, { args, stdout: "piped", stderr: "piped" }).spawn();
  const there = await listPorts();
  const from = there.length === 0 ? child.stderr : child.stdout;
  const reader = from.pipeThrough(new TextDecoderStream()).getReader();
  const { value } = await reader.read();
  if (there.length === 0) assert.match(value!, /No serial port is there; waiting for one/);
  else assert(value!.startsWith(`+ ${there[0].path}`), value);
  child.kill("SIGINT");
  assert.equal((await child.status).code, 130);
  await reader.cancel();
  await (from === child.stdout ? child.stderr : child.stdout).cancel();
});
