import { asyncClose, asyncOpen } from "@serialport/bindings-cpp/dist/load-bindings.js";
import assert from "node:assert/strict";
import { openFailure } from "../../../src/transport/serial/open_failure.ts";

const SETTINGS = {
  baudRate: 9600,
  dataBits: 8,
  stopBits: 1,
  parity: "none",
  lock: true,
  hupcl: false,
  rtscts: false,
  xon: false,
  xoff: false,
  xany: false,
  vmin: 1,
  vtime: 0,
};

/** A pseudo terminal whose path is printed, locked as serial programs do when there is an argument. */
const HOLDER = `
import fcntl, os, sys
master, slave = os.openpty()
if len(sys.argv) > 1: fcntl.flock(slave, fcntl.LOCK_EX | fcntl.LOCK_NB)
print(os.ttyname(slave), flush=True)
if len(sys.argv) == 1: os.close(slave)
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

const withPython = { ignore: Deno.build.os !== "linux" || !hasPython };

/** Runs a test with the pseudo terminal of another process. */
async function withHolder(lock: string[], use: (path: string, pid: number) => Promise<void>): Promise<void> {
  const child = new Deno.Command("python3", {
    args: ["-c", HOLDER, ...lock],
    stdin: "piped",
    stdout: "piped",
  })
    .spawn();
  const output = child.stdout.getReader();
  try {
    await use(new TextDecoder().decode((await output.read()).value).trim(), child.pid);
  } finally {
    await child.stdin.close();
    await output.cancel();
    await child.status;
  }
}

async function refusal(path: string): Promise<unknown> {
  try {
    await asyncClose(await asyncOpen(path, SETTINGS));
  } catch (error) {
    return error;
  }
  assert.fail(`${path} was opened`);
}

Deno.test("a port that another program has locked is told with its name", withPython, async () => {
  await withHolder(["lock"], async (path, pid) => {
    const { code, message } = await openFailure(path, await refusal(path));
    assert.equal(code, "busy");
    assert.match(
      message,
      new RegExp(`^Cannot open serial port ${path}: it is in use by python3\\S* \\(pid ${pid}\\);`),
    );
  });
});

Deno.test("a port that this process has open is told to be", withPython, async () => {
  await withHolder([], async (path) => {
    const fd = await asyncOpen(path, SETTINGS);
    try {
      const { code, message } = await openFailure(path, await refusal(path));
      assert.equal(code, "busy");
      assert.match(message, /: it is already open in this process; /);
    } finally {
      await asyncClose(fd);
    }
    await asyncClose(await asyncOpen(path, SETTINGS)); // nothing of the refused one is left
  });
});

Deno.test("what is no serial port is refused for what it is", withPython, async () => {
  const cases = [["/dev/null", "not_serial"], ["/", "not_serial"], ["/dev/no-such-port", "no_such_path"]];
  for (const [path, code] of cases) {
    assert.equal((await openFailure(path, await refusal(path))).code, code, path);
  }
});
