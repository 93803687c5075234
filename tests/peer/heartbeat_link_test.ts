import { Client, connect, listen } from "@parley/parley";
import assert from "node:assert/strict";
import { BareServer, PING, PONG, REQ, RES } from "./bare_server.ts";
import { HandClock } from "./hand_clock.ts";
import { LinkLog } from "./link_log.ts";

const LATER = { minMs: 3_600_000, maxMs: 3_600_000 };

Deno.test("a silent link is asked after 10 s, stale after 20 s, and down after 25 s, by default", async () => {
  await using server = new BareServer();
  const clock = new HandClock();
  const log = new LinkLog();
  await using client = new Client(server.address, log.callbacks, clock.world);
  await client.start();
  log.take();
  clock.advance(9_990);
  assert.deepEqual(server.frames.all, []);
  clock.advance(20);
  const { type, body } = await server.frames.next();
  assert.deepEqual([type, body.length], [PING, 8]);
  clock.advance(9_970);
  assert.deepEqual(log.take(), []);
  clock.advance(50);
  assert.deepEqual(log.take(), ["stale"]);
  assert.equal((await server.frames.next()).type, PING, "it is asked again");
  const stale = log.events.at(-1);
  assert.ok(stale?.kind === "stale" && stale.ms >= 20_000 && stale.ms < 20_050, JSON.stringify(stale));
  clock.advance(4_900);
  assert.equal(client.isOpen, true);
  clock.advance(100);
  assert.equal(client.isOpen, false);
  const reason = await client.closed;
  assert.deepEqual([reason.code, reason.byUs], ["silent", true]);
  assert.match(reason.message, /Nothing received for 25000 ms \(limits\.silenceMs\)/);
  assert.deepEqual(log.take(), ["down silent", "disconnect silent"]);
});

Deno.test("a link that answers is asked every 10 s, and stays", async () => {
  await using server = new BareServer();
  const clock = new HandClock();
  const log = new LinkLog();
  await using client = new Client(server.address, log.callbacks, clock.world);
  await client.start();
  client.onRequest("seen", () => true);
  for (let asked = 1; asked <= 10; asked++) {
    clock.advance(10_010);
    const { type, body } = await server.frames.next();
    assert.equal(type, PING);
    const before = client.counts.bytesIn;
    await server.say(PONG, 0, 0, 2, body);
    await server.say(REQ, asked, 0, 0, [0, 0, 0, 0, 4, ...new TextEncoder().encode("seen")]);
    assert.equal((await server.frames.next()).type, RES, "the answer: the PONG before it was read");
    assert.ok(client.counts.bytesIn >= before + 22);
  }
  assert.deepEqual(log.take(), ["up first", "connect first"]);
  clock.advance(25_100);
  assert.equal((await client.closed).code, "silent");
});

Deno.test("with heartbeatMs 1000 a silent link is down after 3 s", async () => {
  await using server = new BareServer();
  const clock = new HandClock();
  const log = new LinkLog();
  const options = { limits: { heartbeatMs: 1000 }, reconnect: LATER, ...log.callbacks };
  await using client = new Client(server.address, options, clock.world);
  await client.start();
  log.take();
  clock.advance(1_010);
  assert.equal((await server.frames.next()).type, PING);
  clock.advance(1_010);
  assert.deepEqual(log.take(), ["stale"]);
  clock.advance(900);
  assert.equal(client.state, "open");
  clock.advance(110);
  assert.equal(client.state, "down");
  assert.deepEqual(log.take().slice(0, 2), ["down silent retry", "disconnect silent retry"]);
  await client.close();
  assert.equal(clock.waiting, 0, "no timer is left");
});

Deno.test("a server gives up a silent client as well", async () => {
  const log = new LinkLog();
  await using server = await listen("tcp://127.0.0.1:0", {
    ...log.callbacks,
    limits: { heartbeatMs: 20, silenceMs: 60 },
  });
  const link = await Deno.connect({ hostname: "127.0.0.1", port: server.port });
  // HELLO { v: [1, 1] }, and no word more.
  const hello = [
    0xc1,
    0x50,
    0x4c,
    1,
    0,
    0,
    0,
    16,
    0,
    1,
    0,
    0,
    0,
    0,
    0,
    0,
    0,
    0,
    0x81,
    0xa1,
    0x76,
    0x92,
    1,
    1,
  ];
  await link.write(Uint8Array.from(hello));
  await log.until("connect first");
  await log.until("disconnect silent");
  assert.deepEqual(log.take().slice(2), ["stale", "down silent", "disconnect silent"]);
  link.close();
});

Deno.test("TCP keep-alive is on at both ends of a link", { ignore: Deno.build.os !== "linux" }, async () => {
  await using server = await listen("tcp://127.0.0.1:0");
  await using client = await connect(server.address);
  assert.equal(client.isOpen, true);
  const clientPort = Number([...server.peers][0].address.split(":").at(-1));
  for (const [local, remote] of [[server.port, clientPort], [clientPort, server.port]]) {
    let timer = "";
    // 01 while an acknowledgement of the greeting is still to come; then 02, the keep-alive timer, or 00 for none.
    for (let look = 0; look < 2000 && timer !== "02"; look++) timer = await timerOf(local, remote);
    assert.equal(timer, "02", `${local} to ${remote}`);
  }
});

/** The timer that runs for a connection on this machine, as the system names it. */
async function timerOf(local: number, remote: number): Promise<string> {
  const hex = (port: number) => `0100007F:${port.toString(16).toUpperCase().padStart(4, "0")}`;
  for (const line of (await Deno.readTextFile("/proc/net/tcp")).split("\n")) {
    const [, from, to, , , timer] = line.trim().split(/\s+/);
    if (from === hex(local) && to === hex(remote)) return timer.split(":")[0];
  }
  return "no such connection";
}
