import { type PortInfo, serial, type SerialClient } from "@parley/parley";
import { virtualSerialPair } from "@parley/parley/testing";
import assert from "node:assert/strict";
import { LinkLog } from "./link_log.ts";
import { Seen } from "./seen.ts";

const WITH_PORTS = { ignore: Deno.build.os === "windows" };
/** Attempts follow at once. */
const QUICK = { minMs: 1, maxMs: 1 };

/** A link to a port, as those by id are: it can be made to lead to another. */
async function portLink(): Promise<{ name: string; to(path: string): Promise<void> } & AsyncDisposable> {
  const folder = await Deno.makeTempDir();
  const name = `${folder}/port`;
  return {
    name,
    async to(path) {
      await Deno.symlink(path, `${folder}/next`);
      await Deno.rename(`${folder}/next`, name);
    },
    [Symbol.asyncDispose]: () => Deno.remove(folder, { recursive: true }),
  };
}

Deno.test("a device is found again under another path, and everything stays", WITH_PORTS, async () => {
  await using pair = virtualSerialPair();
  await using device = await serial(pair.b.path, { onReceive: (line, peer) => peer.send(`${line}!`) });
  const log = new LinkLog();
  const opened: (string | undefined)[] = [];
  const received = new Seen<unknown>();
  await using port = await serial(pair.a.path, {
    ...log.callbacks,
    baudRate: 9600,
    parity: "even",
    ports: pair.ports,
    reconnect: QUICK,
    onReceive: received.add,
    onOpen: (port: SerialClient) => void opened.push(port.path),
  });
  port.use({ onReceive: (line) => received.add(`also ${line}`) });
  await port.update({ baudRate: 57_600 });
  const first = pair.a.path;
  assert.equal(await port.ask("a"), "a!");
  await pair.a.unplug();
  await log.until("disconnect");
  assert.equal(port.state, "down");
  await pair.a.plug();
  await port.ready;
  assert.notEqual(pair.a.path, first);
  assert.equal(port.path, pair.a.path);
  assert.deepEqual(opened, [first, pair.a.path]);
  assert.deepEqual(port.settings, { ...port.settings, baudRate: 57_600, parity: "even" });
  assert.equal(await port.ask("b"), "b!");
  assert.deepEqual(await received.take(4), ["a!", "also a!", "b!", "also b!"]);
  assert.ok(device.isOpen);
  assert.deepEqual(log.take(), [
    "up first",
    "connect first",
    "down unplugged retry",
    "disconnect unplugged retry",
    "retry 1",
    "up anew",
    "connect anew",
  ]);
});

Deno.test("another device that has taken the path is not opened", WITH_PORTS, async () => {
  await using pair = virtualSerialPair();
  await using other = virtualSerialPair({ a: { vendorId: "1209", productId: "0001", serialNumber: "X" } });
  await using path = await portLink();
  const log = new LinkLog();
  const looks = new Seen<PortInfo[]>();
  const ports = async () => {
    const found = [...await pair.ports(), other.a.info!];
    looks.add(found);
    return found;
  };
  await path.to(pair.a.path);
  await using port = await serial(path.name, { ...log.callbacks, ports, reconnect: QUICK });
  assert.equal(port.path, pair.a.path);
  await pair.a.unplug();
  await path.to(other.a.path);
  await log.until("disconnect");
  const before = looks.all.length;
  while (looks.all.length < before + 3) await looks.next(); // it was looked at, and not taken
  assert.equal(port.state, "down");
  await pair.a.plug();
  await port.ready;
  assert.equal(port.path, pair.a.path);
});

Deno.test("a device that cannot be told from others is looked for where it was", WITH_PORTS, async () => {
  await using pair = virtualSerialPair();
  await using other = virtualSerialPair();
  await using path = await portLink();
  const log = new LinkLog();
  await path.to(pair.a.path);
  await using port = await serial(path.name, { ...log.callbacks, reconnect: QUICK }); // no list knows virtual ports
  await path.to("/dev/no-such-port");
  await pair.a.unplug();
  await log.until("retry");
  await path.to(other.a.path);
  await port.ready;
  assert.equal(port.path, other.a.path);
});

Deno.test("a port is waited for that is not there at first", WITH_PORTS, async () => {
  await using pair = virtualSerialPair();
  await pair.a.unplug();
  const log = new LinkLog();
  const starting = serial("usb:1209:0001:A", { ...log.callbacks, ports: pair.ports, reconnect: QUICK });
  await log.until("fail no_such_path");
  await pair.a.plug();
  await using port = await starting;
  assert.equal(port.path, pair.a.path);
  await log.until("connect first");
});

Deno.test("closing ends the wait for a device at once", WITH_PORTS, async () => {
  await using pair = virtualSerialPair();
  const log = new LinkLog();
  const port = await serial(pair.a.path, { ...log.callbacks, ports: pair.ports, reconnect: QUICK });
  await pair.a.unplug();
  await log.until("disconnect");
  const ready = assert.rejects(port.ready, { code: "closed" });
  await log.until("retry");
  assert.equal((await port.close()).code, "closed");
  await ready;
  assert.equal(port.state, "closed");
});

Deno.test("a client that was closed is started again on the same device", WITH_PORTS, async () => {
  await using pair = virtualSerialPair();
  const port = await serial("id:virtual port", {
    ports: async () => (await pair.ports()).filter(({ serialNumber }) => serialNumber === "A"),
  });
  await port.close();
  await pair.a.unplug();
  await pair.a.plug();
  await port.start();
  assert.equal(port.path, pair.a.path);
  await port.close();
});
