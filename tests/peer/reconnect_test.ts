import { Client, connect, listen, type Peer } from "@parley/parley";
import assert from "node:assert/strict";
import { REAL_WORLD } from "../../src/peer/world.ts";
import { BareLink } from "./bare_link.ts";
import { CutProxy } from "./cut_proxy.ts";
import { LinkLog } from "./link_log.ts";
import { Seen } from "./seen.ts";

/** Attempts follow at once. */
const QUICK = { minMs: 1, maxMs: 1 };

Deno.test("a lost link comes back, and both sides hear of it in the same order", async () => {
  const [here, there] = [new LinkLog(), new LinkLog()];
  await using server = await listen("tcp://127.0.0.1:0", there.callbacks);
  await using proxy = new CutProxy(server.port);
  await using client = await connect(proxy.address, { reconnect: QUICK, ...here.callbacks });
  server.onRequest("ping", () => "pong");
  for (const round of [1, 2]) {
    await client.request("ping"); // a link that carried nothing counts as a failed attempt
    proxy.cut();
    await Promise.all([here.until("connect resumed"), there.until("connect resumed")]);
    const begin = round === 1 ? ["up first", "connect first"] : [];
    const comesBack = ["resumed 0", "up resumed", "connect resumed"];
    const goes = ["down eof retry", "disconnect eof retry"];
    assert.deepEqual(here.take(), [...begin, ...goes, "retry 1", ...comesBack]);
    assert.deepEqual(there.take(), [...begin, ...goes, ...comesBack]);
  }
  await client.close();
  await there.until("disconnect eof");
  assert.deepEqual(here.take(), ["down closed", "disconnect closed"]);
  assert.deepEqual(there.take(), ["down eof", "disconnect eof"]);
});

Deno.test("a peer stays the same over its links, with callbacks and handlers, and ends with the last one", async () => {
  const peers: Peer[] = [];
  const there = new LinkLog();
  const received = new Seen<unknown>();
  await using server = await listen("tcp://127.0.0.1:0", {
    ...there.callbacks,
    onReceive: received.add,
  });
  server.use({ onConnect: (peer) => void peers.push(peer) });
  await using proxy = new CutProxy(server.port);
  const here = new LinkLog();
  const messages = new Seen<unknown>();
  await using client = await connect(proxy.address, {
    reconnect: QUICK,
    ...here.callbacks,
    onReceive: messages.add,
  });
  client.onRequest("name", () => "client");
  await there.until("connect");
  let ended = false;
  peers[0].closed.then(() => ended = true);
  proxy.hold();
  proxy.cut();
  await there.until("disconnect");
  assert.equal(server.peers.size, 0, "a peer without a link is none");
  assert.equal(peers[0].isOpen, false);
  proxy.forward();
  await Promise.all([here.until("connect resumed"), there.until("connect resumed")]);
  assert.deepEqual([...server.peers], [peers[0]]);
  assert.equal(peers.length, 2);
  assert.equal(peers[1], peers[0]);
  assert.equal(await peers[0].request("name"), "client");
  await client.send("to the server");
  await peers[0].send("to the client");
  assert.equal(await received.next(), "to the server");
  assert.equal(await messages.next(), "to the client");
  assert.equal(ended, false);
  await client.close();
  assert.equal((await peers[0].closed).willRetry, false);
});

Deno.test("connect waits for a server that is not there yet, and tells of each attempt", async () => {
  const free = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = free.addr;
  free.close();
  const log = new LinkLog();
  const connecting = connect(`tcp://127.0.0.1:${port}`, { reconnect: QUICK, ...log.callbacks });
  await log.until("retry 3");
  assert.deepEqual(log.take().slice(0, 4), [
    "fail refused",
    "retry 2 refused",
    "fail refused",
    "retry 3 refused",
  ]);
  await using server = await listen(`tcp://127.0.0.1:${port}`);
  await using client = await connecting;
  assert.equal(client.state, "open");
  assert.equal(server.peers.size, 1);
  const told = log.take();
  assert.deepEqual(told.slice(-2), ["up first", "connect first"]);
  assert.ok(!told.some((line) => line.startsWith("down")), "what was never up is not down");
});

