import assert from "node:assert/strict";
import { listen, listPorts, type PortInfo, serial } from "../../mod.ts";
import { PortBoard } from "../../src/console/port_board.ts";
import { virtualSerialPair } from "../../src/testing/mod.ts";
import { ptyAvailable } from "../pty.ts";

const WITH_PORTS = { ignore: !ptyAvailable, timeout: 20_000 };
const NOBODY = { links: [], nameOf: () => "nobody" };

/** Ports that a test plugs in and out by hand; who has them is looked up as it is. */
class Plugs {
  ports: PortInfo[] = [];
  listed = 0;
  asked = 0;
  fails: Error | undefined;

  readonly list: typeof listPorts = async (options) => {
    if (options?.known !== undefined) {
      this.asked++;
      return await listPorts(options);
    }
    this.listed++;
    if (this.fails !== undefined) throw this.fails;
    return this.ports;
  };
}

/** Waits until the table that is looked at shows this. */
async function until(board: PortBoard, wanted: RegExp): Promise<string> {
  const shown = Promise.withResolvers<void>();
  const look = () => wanted.test(board.lines().join("\n")) && shown.resolve();
  const stop = board.start(look);
  await shown.promise;
  stop();
  return board.lines().join("\n");
}

Deno.test("PortBoard shows devices as they come and go, and that they cannot be listed", {
  timeout: 20_000,
}, async () => {
  const plugs = new Plugs();
  const board = new PortBoard(NOBODY, { list: plugs.list, everyMs: 1 });
  await board.begin();
  assert.deepEqual(board.lines(), ["No serial port is there."]);
  plugs.ports = [{ path: "/dev/ttyUSB0", product: "FT232R" }];
  assert.equal(await until(board, /USB0/), "port          device\n/dev/ttyUSB0  FT232R");
  plugs.fails = new Error("no rights");
  assert.match(await until(board, /rights/), /USB0.*\n! Error: no rights$/s);
  plugs.fails = undefined;
  plugs.ports = [];
  assert.equal(await until(board, /No serial/), "No serial port is there.");
  board.end();
});

Deno.test(
  "PortBoard shows which link has a port, what goes over it, and which other program has it",
  WITH_PORTS,
  async () => {
    await using pair = virtualSerialPair();
    await using device = await serial(pair.a.path);
    const { path } = pair.b;
    await using psu = await serial(path, { baudRate: 9600 });
    const plugs = new Plugs();
    plugs.ports = [{ path: "/dev/nowhere" }];
    const book = { links: [psu], nameOf: () => "psu" };
    const board = new PortBoard(book, { list: plugs.list, everyMs: 1, holdersEveryMs: 1 });
    await board.begin();
    const row = () => board.lines().find((line) => line.startsWith(path))?.slice(path.length);
    assert.match(row()!, /^ +psu 9600 8N1 {2}0 B {2}0 B$/);
    await device.send("12345");
    await until(board, /6 B {2}0 B/);
    await psu.setSignals({}); // nothing to set: virtual ports have no lines, and no column for them
    assert.doesNotMatch(board.lines()[0], /lines|used by/);
    await using other = new Deno.Command("sh", {
      args: ["-c", 'exec 5<"$0"; echo open; read _', path],
      stdin: "piped",
      stdout: "piped",
    }).spawn();
    const output = other.stdout.getReader();
    await output.read();
    assert.match(await until(board, /used by/), new RegExp(`6 B {2}0 B {2}\\w+ \\(${other.pid}\\)$`, "m"));
    await other.stdin.close();
    await until(board, /out$/m);
    await psu.close();
    await until(board, /^port\n\/dev\/nowhere$/);
    board.end();
    await output.cancel();
  },
);

Deno.test("PortBoard shows a server that listens on a port", WITH_PORTS, async () => {
  await using pair = virtualSerialPair();
  await using gate = await listen(`serial:${pair.b.path}`);
  const board = new PortBoard({ links: [gate], nameOf: () => "gate" }, { list: new Plugs().list });
  await board.look();
  assert.match(board.lines()[1], new RegExp(`^${pair.b.path} {2}gate \\(listening\\) +0 B +0 B$`));
});

Deno.test("PortBoard asks who has the ports no more often than it was told, and nothing after its end", {
  timeout: 20_000,
}, async () => {
  const plugs = new Plugs();
  const board = new PortBoard(NOBODY, { list: plugs.list, everyMs: 1, holdersEveryMs: 3_600_000 });
  await board.begin();
  const busy = Promise.withResolvers<void>();
  const stop = board.start(() => plugs.listed > 30 && busy.resolve());
  await busy.promise;
  stop();
  assert.equal(plugs.asked, 1);
  board.end(); // and no timer is left, which would fail the test
  const once = new Plugs();
  await new PortBoard(NOBODY, { list: once.list }).look();
  assert.deepEqual([once.listed, once.asked], [1, 1]);
});

Deno.test("PortBoard that may not list the ports says so to whoever begins", async () => {
  const plugs = new Plugs();
  plugs.fails = new Error("no rights");
  const board = new PortBoard(NOBODY, { list: plugs.list });
  await assert.rejects(board.begin(), /no rights/);
  await assert.rejects(board.look(), /no rights/);
  board.end();
});
