import { Client, connect, listen, Server } from "@parley/parley";
import assert from "node:assert/strict";
import { REAL_WORLD } from "../../src/peer/world.ts";
import { BareLink } from "./bare_link.ts";
import { CutProxy } from "./cut_proxy.ts";
import { HandClock } from "./hand_clock.ts";
import { Linked } from "./linked.ts";
import { LinkLog } from "./link_log.ts";
import { Seen } from "./seen.ts";

const QUICK = { minMs: 1, maxMs: 1 };

Deno.test("a session that nobody comes back to ends after resumeMs, and its client begins anew", async () => {
  await using link = await Linked.up({ limits: { resumeMs: 20 } });
  const { client, peer, proxy, server, here, there } = link;
  server.onRequest("ping", () => "pong");
  client.onRequest("name", () => "client");
  proxy.hold();
  const lost = assert.rejects(client.request("ping"), { code: "unknown_outcome", outcome: "unknown" });
  const unanswered = assert.rejects(peer.request("name"), { outcome: "unknown" });
  await link.lose();
  const unsent = client.request("ping");
  const notSent = assert.rejects(peer.request("name"), { outcome: "not-sent" });
  there.take();
  here.take();
  const reason = await peer.closed;
  assert.deepEqual([reason.code, reason.byUs, reason.willRetry], ["expired", true, false]);
  assert.match(reason.message, /did not come back within 20 ms \(limits\.resumeMs\)$/);
  assert.deepEqual(there.take(), ["down expired"]);
  await Promise.all([unanswered, notSent]);
  await link.restore();
  assert.equal(await unsent, "pong");
  await lost;
  const told = here.take().filter((line) => !line.startsWith("retry"));
  assert.deepEqual(told, ['reset request "ping"', "up anew", "connect anew"]);
  assert.deepEqual(there.take(), ["up first", "connect first"], "to the server it is somebody new");
  assert.notEqual([...server.peers][0], peer);
});

Deno.test("a session waits two minutes by default, from the last loss on", async () => {
  const clock = new HandClock();
  const log = new LinkLog();
  const limits = { heartbeatMs: 1_000_000, silenceMs: 2_000_000 };
  await using server = new Server("tcp://127.0.0.1:0", { limits, ...log.callbacks }, clock.world);
  await server.start();
  const link = await comingBack(server);
  await link.lose();
  clock.advance(119_900);
  await link.restore();
  await log.until("up resumed");
  clock.advance(119_900);
  assert.equal(link.peer.isOpen, true, "it has a link");
  const other = await comingBack(server);
  await link.lose();
  clock.advance(119_000);
  await other.lose();
  clock.advance(900);
  assert.equal(await settled(link.peer.closed), false);
  clock.advance(200);
  assert.equal((await link.peer.closed).code, "expired");
  assert.equal(await settled(other.peer.closed), false, "each has its own time");
  await other.restore();
  assert.ok(other.here.lines.includes("up resumed"));
  await link.end();
  await other.end();
});

Deno.test("of more than maxDetached sessions without a link, the one that waited longest goes", async () => {
  await using server = await listen("tcp://127.0.0.1:0", { limits: { maxDetached: 1 } });
  const [first, second] = [await comingBack(server), await comingBack(server)];
  await first.lose();
  await second.lose();
  assert.match((await first.peer.closed).message, /made room for others \(limits\.maxDetached 1\)$/);
  await first.restore();
  await second.restore();
  assert.ok(first.here.lines.includes("up anew"));
  assert.ok(second.here.lines.includes("up resumed"));
  await first.end();
  await second.end();
});

Deno.test("sessions without a link keep no more than maxDetachedBytes in all", async () => {
  await using server = await listen("tcp://127.0.0.1:0", { limits: { maxDetachedBytes: 10_000 } });
  const [first, second] = [await comingBack(server), await comingBack(server)];
  for (const { proxy, peer } of [first, second]) {
    proxy.hold("down");
    peer.request("take", new Uint8Array(6000)).catch(() => {});
  }
  await first.lose();
  assert.equal(await settled(first.peer.closed), false, "one alone has room");
  await second.lose();
  assert.match((await first.peer.closed).message, /made room for others \(limits\.maxDetachedBytes 10000\)$/);
  await second.restore();
  assert.ok(second.here.lines.includes("up resumed"));
  await first.end();
  await second.end();
});