Deno.test("connect gives up after so many attempts, with the error of the last one", async () => {
  await using proxy = new CutProxy(1);
  proxy.refuse();
  const log = new LinkLog();
  const reconnect = { ...QUICK, attempts: 2 };
  await assert.rejects(connect(proxy.address, { reconnect, ...log.callbacks }), { code: "handshake" });
  assert.equal(proxy.accepted, 2);
  assert.deepEqual(log.lines.filter((line) => line.startsWith("retry")), ["retry 2 handshake"]);
});

Deno.test("a client that had a link gives up after so many attempts as well", async () => {
  await using server = await listen("tcp://127.0.0.1:0");
  await using proxy = new CutProxy(server.port);
  const log = new LinkLog();
  const reconnect = { ...QUICK, attempts: 2 };
  const client = await connect(proxy.address, { reconnect, ...log.callbacks });
  await client.request("", []).catch(() => {}); // it was of use
  server.onRequest("ping", () => "pong");
  assert.equal(await client.request("ping"), "pong");
  proxy.refuse();
  const reason = await client.closed;
  assert.deepEqual([reason.code, reason.willRetry, reason.error?.name], ["handshake", false, "BrokenError"]);
  assert.equal(client.state, "closed");
  assert.equal(proxy.accepted, 3);
  const told = log.take();
  assert.match(told[2], /^down (eof|reset) retry$/);
  assert.match(told[3], /^disconnect (eof|reset) retry$/);
  assert.deepEqual(told.slice(4), [
    "retry 1",
    "fail handshake",
    "retry 2 handshake",
    "fail handshake",
    "down handshake",
  ]);
});

Deno.test("a client that gave up can be started again", async () => {
  await using server = await listen("tcp://127.0.0.1:0");
  await using proxy = new CutProxy(server.port);
  proxy.refuse();
  await using client = new Client(proxy.address, { reconnect: { ...QUICK, attempts: 1 }, onFail() {} });
  await assert.rejects(client.start(), { code: "handshake" });
  proxy.forward();
  await client.start();
  assert.equal(client.state, "open");
});

Deno.test("links that are lost as soon as they are up count as failed attempts", async () => {
  await using server = await listen("tcp://127.0.0.1:0");
  await using proxy = new CutProxy(server.port);
  const log = new LinkLog();
  const client = await connect(proxy.address, {
    reconnect: { ...QUICK, attempts: 3 },
    ...log.callbacks,
  });
  client.use({ onConnect: () => proxy.cut() });
  proxy.cut();
  assert.equal((await client.closed).code, "eof");
  assert.equal(proxy.accepted, 3);
});

/** What a server may say that no other attempt would change. */
const PERMANENT: readonly [string, string, (link: BareLink) => unknown][] = [
  ["not native", "not_native", (link) => link.write("SSH-2.0-OpenSSH_9.2p1\r\n")],
  ["another major version", "version", (link) => link.write(Uint8Array.of(0xc1, 0x50, 0x4c, 2))],
  ["GOAWAY version", "version", (link) => link.write(goodbye("version"))],
  ["GOAWAY bye", "bye", (link) => link.write(goodbye("bye"))],
];

for (const [what, code, meet] of PERMANENT) {
  Deno.test(`a client does not try again after ${what}`, async () => {
    await using server = await listen("tcp://127.0.0.1:0");
    server.onRequest("ping", () => "pong");
    await using proxy = new CutProxy(server.port);
    const reconnect = { ...QUICK, attempts: 5 };
    const client = await connect(proxy.address, { reconnect, onFail() {} });
    assert.equal(await client.request("ping"), "pong");
    await using other = stranger(meet);
    proxy.target = other.port;
    proxy.cut();
    const reason = await client.closed;
    assert.deepEqual([reason.code, reason.willRetry], [code, false]);
    assert.equal(proxy.accepted, 2);
    await assert.rejects(connect(proxy.address, { reconnect, onFail() {} }), { code });
    assert.equal(proxy.accepted, 3);
  });
}

