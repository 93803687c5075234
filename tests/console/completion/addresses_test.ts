import assert from "node:assert/strict";
import { listPorts } from "../../../mod.ts";
import { virtualSerialPair } from "../../../src/testing/mod.ts";
import { ptyAvailable } from "../../pty.ts";
import { CompletingConsole } from "./completing_console.ts";

Deno.test("addresses are completed from open servers, from what was typed before, and by their schemes", async () => {
  await using world = new CompletingConsole([
    'await connect("tcp://bench-psu:5025", { dialect: "lines" })',
    "const s = await listen('tcp://0.0.0.0:9000')",
    'connect("tcp://bench-psu:5025"); connect("unix:///run/psu.sock")',
    'const secret = "tcp://not:1"',
  ]);
  await world.input(
    'var opened = await listen("memory://opened")',
    'var gone = await listen("memory://gone")',
  );
  await world.input("await gone.close()");
  assert.deepEqual(await world.list('await connect("'), {
    "memory://opened": "open here: opened",
    "unix:///run/psu.sock": "typed before",
    "tcp://bench-psu:5025": "typed before",
    "tcp://": "TCP",
    "unix://": "Unix socket",
    "serial:": "serial port",
    "memory://": "inside this process",
  });
  assert.deepEqual((await world.texts("await connect(")).slice(0, 2), [
    '"memory://opened',
    '"tcp://bench-psu:5025',
  ]);
  assert.deepEqual(await world.texts("createClient('memory://o"), ["memory://opened"]);
  assert.deepEqual(await world.texts('listen("tcp://0'), ["tcp://0.0.0.0:9000"]);
  assert.deepEqual(await world.texts('listen("tcp://127'), ["tcp://127.0.0.1:"]);
  assert.deepEqual(await world.texts('connect("t|cp://x")'), ["tcp://bench-psu:5025", "tcp://"]);
  for (const line of ['connect(x, "', 'connect({ a: "', 'x.listen("', '"connect(\\"']) {
    assert.deepEqual(await world.texts(line), [], line);
  }
});

Deno.test("socket files are completed behind unix://", async () => {
  const folder = await Deno.makeTempDir();
  try {
    await using world = new CompletingConsole();
    await world.input(`var socket = await listen("unix://${folder}/a.sock")`);
    await Deno.mkdir(`${folder}/deep`);
    assert.deepEqual(await world.list(`connect("unix://${folder}/`), {
      [`unix://${folder}/a.sock`]: "open here: socket",
      "deep/": undefined,
    });
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test(
  "serial ports are completed behind serial: and in serial()",
  { ignore: !ptyAvailable },
  async () => {
    await using _pair = virtualSerialPair();
    await using world = new CompletingConsole();
    assert.deepEqual(await world.texts('connect("se'), ["serial:"]);
    assert.deepEqual(await world.texts('serial("se'), ["serial:"]);
    assert.ok((await world.texts('serial("')).includes("auto"));
    assert.ok((await world.texts('connect("serial:')).includes("serial:auto"));
    assert.ok((await world.texts("listen('serial:au")).includes("serial:auto"));
    await listPorts(); // the last look of the console has ended before this one
  },
);
