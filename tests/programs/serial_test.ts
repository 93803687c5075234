import { listen, serial } from "@parley/parley";
import { virtualSerialPair } from "@parley/parley/testing";
import assert from "node:assert/strict";
import { LinkLog } from "../peer/link_log.ts";
import { Program, testWith } from "./program.ts";

/** An instrument on a pseudo terminal of its own: it answers each line, and goes with its last word. */
const INSTRUMENT = `
import os, tty
master, slave = os.openpty()
tty.setraw(slave)
print(os.ttyname(slave), flush=True)
stream = os.fdopen(master, "r+b", buffering=0)
buffered = b""
while True:
    buffered += stream.read(4096)
    while b"\\n" in buffered:
        line, buffered = buffered.split(b"\\n", 1)
        if line == b"go": os._exit(0)
        if line == b"flood":
            part = bytes(range(256)) * 16
            for _ in range(2560):
                at = 0
                while at < len(part): at += stream.write(part[at:])
            stream.write(b"\\nend of flood\\n")
        else: stream.write(b"got " + line + b"\\r\\n")
`;

/** A program that opens a port by itself, as a terminal program does, and echoes what comes. */
const ECHO = `
import os, sys, tty
fd = os.open(sys.argv[1], os.O_RDWR | os.O_NOCTTY)
tty.setraw(fd)
print("open", flush=True)
while True:
    part = os.read(fd, 4096)
    while part: part = part[os.write(fd, part):]
`;

/** The same with pyserial, with its own lock. */
const PYSERIAL = `
import serial, sys
port = serial.Serial(sys.argv[1], 57600, timeout=None, exclusive=True)
print("open", flush=True)
while True:
    port.write(b"py " + port.readline())
`;

const PYSERIAL_REFUSED = `
import serial, sys
try:
    serial.Serial(sys.argv[1], exclusive=True)
    print("opened")
except serial.SerialException as error:
    print(error.errno)
`;

/** The Python that has pyserial: Debian's package is for Debian's Python, which need not be the first on the path. */
const pyserial = (["python3", "/usr/bin/python3"] as const).find((python) => {
  try {
    return new Deno.Command(python, { args: ["-c", "import serial"], stdout: "null", stderr: "null" })
      .outputSync().success;
  } catch {
    return false;
  }
});

/** Registers a test that runs where Python has pyserial; elsewhere its name says how to get it. */
function testWithPyserial(name: string, fn: (python: "python3" | "/usr/bin/python3") => Promise<void>): void {
  const hint = pyserial === undefined ? " [skipped: no pyserial here; apt-get install python3-serial]" : "";
  Deno.test({ name: `${name}${hint}`, ignore: pyserial === undefined, fn: () => fn(pyserial!) });
}

testWith("python3", "an instrument in Python answers on its own pseudo terminal", async () => {
  await using python = new Program("python3", ["-c", INSTRUMENT]);
  await using port = await serial(await python.line());
  for (const line of ["*IDN?", "", "ä"]) assert.equal(await port.ask(line), `got ${line}`);
});

testWith("python3", "a device whose program ends was unplugged", async () => {
  await using python = new Program("python3", ["-c", INSTRUMENT]);
  await using port = await serial(await python.line());
  await port.send("go");
  assert.equal((await port.closed).code, "unplugged");
});

testWith("python3", "ten megabytes of garbage do no harm: what follows is read", async () => {
  await using python = new Program("python3", ["-c", INSTRUMENT]);
  const path = await python.line();
  const log = new LinkLog();
  const lines: string[] = [];
  const end = Promise.withResolvers<void>();
  await using port = await serial(path, {
    ...log.callbacks,
    onReceive: (line) => {
      lines.push(line);
      if (line === "end of flood") end.resolve();
    },
  });
  await port.send("flood");
  await end.promise;
  assert.equal(await port.ask("still there?"), "got still there?");
  assert.deepEqual(log.take(), ["up first", "connect first"]);
});

