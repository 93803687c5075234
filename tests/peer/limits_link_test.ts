import { connect, listen } from "@parley/parley";
import assert from "node:assert/strict";
import { resolveLimits } from "../../src/limits.ts";
import { ACK, BareServer, PING, PONG, REQ, RES } from "./bare_server.ts";
import { BareLink } from "./bare_link.ts";
import { LinkLog } from "./link_log.ts";

const QUICK = { minMs: 1, maxMs: 1 };

Deno.test("above maxReplayFrames unacknowledged calls wait, and none is dropped", async () => {
  await using server = new BareServer();
  await using client = await connect(server.address, {
    reconnect: QUICK,
    limits: { maxReplayFrames: 4 },
  });
  const names = Array.from({ length: 10 }, (_, n) => `r${n}`);
  const calls = names.map((name) => client.request(name));
  for (const call of calls) call.catch(() => {}); // what fails first is told, not what follows from it
  assert.equal(client.pending, 10);
  const seen = await server.frames.take(4);
  await server.say(PING, 0);
  assert.equal((await server.frames.next()).type, PONG, "nothing else came before");
  await server.say(ACK, 2);
  seen.push(...await server.frames.take(2));
  await server.say(PING, 0);
  assert.equal((await server.frames.next()).type, PONG);
  await server.say(ACK, 6);
  seen.push(...await server.frames.take(4));
  await server.say(ACK, 10);
  assert.deepEqual(seen.map(({ type, seq }) => [type, seq]), names.map((_, n) => [REQ, n + 1]));
  assert.deepEqual(seen.map(({ body }) => nameOf(body)), names);
  for (const [n, { id }] of seen.entries()) await server.say(RES, id, n + 1, 3, [0x61 + n]);
  assert.deepEqual(await Promise.all(calls), [..."abcdefghij"]);
  assert.equal(client.pending, 0);
});

Deno.test("an answer that comes does not let calls past the limit: only an acknowledgement does", async () => {
  await using server = new BareServer();
  await using client = await connect(server.address, { reconnect: QUICK, limits: { maxReplayFrames: 2 } });
  const calls = ["one", "two", "three"].map((name) => client.request(name));
  for (const call of calls) call.catch(() => {});
  const [first] = await server.frames.take(2);
  await server.say(RES, first.id, 1, 3, [0x31]);
  assert.equal(await calls[0], "1");
  assert.equal(server.frames.all.filter(({ type }) => type === REQ).length, 2);
  await server.say(ACK, 2);
  let next = await server.frames.next();
  while (next.type !== REQ) next = await server.frames.next();
  assert.deepEqual([nameOf(next.body), next.seq], ["three", 3]);
});

Deno.test("above maxReplayBytes calls wait as well", async () => {
  await using server = new BareServer();
  await using client = await connect(server.address, {
    reconnect: QUICK,
    limits: { maxReplayBytes: 10_000 },
  });
  const large = new Uint8Array(6000);
  const calls = [1, 2, 3].map((n) => client.request(`large${n}`, large).catch(() => {}));
  await server.frames.take(2);
  await server.say(PING, 0);
  assert.equal((await server.frames.next()).type, PONG);
  assert.equal(client.pending, 3);
  await server.say(ACK, 1);
  assert.equal(nameOf((await server.frames.next()).body), "large3");
  await client.close();
  await Promise.all(calls);
});

Deno.test("a call that waits for room gives up at its time or by its signal, and was not sent", async () => {
  await using server = new BareServer();
  await using client = await connect(server.address, { reconnect: QUICK, limits: { maxReplayFrames: 1 } });
  const first = client.request("first").catch(() => {});
  await server.frames.next();
  const stop = new AbortController();
  const stopped = client.request("stopped", [], { signal: stop.signal });
  stop.abort();
  await assert.rejects(stopped, { name: "CancelledError", outcome: "not-sent" });
  await assert.rejects(client.send("late", { ack: true, timeoutMs: 5 }), {
    code: "timeout",
    outcome: "not-sent",
  });
  await assert.rejects(client.request("late", [], { timeoutMs: 5 }), {
    code: "timeout",
    outcome: "not-sent",
  });
  const last = client.request("last").catch(() => {});
  await server.say(ACK, 1);
  assert.equal(nameOf((await server.frames.next()).body), "last");
  await client.close();
  await Promise.all([first, last]);
});

