import { Client, connect, listen, Server } from "@parley/parley";
import assert from "node:assert/strict";
import { HandClock } from "./hand_clock.ts";
import { LinkLog } from "./link_log.ts";

/** One minute, in milliseconds: the time that is idle enough in these tests. */
const MINUTE = 60_000;
/** Silence is another matter, and no reason to close here. */
const QUIET = { heartbeatMs: 100 * MINUTE, silenceMs: 300 * MINUTE };

/** A server with a clock of its own, where a link may be idle for a minute. */
async function clocked() {
  const clock = new HandClock();
  const there = new LinkLog();
  const options = { limits: { idleMs: MINUTE, ...QUIET }, ...there.callbacks };
  const server = new Server("tcp://127.0.0.1:0", options, clock.world);
  await server.start();
  return { clock, there, server };
}

Deno.test("a link that carries no message for idleMs is closed, and both sides hear why", async () => {
  const { clock, there, server } = await clocked();
  await using client = await connect(server.address);
  await there.until("connect");
  const [peer] = server.peers;
  clock.advance(MINUTE - 100);
  assert.equal(peer.isOpen, true);
  clock.advance(200);
  const reason = await peer.closed;
  assert.deepEqual([reason.code, reason.byUs, reason.error], ["idle", true, undefined]);
  assert.match(reason.message, /carried no message for 60000 ms \(limits\.idleMs\)/);
  assert.match((await client.closed).message, /carried no message for 60000 ms/);
  assert.deepEqual(there.take().slice(2), ["down idle", "disconnect idle"]);
  await server.close();
  assert.equal(clock.waiting, 0);
});

Deno.test("messages, calls under way, and handlers at work keep a link from being idle", async () => {
  const { clock, there, server } = await clocked();
  let go = Promise.withResolvers<void>();
  server.onRequest("ping", () => "pong");
  server.onRequest("slow", () => go.promise);
  await using client = await connect(server.address);
  await there.until("connect");
  const [peer] = server.peers;
  client.onRequest("slow", () => go.promise);
  for (let minute = 0; minute < 5; minute++) {
    assert.equal(await client.request("ping"), "pong");
    clock.advance(MINUTE + 100);
    assert.equal(peer.isOpen, true, "there was a message in this minute");
  }
  for (const end of [client, peer]) {
    go = Promise.withResolvers();
    const call = end.request("slow", [], { timeoutMs: 1000 * MINUTE });
    await client.request("ping");
    for (let minute = 0; minute < 5; minute++) clock.advance(MINUTE + 100);
    assert.equal(peer.isOpen, true, "somebody waits for an answer");
    go.resolve();
    await call;
  }
  clock.advance(MINUTE + 100);
  clock.advance(MINUTE + 100);
  assert.equal((await peer.closed).code, "idle");
  await server.close();
});

Deno.test("signs of life are no messages: a link that only has those is idle", async () => {
  const clock = new HandClock();
  await using server = await listen("tcp://127.0.0.1:0");
  server.onRequest("ping", () => "pong");
  const options = { limits: { idleMs: MINUTE, heartbeatMs: 10_000, silenceMs: 300 * MINUTE } };
  const client = new Client(server.address, options, clock.world);
  await client.start();
  clock.advance(MINUTE + 100); // asks for a sign of life on the way
  assert.equal((await client.closed).code, "idle");
  assert.ok(client.counts.bytesOut > 100, "it has asked");
});

Deno.test("a link may be idle for ever by default", async () => {
  const clock = new HandClock();
  await using server = await listen("tcp://127.0.0.1:0");
  const client = new Client(server.address, { limits: QUIET }, clock.world);
  await client.start();
  clock.advance(100 * MINUTE - 1);
  assert.equal(client.isOpen, true);
  await client.close();
});
