import assert from "node:assert/strict";
import { BrokenError } from "../../../src/errors.ts";
import { openFailure } from "../../../src/transport/serial/open_failure.ts";
import { whyNoAccess } from "../../../src/transport/serial/port_access.ts";
import type { PortInfo } from "../../../src/transport/serial/port_info.ts";

const onLinux = { ignore: Deno.build.os !== "linux" };
const PORTS: PortInfo[] = [
  {
    path: "/dev/ttyUSB0",
    id: "/dev/serial/by-id/usb-FTDI_A5-if00-port0",
    vendorId: "0403",
    productId: "6001",
  },
];
const options = { ports: () => PORTS };
const LOCKED = new Error("Error Resource temporarily unavailable Cannot lock port");

/** A temporary folder for the time of a test. */
async function folder(): Promise<{ path: string } & AsyncDisposable> {
  const path = await Deno.realPath(await Deno.makeTempDir({ prefix: "parley_open_" }));
  return { path, [Symbol.asyncDispose]: () => Deno.remove(path, { recursive: true }) };
}

Deno.test("every text of the native code has its code, and the message names the port", onLinux, async () => {
  const cases: [path: string, said: string, code: string, why: RegExp][] = [
    [
      "/dev/no",
      "Error: No such file or directory, cannot open /dev/no",
      "no_such_path",
      /^no such port; there are: /,
    ],
    ["/dev/no", "Error: No such device or address, cannot open /dev/no", "no_such_path", /^no such port/],
    ["COM9", "Opening COM9: File not found", "no_such_path", /^no such port; there are: /],
    ["COM9", "Opening COM9: Access denied", "busy", /in use/],
    [
      "/dev/null",
      "Error: Permission denied, cannot open /dev/null",
      "permission",
      /everybody may open it \(mode 666\)/,
    ],
    [
      "/dev/null",
      "Error: Operation not permitted, cannot open /dev/null",
      "permission",
      /everybody may open it \(mode 666\)/,
    ],
    ["/dev/null", "Error: Device or resource busy, cannot open /dev/null", "busy", /in use|already open/],
    ["/dev/null", LOCKED.message, "busy", /in use|already open/],
    [
      "/dev/null",
      "Error: Inappropriate ioctl for device setting custom baud rate of 115200",
      "not_serial",
      /^it is a character device but no serial port$/,
    ],
    [
      "/dev",
      "Error: Is a directory, cannot open /dev",
      "not_serial",
      /^it is a directory and no serial port$/,
    ],
    [
      "/dev/null",
      "Error: Too many open files, cannot open /dev/null",
      "too_many_files",
      /no file descriptors left/,
    ],
    [
      "/dev/null",
      "Error: Invalid argument setting custom baud rate of 123",
      "unsupported",
      /^its driver cannot do this "baudRate" \(.* 123\); choose another$/,
    ],
    ["/dev/null", "Error: Input/output error, cannot open", "io", /^Input\/output error, .*unplugged/],
    ["/dev/null", "Invalid parity setting 7\x1b[2J", "io", /^Invalid parity setting 7\[2J$/],
    ["/dev/null", "", "io", /^no reason given$/],
  ];
  for (const [path, said, code, why] of cases) {
    const error = await openFailure(path, new Error(said), options);
    assert.ok(error instanceof BrokenError);
    assert.equal(error.code, code, said);
    const start = `Cannot open serial port ${path}: `;
    assert.ok(error.message.startsWith(start), error.message);
    assert.match(error.message.slice(start.length), why);
  }
});

Deno.test("a port that is not there is told with the nearest name", async () => {
  const error = await openFailure("/dev/ttyUSB1", new Error("Error: No such file or directory"), options);
  assert.equal(
    error.message,
    'Cannot open serial port /dev/ttyUSB1: no such port; did you mean "/dev/ttyUSB0"? There are: /dev/ttyUSB0 (0403:6001)',
  );
  const unlisted = await openFailure("/dev/no", new Error("Error: No such file or directory"), {
    ports: () => Promise.reject(new Error("no list")),
  });
  assert.equal(unlisted.message, "Cannot open serial port /dev/no: no such port");
});

Deno.test("files, sockets and pipes are told for what they are", onLinux, async () => {
  await using made = await folder();
  await Deno.writeTextFile(`${made.path}/file`, "");
  using _listener = Deno.listen({ transport: "unix", path: `${made.path}/socket` });
  await new Deno.Command("mkfifo", { args: [`${made.path}/pipe`] }).output();
  for (const [name, what] of [["file", "a file"], ["socket", "a socket"], ["pipe", "a named pipe"]]) {
    const error = await openFailure(`${made.path}/${name}`, new Error("Error: Inappropriate ioctl"), options);
    assert.equal(error.code, "not_serial");
    assert.ok(error.message.endsWith(`: it is ${what} and no serial port`), error.message);
  }
});

Deno.test("missing flags of Deno are named", async () => {
  const denied = new Deno.errors.NotCapable("Requires ffi access, run again with the --allow-ffi flag\nmore");
  const { code, message } = await openFailure("/dev/ttyUSB0", denied, options);
  assert.equal(code, "permission");
  assert.match(message, /-A, or with --allow-ffi --allow-env --allow-read$/);
});

Deno.test("the failure of opening never looks at the stack of what was thrown", async () => {
  const thrown = new Error("Error: Too many open files, cannot open /dev/null");
  Object.defineProperty(thrown, "stack", { get: () => assert.fail("stack was read") });
  assert.equal((await openFailure("/dev/null", thrown, options)).code, "too_many_files");
});

Deno.test("a busy port is told with the programs that have it open", onLinux, async () => {
  await using proc = await folder();
  const process = async (pid: number, comm: string, files: string[]) => {
    await Deno.mkdir(`${proc.path}/${pid}/fd`, { recursive: true });
    await Deno.writeTextFile(`${proc.path}/${pid}/comm`, `${comm}\n`);
    for (const [fd, file] of files.entries()) await Deno.symlink(file, `${proc.path}/${pid}/fd/${fd}`);
  };
  const why = async () => {
    const { code, message } = await openFailure("/dev/null", LOCKED, { ...options, proc: proc.path });
    assert.equal(code, "busy");
    return message.slice("Cannot open serial port /dev/null: ".length);
  };
  await process(70, "bash", ["/dev/tty1", "/dev/nullx"]);
  assert.equal(
    await why(),
    "it was in use by a program that has closed it meanwhile, or runs in a container; try again",
  );
  await Deno.mkdir(`${proc.path}/80`);
  await Deno.writeTextFile(`${proc.path}/80/fd`, "not to be looked into");
  assert.equal(await why(), "it is in use by another program (root can see which: sudo fuser /dev/null)");
  await process(1234, "tio\x1b[2J", ["socket:[7]", "/dev/null"]);
  assert.equal(await why(), "it is in use by tio[2J (pid 1234); close it there");
  await process(99, "cat", ["/dev/null"]);
  assert.equal(await why(), "it is in use by tio[2J (pid 1234), cat (pid 99); close it there");
  await process(Deno.pid, "deno", ["/dev/null"]);
  for (const younger of [1, 2, 3, 4]) await process(Deno.pid + younger, "cat", ["/dev/null"]);
  assert.equal(await why(), "it is already open in this process; close that link first, or use it");
});

Deno.test("a port that belongs to a group is told with the way into it", onLinux, async () => {
  await using made = await folder();
  const node = `${made.path}/ttyUSB0`;
  await Deno.writeTextFile(node, "");
  await Deno.chmod(node, 0o660);
  if (Deno.uid() === 0) {
    const rootsOwn = await whyNoAccess(node, undefined, { proc: "/proc", etc: "/etc" });
    assert.match(rootsOwn, /^only its owner \(user 0\)/); // the group of root is never the way in
    await Deno.chown(node, null, 20);
  }
  const gid = (await Deno.stat(node)).gid;
  await Deno.mkdir(`${made.path}/self`);
  const why = async (groups: string, members: string) => {
    await Deno.writeTextFile(
      `${made.path}/self/status`,
      `Name:\tx\nUid:\t7\t7\t7\t7\nGid:\t8\t8\t8\t8\nGroups:\t${groups}\n`,
    );
    await Deno.writeTextFile(`${made.path}/group`, `root:x:0:\nports:x:${gid}:${members}\n`);
    await Deno.writeTextFile(`${made.path}/passwd`, "root:x:0:0::/:/bin/sh\nada:x:7:8::/:/bin/sh\n");
    return await whyNoAccess(node, PORTS[0], { proc: made.path, etc: made.path });
  };
  assert.equal(
    await why("8 9 ", ""),
    'you are not in the group "ports" that owns it: run sudo usermod -aG ports $USER and log in again',
  );
  assert.equal(
    await why("", "bob,ada"),
    'you were added to the group "ports" that owns it after you logged in: log out and in again',
  );
  assert.match(
    await why(`9 ${gid}`, "ada"),
    /^the system refuses it although you are in the group "ports" .*--device /,
  );
  await Deno.chmod(node, 0o600);
  const rule =
    'SUBSYSTEM=="tty", ATTRS{idVendor}=="0403", ATTRS{idProduct}=="6001", GROUP="dialout", MODE="0660"';
  assert.ok(
    (await why("", "")).includes(`(mode 600); to give it to a group write ${rule} into /etc/udev/rules.d/`),
  );
  const plain = await whyNoAccess(node, undefined, { proc: made.path, etc: made.path });
  assert.ok(plain.includes('KERNEL=="ttyUSB0"'), plain);
});