Deno.test("calls that wait for room leave in order on the next link, behind what is sent again", async () => {
  await using server = new BareServer();
  const log = new LinkLog();
  await using client = await connect(server.address, {
    reconnect: QUICK,
    limits: { maxReplayFrames: 3 },
    ...log.callbacks,
  });
  const calls = [1, 2, 3, 4, 5].map((n) => client.request(`r${n}`).catch(() => {}));
  await server.frames.take(3);
  server.rx = 1;
  server.cut();
  await log.until("up resumed");
  assert.ok(log.lines.includes("resumed 2"));
  const again = await server.frames.take(3);
  assert.deepEqual(again.map(({ body, seq }) => [nameOf(body), seq]), [["r2", 2], ["r3", 3], ["r4", 4]]);
  await server.say(ACK, 4);
  assert.equal(nameOf((await server.frames.next()).body), "r5");
  await client.close();
  await Promise.all(calls);
});

Deno.test("a server takes so many links at once whose handshake is not done", async () => {
  const log = new LinkLog();
  await using server = await listen("tcp://127.0.0.1:0", { limits: { maxOpening: 2 }, ...log.callbacks });
  using first = await BareLink.dial(server.port);
  using second = await BareLink.dial(server.port);
  using third = await BareLink.dial(server.port);
  assert.equal((await third.readToEnd()).length, 0);
  await log.until("fail limit");
  assert.match(log.errors[0].message, /2 links wait for their handshake \(limits\.maxOpening\)/);
  first.close();
  await log.until("fail handshake");
  await using client = await connect(server.address);
  assert.equal(client.isOpen, true);
  second.close();
});

Deno.test("a stranger holds a place for handshakeMs, and no longer", async () => {
  const log = new LinkLog();
  await using server = await listen("tcp://127.0.0.1:0", { limits: { handshakeMs: 20 }, ...log.callbacks });
  using link = await BareLink.dial(server.port);
  await link.readToEnd();
  await log.until("fail handshake");
  assert.equal(log.errors[0].name, "TimeoutError");
  assert.equal(server.peers.size, 0);
});

Deno.test("a session is given up when too much is kept for a server that acknowledges nothing, and the client comes back", async () => {
  await using server = new BareServer();
  const log = new LinkLog();
  const limits = { outboxHighBytes: 10_000, maxOutboxBytes: 20_000 };
  await using client = await connect(server.address, { reconnect: QUICK, limits, ...log.callbacks });
  client.onRequest("large", () => new Uint8Array(8000));
  for (let n = 1; n <= 4; n++) {
    await server.say(REQ, n, n, 0, [0, 0, 0, 0, 5, ...new TextEncoder().encode("large")]);
    while (n < 4 && (await server.frames.next()).type !== RES);
  }
  await log.until("fail overloaded");
  assert.match(
    log.errors[0].message,
    /does not acknowledge what it gets: \d+ bytes are kept for it .*maxOutboxBytes 20000/,
  );
  assert.equal(client.state, "down", "the session is lost, not the client");
});

Deno.test("silenceMs follows heartbeatMs, and limits that are no limits are refused", async () => {
  assert.equal(resolveLimits().silenceMs, 25_000);
  assert.equal(resolveLimits({ heartbeatMs: 1000 }).silenceMs, 3000);
  assert.equal(resolveLimits({ heartbeatMs: 1000, silenceMs: 5000 }).silenceMs, 5000);
  assert.equal(
    resolveLimits({ heartbeatMs: 2_000_000_000 }).silenceMs,
    2_147_483_647,
    "what a timer can hold",
  );
  assert.equal(resolveLimits().idleMs, Infinity);
  assert.equal(resolveLimits({ idleMs: Infinity }).idleMs, Infinity);
  const names = [
    "heartbeatMs",
    "silenceMs",
    "resumeMs",
    "maxReplayFrames",
    "maxDetached",
    "maxOpening",
  ] as const;
  for (const name of names) {
    for (const value of [0, -1, 1.5, Infinity]) {
      await assert.rejects(connect("memory://limits", { limits: { [name]: value } }), {
        name: "RangeError",
        code: "usage",
        message: new RegExp(`^Cannot use ${value} as "${name}"`),
      });
    }
  }
});

/** The name in the body of MSG and REQ. */
function nameOf(body: Uint8Array): string {
  return new TextDecoder().decode(body.subarray(5, 5 + body[4]));
}