Deno.test("a client does not come back when the server said goodbye to it", async () => {
  const there = new LinkLog();
  await using server = await listen("tcp://127.0.0.1:0", there.callbacks);
  await using proxy = new CutProxy(server.port);
  const here = new LinkLog();
  const client = await connect(proxy.address, { reconnect: QUICK, ...here.callbacks });
  await there.until("connect");
  await [...server.peers][0].close();
  assert.deepEqual((await client.closed).willRetry, false);
  assert.deepEqual(here.lines, ["up first", "connect first", "down eof", "disconnect eof"]);
  assert.equal(proxy.accepted, 1);
});

Deno.test("a client comes back to a server that closes and starts anew", async () => {
  const first = await listen("tcp://127.0.0.1:0");
  first.onRequest("who", () => "first");
  await using proxy = new CutProxy(first.port);
  const here = new LinkLog();
  await using client = await connect(proxy.address, { reconnect: QUICK, ...here.callbacks });
  assert.equal(await client.request("who"), "first");
  await first.close();
  await here.until("disconnect goodbye retry");
  await using second = await listen("tcp://127.0.0.1:0");
  proxy.target = second.port;
  await here.until("connect anew");
  assert.equal(client.state, "open");
  const told = here.take();
  assert.deepEqual(told.slice(0, 5), [
    "up first",
    "connect first",
    "down goodbye retry",
    "disconnect goodbye retry",
    "retry 1",
  ]);
  assert.deepEqual(told.slice(-3), ["reset", "up anew", "connect anew"]);
  second.onRequest("who", () => "second");
  assert.equal(await client.request("who"), "second");
});

Deno.test("without reconnect a lost link is the end", async () => {
  await using server = await listen("tcp://127.0.0.1:0");
  await using proxy = new CutProxy(server.port);
  const log = new LinkLog();
  const client = await connect(proxy.address, log.callbacks);
  proxy.cut();
  assert.equal((await client.closed).willRetry, false);
  assert.deepEqual(log.lines, ["up first", "connect first", "down eof", "disconnect eof"]);
  await assert.rejects(connect(proxy.address, { reconnect: false, signal: AbortSignal.abort() }));
});

Deno.test("the waits between attempts follow from chance and the attempts that failed", async () => {
  await using proxy = new CutProxy(1);
  proxy.refuse();
  const log = new LinkLog();
  const world = { ...REAL_WORLD, random: () => 0.5 };
  const client = new Client(proxy.address, {
    reconnect: { minMs: 2, maxMs: 10, attempts: 6 },
    ...log.callbacks,
  }, world);
  await assert.rejects(client.start(), { code: "handshake" });
  const waits = log.events.map((event) => event.kind === "retry" ? event.inMs : event.kind);
  assert.deepEqual(waits, [2, 4, 5, 5, 5]);
});

/** The magic, and GOAWAY with that code. */
function goodbye(code: string): Uint8Array {
  const text = (value: string) => [0xa0 + value.length, ...new TextEncoder().encode(value)];
  const body = [0x82, ...text("code"), ...text(code), ...text("message"), ...text("")];
  return Uint8Array.from([
    0xc1,
    0x50,
    0x4c,
    1,
    0,
    0,
    0,
    10 + body.length,
    16,
    1,
    0,
    0,
    0,
    0,
    0,
    0,
    0,
    0,
    ...body,
  ]);
}

/** A TCP server that is no Parley: `meet` is called with everybody who connects and has said something. */
function stranger(meet: (link: BareLink) => unknown): { port: number } & AsyncDisposable {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const links: BareLink[] = [];
  const done = (async () => {
    for await (const connection of listener) {
      const link = new BareLink(connection);
      links.push(link);
      await link.atLeast(4);
      await meet(link);
    }
  })();
  return {
    port: listener.addr.port,
    [Symbol.asyncDispose]: async () => {
      listener.close();
      await done;
      for (const link of links) link.close();
    },
  };
}