testWith("python3", "a program on the other port echoes all bytes", async () => {
  await using pair = virtualSerialPair();
  await using python = new Program("python3", ["-c", ECHO, pair.b.path]);
  assert.equal(await python.line(), "open");
  await using port = await serial(pair.a.path, { dialect: "raw" });
  const sent = Uint8Array.from({ length: 200_000 }, (_, at) => at * 7);
  const sending = port.send(sent);
  const received = new Uint8Array(sent.length);
  for (let at = 0; at < sent.length;) {
    const bytes = await port.receive() as Uint8Array;
    received.set(bytes, at);
    at += bytes.length;
  }
  await sending;
  assert.deepEqual(received, sent);
});

testWithPyserial(
  "pyserial at the other end of a cable answers, with its own lock",
  async (pythonWithSerial) => {
    await using pair = virtualSerialPair();
    await using python = new Program(pythonWithSerial, ["-c", PYSERIAL, pair.b.path]);
    assert.equal(await python.line(), "open");
    await using port = await serial(pair.a.path, { baudRate: 57_600 });
    assert.equal(await port.ask("hello"), "py hello");
    await assert.rejects(serial(pair.b.path), { code: "busy" });
    assert.equal(await port.ask("again"), "py again"); // refusing us has changed nothing there
  },
);

testWithPyserial("pyserial is refused a port that is open here", async (pythonWithSerial) => {
  await using pair = virtualSerialPair();
  const port = await serial(pair.a.path);
  const refused = async () => {
    await using python = new Program(pythonWithSerial, ["-c", PYSERIAL_REFUSED, pair.a.path]);
    return await python.line();
  };
  assert.match(await refused(), /^(11|16)$/); // EAGAIN by the lock, or EBUSY at once
  await port.close();
  assert.equal(await refused(), "opened");
});

/** A folder for links to ports, which is removed afterwards. */
async function folder(): Promise<{ path: string } & AsyncDisposable> {
  const path = await Deno.makeTempDir();
  return { path, [Symbol.asyncDispose]: () => Deno.remove(path, { recursive: true }) };
}

/** A cable by socat between two links, there when it returns. */
async function socatCable(a: string, b: string): Promise<Program> {
  const pty = (link: string) => `pty,raw,echo=0,link=${link}`;
  const socat = new Program("socat", [pty(a), pty(b)]);
  for (const link of [a, b]) {
    while (!await Deno.stat(link).then(() => true, () => false)) {
      await new Promise((next) => setTimeout(next, 5));
    }
  }
  return socat;
}

testWith(
  "socat",
  "links to the ports of socat are followed, and a cable that comes back under other names",
  async () => {
    await using place = await folder();
    const [a, b] = [`${place.path}/a`, `${place.path}/b`];
    const log = new LinkLog();
    let socat = await socatCable(a, b);
    try {
      await using port = await serial(a, { ...log.callbacks, reconnect: { minMs: 1, maxMs: 1 } });
      assert.equal(port.path, await Deno.realPath(a));
      {
        await using far = await serial(b, { onReceive: (line, peer) => peer.send(`${line}!`) });
        assert.equal(await port.ask("one"), "one!");
        await socat.kill();
        await log.until("down unplugged");
        assert.equal((await far.closed).code, "unplugged");
      }
      for (const link of [a, b]) await Deno.remove(link).catch(() => {});
      await using _between = virtualSerialPair(); // takes the numbers that are free now
      socat = await socatCable(a, b);
      await port.ready;
      assert.equal(port.path, await Deno.realPath(a));
      await using _far = await serial(b, { onReceive: (line, peer) => peer.send(`${line}?`) });
      assert.equal(await port.ask("two"), "two?");
    } finally {
      await socat.kill();
    }
  },
);

testWith("nc", "a port can be handed on to nc", async () => {
  await using pair = virtualSerialPair();
  await using _echo = await serial(pair.b.path, { onReceive: (line, peer) => peer.send(line.toUpperCase()) });
  await using port = await serial(pair.a.path);
  await using server = await listen("tcp://127.0.0.1:0", {
    dialect: "lines",
    onReceive: async (line, peer) => await peer.send(await port.ask(line)),
  });
  await using nc = new Program("nc", ["127.0.0.1", String(server.port)]);
  await nc.type("hello\n");
  assert.equal(await nc.line(), "HELLO");
});
