import assert from "node:assert/strict";
import { virtualSerialPair } from "../../../src/testing/virtual_serial_pair.ts";
import { failure, ON_LINUX, open } from "./open_lines.ts";

/** Opens a port as a program of the user nobody, and prints what became of it: root may open what is locked. */
const AS_NOBODY = `
import errno, os, sys
if os.getuid() == 0: os.setuid(65534)
try:
    os.close(os.open(sys.argv[1], os.O_RDWR | os.O_NOCTTY | os.O_NONBLOCK))
    print("opened")
except OSError as error:
    print(errno.errorcode[error.errno])
`;

/** Takes the lock of a port, or finds it taken, and keeps it until its input ends. */
const LOCKER = `
import fcntl, os, sys
fd = os.open(sys.argv[1], os.O_RDWR | os.O_NOCTTY | os.O_NONBLOCK)
try:
    fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
    print("locked", flush=True)
except BlockingIOError:
    print("taken", flush=True)
sys.stdin.read()
`;

const hasPython = (() => {
  try {
    return new Deno.Command("python3", { args: ["-c", "import fcntl"], stdout: "null", stderr: "null" })
      .outputSync().success;
  } catch {
    return false;
  }
})();
const WITH_PYTHON = { ignore: ON_LINUX.ignore || !hasPython };

async function python(code: string, path: string): Promise<string> {
  const { stdout } = await new Deno.Command("python3", { args: ["-c", code, path], stdin: "null" }).output();
  return new TextDecoder().decode(stdout).trim();
}

/** Runs `use` while another program has the lock of the port. */
async function whileLocked(path: string, use: () => Promise<void>): Promise<void> {
  const child = new Deno.Command("python3", { args: ["-c", LOCKER, path], stdin: "piped", stdout: "piped" })
    .spawn();
  const output = child.stdout.getReader();
  try {
    assert.equal(new TextDecoder().decode((await output.read()).value).trim(), "locked");
    await use();
  } finally {
    await child.stdin.close();
    await output.cancel();
    await child.status;
  }
}

/** The settings of a port as another program sees them. */
async function seen(path: string): Promise<string> {
  const { stdout } = await new Deno.Command("stty", { args: ["-F", path, "-a"] }).output();
  return new TextDecoder().decode(stdout);
}

Deno.test("a line is open once in a process, and a refused one changes nothing of it", ON_LINUX, async () => {
  await using pair = virtualSerialPair();
  const { path } = pair.a;
  const line = await open(path);
  const before = await seen(path);
  const error = await failure(open(path, { baudRate: 9600, xon: true, rtscts: true, stopBits: 2 }));
  assert.equal(error.code, "busy");
  assert.match(error.message, /^Cannot open serial port \S+: it is already open in this process; close that/);
  assert.equal(await seen(path), before);
  line.close();
  (await open(path)).close();
});

Deno.test("of many that open a line at once one gets it, with its own settings", ON_LINUX, async () => {
  await using pair = virtualSerialPair();
  const tries = Array.from(
    { length: 8 },
    (_, at) => open(pair.a.path, { baudRate: 300 * (at + 1), xon: at % 2 === 0 }),
  );
  const results = await Promise.allSettled(tries);
  const lines = results.filter((result) => result.status === "fulfilled").map(({ value }) => value);
  assert.equal(lines.length, 1);
  for (const result of results) if (result.status === "rejected") assert.equal(result.reason.code, "busy");
  const text = await seen(pair.a.path);
  assert.equal(/ ixon/.test(text), lines[0].settings.xon);
  lines[0].close();
});

Deno.test("other programs keep out of a line that is open here", WITH_PYTHON, async () => {
  await using pair = virtualSerialPair();
  const { path } = pair.a;
  await Deno.chmod(path, 0o666);
  assert.equal(await python(AS_NOBODY, path), "opened");
  const line = await open(path);
  assert.equal(await python(AS_NOBODY, path), "EBUSY");
  assert.equal(await python(LOCKER, path), Deno.uid() === 0 ? "taken" : "");
  line.close();
  assert.equal(await python(AS_NOBODY, path), "opened");
});

Deno.test("lock: false lets others in, and goes where others are", WITH_PYTHON, async () => {
  await using pair = virtualSerialPair();
  const { path } = pair.a;
  await Deno.chmod(path, 0o666);
  const lines = [await open(path, { lock: false }), await open(path, { lock: false })];
  assert.equal(await python(AS_NOBODY, path), "opened");
  assert.equal(await python(LOCKER, path), "locked");
  for (const line of lines) line.close();
  await whileLocked(path, async () => (await open(path, { lock: false })).close());
});

Deno.test("a line that another program has is refused, and not touched", WITH_PYTHON, async () => {
  await using pair = virtualSerialPair();
  const { path } = pair.a;
  await whileLocked(path, async () => {
    const before = await seen(path);
    assert.equal((await failure(open(path, { xon: true, rtscts: true }))).code, "busy");
    assert.equal(await seen(path), before);
  });
  (await open(path)).close();
});

Deno.test(
  "what an earlier program left set is cleared: the hangup at the end, parity bits that never change",
  WITH_PYTHON,
  async () => {
    await using pair = virtualSerialPair();
    const { path } = pair.a;
    const left = "import os, sys, termios\n" +
      "fd = os.open(sys.argv[1], os.O_RDWR | os.O_NOCTTY | os.O_NONBLOCK)\n" +
      "settings = termios.tcgetattr(fd)\n" +
      "settings[2] |= 0x40000000 | termios.HUPCL | termios.CSTOPB | 0x80000000\n" +
      "settings[0] |= termios.IXON | termios.ICRNL\n" +
      "termios.tcsetattr(fd, termios.TCSANOW, settings)";
    await python(left, path);
    assert.match(await seen(path), / cmspar .*[\s\S]* hupcl/);
    const line = await open(path, { hupcl: false, lock: false, baudRate: 123_456 });
    const text = await seen(path);
    for (const word of ["-cmspar", "-hupcl", "-cstopb", "-ixon", "-icrnl", "-crtscts"]) {
      assert.ok(
        text.includes(word),
        word,
      );
    }
    assert.equal(line.settings.baudRate, 123_456);
    line.close();
  },
);
