import { Client, connect, type LinkEvent, type Peer } from "@parley/parley";
import assert from "node:assert/strict";
import { ACK, BareServer, PING, PONG, REQ, RES } from "./bare_server.ts";
import { HandClock } from "./hand_clock.ts";
import { Linked } from "./linked.ts";
import { LinkLog } from "./link_log.ts";

const QUICK = { minMs: 1, maxMs: 1 };

Deno.test("every set of callbacks hears every event, with the peer, and before the callback of its own", async () => {
  const heard: [string, LinkEvent["kind"] | "connect" | "disconnect", Peer | undefined][] = [];
  const set = (name: string) => ({
    onEvent: (event: LinkEvent, peer?: Peer) => void heard.push([name, event.kind, peer]),
    onConnect: (peer: Peer) => void heard.push([name, "connect", peer]),
    onDisconnect: (peer: Peer) => void heard.push([name, "disconnect", peer]),
  });
  await using link = await Linked.up();
  const { client, server, peer } = link;
  client.use(set("client 1"));
  client.use(set("client 2"));
  server.use(set("server"));
  await link.lose();
  await link.restore();
  const order = (name: string) => heard.filter(([who]) => who === name).map(([, what]) => what);
  const comesBack = ["resumed", "up", "connect"];
  assert.deepEqual(order("client 1"), ["down", "disconnect", "retry", ...comesBack]);
  assert.deepEqual(order("client 2"), order("client 1"));
  assert.deepEqual(order("server"), ["down", "disconnect", ...comesBack]);
  for (const [name, what, subject] of heard) {
    assert.equal(subject, name === "server" ? peer : client, `${name} ${what}`);
  }
});

Deno.test("what onEvent throws is told to onFail, and hurts nothing", async () => {
  await using link = await Linked.up();
  const { client, here } = link;
  client.use({
    onEvent: ({ kind }) => {
      if (kind === "down") throw new Error("thrown");
      if (kind === "up") return Promise.reject(new Error("rejected"));
    },
  });
  await link.lose();
  await link.restore();
  await here.until("fail rejected");
  assert.deepEqual(here.errors.map((error) => [error.message, (error as { callback?: string }).callback]), [
    ["thrown", "onEvent"],
    ["rejected", "onEvent"],
  ]);
  assert.equal(client.state, "open");
});

Deno.test("stale is told once per silence, and a sign of life ends it", async () => {
  await using server = new BareServer();
  const clock = new HandClock();
  const log = new LinkLog();
  await using client = new Client(server.address, log.callbacks, clock.world);
  await client.start();
  log.take();
  for (const silence of [1, 2]) {
    clock.advance(10_010);
    clock.advance(10_010);
    assert.deepEqual((await server.frames.take(2)).map(({ type }) => type), [PING, PING]);
    assert.deepEqual(log.take(), ["stale"], `silence ${silence}`);
    const pong = client.counts.bytesIn;
    const answer = client.request("heard");
    const { id } = await server.frames.next();
    await server.say(PONG, 0, 0, 2, new Uint8Array(8));
    await server.say(RES, id);
    await answer;
    assert.ok(client.counts.bytesIn > pong);
  }
  assert.deepEqual(log.take(), []);
});

Deno.test("retry tells which attempt comes when, and what the last one failed with", async () => {
  const log = new LinkLog();
  await using link = await Linked.up({}, { reconnect: { ...QUICK, attempts: 4 }, ...log.callbacks });
  link.server.onRequest("ping", () => "pong");
  await link.client.request("ping");
  link.proxy.refuse();
  await link.client.closed;
  const retries = log.events.filter((event) => event.kind === "retry");
  assert.deepEqual(retries.map(({ attempt }) => attempt), [1, 2, 3, 4]);
  assert.ok(retries.every(({ inMs }) => inMs === 0 || inMs === 1));
  assert.equal(retries[0].error, undefined);
  for (const { error } of retries.slice(1)) {
    assert.match(error!.message, /closed the link during the "native" handshake/);
  }
});

Deno.test("frames that come twice are dropped and counted, and the next resumed event tells of them", async () => {
  await using server = new BareServer();
  const log = new LinkLog();
  await using client = await connect(server.address, { reconnect: QUICK, ...log.callbacks });
  let handled = 0;
  client.onRequest("count", () => ++handled);
  const ask = (id: number) =>
    server.say(REQ, id, id, 0, [0, 0, 0, 0, 5, ...new TextEncoder().encode("count")]);
  const answer = async () => {
    let frame = await server.frames.next();
    while (frame.type === ACK) frame = await server.frames.next();
    return frame;
  };
  await ask(1);
  assert.equal((await answer()).id, 1);
  server.cut();
  await log.until("connect resumed");
  assert.equal((await answer()).id, 1, "the server has not told that it got the answer");
  await ask(1);
  await ask(2);
  assert.equal((await answer()).id, 2);
  assert.deepEqual([handled, client.counts.duplicates], [2, 1]);
  server.rx = 2;
  server.cut();
  await log.until("connect resumed");
  const resumed = log.events.filter((event) => event.kind === "resumed");
  assert.deepEqual(resumed.map(({ replayed, duplicates }) => [replayed, duplicates]), [[1, 0], [0, 1]]);
});

Deno.test("a missing frame ends the link, not the session", async () => {
  await using server = new BareServer();
  const log = new LinkLog();
  await using client = await connect(server.address, { reconnect: QUICK, ...log.callbacks });
  client.onRequest("name", () => "client");
  const ask = (seq: number) =>
    server.say(REQ, seq, seq, 0, [0, 0, 0, 0, 4, ...new TextEncoder().encode("name")]);
  await ask(1);
  assert.equal((await server.frames.next()).id, 1);
  log.take();
  await ask(3);
  await log.until("connect resumed");
  assert.deepEqual(log.take().map((line) => line.replace(/^(retry) \d.*/, "$1")), [
    "fail seq_gap",
    "down seq_gap retry",
    "disconnect seq_gap retry",
    "retry",
    "resumed 1",
    "up resumed",
    "connect resumed",
  ]);
  assert.match(log.errors[0].message, /Frame 3 came after frame 1: some are missing \(from tcp:/);
});

Deno.test("a link that ends within a frame is lost, and the session goes on", async () => {
  await using server = new BareServer();
  const log = new LinkLog();
  await using client = await connect(server.address, { reconnect: QUICK, ...log.callbacks });
  const received: unknown[] = [];
  client.onRequest("name", (_call, ...args) => (received.push(args), "client"));
  await server.sayBytes([0, 0, 0, 40, REQ, 3, 0, 0, 0, 1]);
  server.cut();
  await log.until("connect resumed");
  assert.deepEqual(log.lines.slice(2, 5), [
    "fail truncated",
    "down truncated retry",
    "disconnect truncated retry",
  ]);
  await server.say(REQ, 1, 1, 0, [0, 0, 0, 0, 4, ...new TextEncoder().encode("name")]);
  assert.equal((await server.frames.next()).id, 1);
  assert.deepEqual(received, [[]], "no byte of the first link is left");
});