Deno.test("a client comes back while the server still believes in the old link", async () => {
  const received = new Seen<unknown>();
  await using link = await Linked.up(
    { maxPeers: 1, onReceive: received.add },
    { limits: { heartbeatMs: 30, silenceMs: 120 } },
  );
  const { client, peer, proxy, server, here, there } = link;
  client.onRequest("name", () => "client");
  const running = new Seen<void>();
  const go = Promise.withResolvers<string>();
  server.onRequest("slow", () => (running.add(), go.promise));
  const slow = client.request("slow");
  await running.next();
  proxy.swallow();
  const calls = [client.send("swallowed", { ack: true }), peer.request("name")];
  await Promise.all([here.until("connect resumed"), there.until("connect resumed")]);
  go.resolve("done");
  assert.deepEqual(await Promise.all([slow, ...calls]), ["done", undefined, "client"]);
  assert.deepEqual(received.all, ["swallowed"]);
  assert.deepEqual([...server.peers], [peer]);
  const onServer = there.take();
  assert.deepEqual(onServer.slice(2, 4), ["down session_taken retry", "disconnect session_taken retry"]);
  assert.match(onServer[4], /^resumed \d$/);
  assert.deepEqual(onServer.slice(5), ["up resumed", "connect resumed"]);
  const onClient = here.take();
  assert.deepEqual(onClient.slice(2, 5), ["stale", "down silent retry", "disconnect silent retry"]);
});

Deno.test("the link that a session is taken from hears so", async () => {
  const world = { ...REAL_WORLD, token: (bytes: number) => "ab".repeat(bytes) };
  await using server = new Server("tcp://127.0.0.1:0", {}, world);
  await server.start();
  using old = await BareLink.dial(server.port);
  await old.write(hello());
  const welcome = new TextDecoder("latin1").decode(await old.atLeast(100));
  assert.match(welcome, /sid/);
  using taking = await BareLink.dial(server.port);
  await taking.write(hello({ sid: "ab".repeat(16), epoch: "ab".repeat(8), rx: 0 }));
  assert.match(await old.textToEnd(), /session_taken/);
  taking.closeWrite();
  assert.equal(server.peers.size, 1);
});

Deno.test("a session that the server does not know is begun anew", async () => {
  await using server = await listen("tcp://127.0.0.1:0");
  using link = await BareLink.dial(server.port);
  await link.write(hello({ sid: "00".repeat(16), epoch: "00".repeat(8), rx: 5 }));
  const welcome = new TextDecoder("latin1").decode(await link.atLeast(100));
  assert.match(welcome, /resumed\xc2/, "false");
  assert.ok(!welcome.includes("00".repeat(16)));
});

Deno.test("a server that is full takes back the client whose place nobody has, and refuses it otherwise", async () => {
  await using link = await Linked.up({ maxPeers: 1, onFail() {} });
  const { proxy, server, here } = link;
  await assert.rejects(connect(server.address), { code: "limit" });
  await link.lose();
  await link.restore();
  await link.lose();
  const other = await connect(server.address);
  assert.equal(server.peers.size, 1);
  proxy.forward();
  await here.until("fail limit");
  await here.until("retry");
  assert.equal(link.client.state, "down");
  await other.close();
  await here.until("connect resumed");
  assert.deepEqual([...server.peers], [link.peer]);
});

/** A client of `server` with a proxy of its own. */
async function comingBack(server: Server) {
  const here = new LinkLog();
  const before = new Set(server.peers);
  const up = Promise.withResolvers<void>();
  const down = new Seen<unknown>();
  server.use({ onConnect: () => up.resolve(), onDisconnect: down.add });
  const proxy = new CutProxy(server.port);
  const client = new Client(proxy.address, { reconnect: QUICK, ...here.callbacks });
  await client.start();
  await up.promise;
  const [peer] = [...server.peers].filter((one) => !before.has(one));
  return {
    here,
    proxy,
    peer,
    async lose() {
      proxy.hold();
      proxy.cut();
      while (await down.next() !== peer);
      await here.until("disconnect");
    },
    async restore() {
      proxy.forward();
      await here.until("connect");
    },
    async end() {
      proxy.forward();
      await client.close();
      await proxy[Symbol.asyncDispose]();
    },
  };
}

async function settled(promise: Promise<unknown>): Promise<boolean> {
  return await Promise.race([promise.then(() => true), Promise.resolve(false)]);
}

/** The magic, and a HELLO that can resume, or does. */
function hello(claim: { sid?: string; epoch?: string; rx?: number } = {}): Uint8Array {
  const text = (value: string) => [
    ...(value.length < 32 ? [0xa0 + value.length] : [0xd9, value.length]),
    ...new TextEncoder().encode(value),
  ];
  const { sid, epoch, rx } = claim;
  const body = [
    ...[sid === undefined ? 0x82 : 0x85, ...text("v"), 0x92, 1, 1, ...text("caps"), 0x91, ...text("resume")],
    ...(sid === undefined
      ? []
      : [...text("sid"), ...text(sid), ...text("epoch"), ...text(epoch!), ...text("rx"), rx!]),
  ];
  const head = [0, 0, 0, 10 + body.length, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0];
  return Uint8Array.from([0xc1, 0x50, 0x4c, 1, ...head, ...body]);
}
