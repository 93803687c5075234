import { type CloseReason, listen, serial, type SerialClient } from "@parley/parley";
import { type VirtualSerialPair, virtualSerialPair } from "@parley/parley/testing";
import assert from "node:assert/strict";
import { LinkLog } from "../../peer/link_log.ts";
import { Seen } from "../../peer/seen.ts";
import { WITH_PORTS } from "./open_lines.ts";

Deno.test("a server on a serial line has one peer: whatever is at the other end", WITH_PORTS, async () => {
  await using pair = virtualSerialPair();
  const log = new LinkLog();
  await using server = await listen(`serial:${pair.a.path}?baud=9600`, {
    ...log.callbacks,
    onReceive: (line, peer) => peer.send(`${line}!`),
  });
  await log.until("connect");
  assert.equal(server.address, `serial:${pair.a.path}`);
  assert.equal(server.peers.size, 1);
  await using device = await serial(pair.b.path);
  assert.equal(await device.ask("hello"), "hello!");
  await server.broadcast("to all");
  assert.equal(await device.receive(), "to all");
});

Deno.test(
  "the peer goes when the device is unplugged, and another comes when it is back",
  WITH_PORTS,
  async () => {
    await using pair = virtualSerialPair();
    const gone = new Seen<CloseReason>();
    const came = new Seen<string>();
    await using server = await listen("serial:usb:1209:0001:A", {
      ports: pair.ports,
      onConnect: (peer) => came.add(peer.address),
      onDisconnect: (_peer, reason) => gone.add(reason),
      onReceive: (line, peer) => peer.send(line),
    });
    await using device = await serial(pair.b.path);
    for (let round = 0; round < 3; round++) {
      assert.equal(await came.next(), `serial:${pair.a.path}`);
      assert.equal(await device.ask(`round ${round}`), `round ${round}`);
      await pair.a.unplug();
      assert.equal((await gone.next()).code, "unplugged");
      assert.equal(server.peers.size, 0);
      await pair.a.plug();
    }
    await came.next();
    assert.equal(server.peers.size, 1);
  },
);

Deno.test(
  "closing a server on a serial line frees it, whether its device is there or not",
  WITH_PORTS,
  async () => {
    await using pair = virtualSerialPair();
    for (const isThere of [true, false]) {
      const log = new LinkLog();
      const server = await listen(`serial:${pair.a.path}`, { ...log.callbacks, ports: pair.ports });
      await log.until("connect");
      if (!isThere) {
        await pair.a.unplug();
        await log.until("disconnect");
      }
      await server.close();
      if (isThere) await (await listen(`serial:${pair.a.path}`)).close();
    }
  },
);

Deno.test(
  "a server that is stopped keeps its peer, and takes no other when that is gone",
  WITH_PORTS,
  async () => {
    await using pair = virtualSerialPair();
    const log = new LinkLog();
    await using server = await listen(`serial:${pair.a.path}`, {
      ...log.callbacks,
      ports: pair.ports,
      onReceive: (line, peer) => peer.send(line),
    });
    await log.until("connect");
    await server.stop();
    await using device = await serial(pair.b.path);
    assert.equal(await device.ask("still?"), "still?");
    await pair.a.unplug();
    await log.until("disconnect");
    await pair.a.plug();
    await (await serial(pair.a.path)).close(); // nobody has it
    assert.equal(server.peers.size, 0);
  },
);

Deno.test("a port that cannot be opened is told when listening starts", WITH_PORTS, async () => {
  await using pair = virtualSerialPair();
  await assert.rejects(listen("serial:/dev/no-such-port"), {
    code: "no_such_path",
    message: /^Cannot open serial port \/dev\/no-such-port: no such port/,
  });
  await using _port = await serial(pair.a.path);
  await assert.rejects(listen(`serial:${pair.a.path}`), { code: "busy" });
  await assert.rejects(listen(`serial:${pair.b.path}`, { dtr: true }), { code: "unsupported" });
  await assert.rejects(listen(`serial:${pair.b.path}?baud=no`), { code: "usage" });
});

Deno.test(
  "a port that another has taken meanwhile is told once, and tried until it is free",
  WITH_PORTS,
  async () => {
    await using pair = virtualSerialPair();
    const log = new LinkLog();
    const looked = new Seen<number>();
    let looks = 0;
    await using server = await listen("serial:usb:1209:0001:A", {
      ...log.callbacks,
      ports: () => {
        looked.add(++looks);
        return pair.ports();
      },
      onReceive: (line, peer) => peer.send(line),
    });
    await log.until("connect");
    await pair.a.unplug();
    await log.until("disconnect");
    const thief = await steal(pair.a);
    await log.until("fail busy");
    const enough = looks + 3;
    while (looks < enough) await looked.next();
    await thief.close();
    await log.until("connect");
    assert.equal(log.lines.filter((line) => line === "fail busy").length, 1, log.lines.join());
    await using device = await serial(pair.b.path);
    assert.equal(await device.ask("again?"), "again?");
    assert.equal(server.peers.size, 1);
  },
);

Deno.test("a server that waits for a port that another has closes at once", WITH_PORTS, async () => {
  await using pair = virtualSerialPair();
  const log = new LinkLog();
  const server = await listen("serial:usb:1209:0001:A", { ...log.callbacks, ports: pair.ports });
  await log.until("connect");
  await pair.a.unplug();
  await log.until("disconnect");
  await using _thief = await steal(pair.a);
  await log.until("fail busy");
  await server.close();
  assert.equal(server.isListening, false);
});

/** Plugs a port in, and has it open before anybody else. */
async function steal(port: VirtualSerialPair["a"]): Promise<SerialClient> {
  for (;;) {
    await port.plug();
    const thief = await serial(port.path).catch(() => undefined);
    if (thief !== undefined) return thief;
    await port.unplug();
  }
}
