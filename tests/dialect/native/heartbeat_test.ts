import assert from "node:assert/strict";
import { Heartbeat } from "../../../src/dialect/native/heartbeat.ts";
import { native } from "../../../src/dialect/native/native.ts";
import { outputHex, sessionOf, told } from "../conversation.ts";
import { call, frame, fromHex, talking } from "./wire.ts";

const LIMITS = { limits: { heartbeatMs: 10_000, silenceMs: 25_000 } };
const PING = frame(4, 2, 0, "0000000000000000");

Deno.test("native asks for a sign of life after heartbeatMs of silence", () => {
  const [client] = talking(LIMITS);
  assert.equal(client.nextTickAt, 10_000);
  assert.deepEqual(client.tick(9_999), []);
  assert.equal(outputHex(client), "");
  assert.deepEqual(client.tick(10_000), []);
  assert.equal(outputHex(client), PING);
});

Deno.test("native gives the link up after silenceMs of silence", () => {
  const [, server] = talking({}, LIMITS);
  server.tick(10_000);
  assert.equal(server.nextTickAt, 20_000);
  assert.deepEqual(told(server.tick(20_000)), ["stale 20000"], "asked once, and still nothing");
  assert.equal(server.nextTickAt, 25_000);
  assert.deepEqual(server.tick(24_999), []);
  assert.deepEqual(told(server.tick(25_000)), [
    "lost silent: Nothing received for 25000 ms (limits.silenceMs)",
  ]);
});

Deno.test("native takes any byte for a sign of life", () => {
  const [client] = talking(LIMITS);
  client.tick(10_000);
  client.receive(Uint8Array.of(0), 20_000);
  assert.equal(client.nextTickAt, 30_000);
  assert.deepEqual(client.tick(25_000), []);
  client.takeOutput();
  client.tick(30_000);
  assert.equal(outputHex(client), PING);
});

Deno.test("native does not take what it says itself for a sign of life", () => {
  const [client] = talking(LIMITS);
  client.send("still here");
  assert.equal(client.nextTickAt, 10_000);
});

Deno.test("native never gives up a link that it does not listen to, but goes on asking", () => {
  const [client] = talking(LIMITS);
  for (const now of [10_000, 25_000, 40_000, 55_000]) {
    assert.deepEqual(client.tick(now, false), []);
    assert.equal(outputHex(client), PING);
  }
  assert.deepEqual(told(client.tick(70_000, true)).length, 1);
});

Deno.test("native asks first after its own clock has stood still", () => {
  const [client] = talking(LIMITS);
  assert.deepEqual(client.tick(600_000), [], "a laptop that slept is not the other side's silence");
  assert.equal(outputHex(client), PING, "one question, not sixty");
  assert.equal(client.nextTickAt, 610_000);
  client.receive(fromHex(frame(5, 2, 0, "0000000000000000")), 600_100);
  assert.equal(client.nextTickAt, 610_100);
});

Deno.test("native has no heartbeat before the handshake", () => {
  const client = sessionOf(native(), "client");
  client.open(0);
  assert.equal(client.nextTickAt, Infinity);
});

Deno.test("native wakes for whichever comes first, a deadline or the heartbeat", () => {
  const [client] = talking(LIMITS);
  client.request("t", [], undefined, { now: 0, timeoutMs: 4_000 }, "t");
  assert.equal(client.nextTickAt, 4_000);
  assert.deepEqual(told(client.tick(4_000)), ["failed t timeout"]);
  assert.equal(client.nextTickAt, 10_000);
  client.receive(fromHex(frame(7, 0, 0, call(0, ""))), 5_000);
  assert.equal(client.nextTickAt, 15_000);
});

Deno.test("Heartbeat asks twice at least before it gives up, however the limits are set", () => {
  const heartbeat = new Heartbeat({ heartbeatMs: 60_000, silenceMs: 1_000 });
  heartbeat.heard(0);
  assert.equal(heartbeat.nextTickAt, 500);
  assert.equal(heartbeat.tick(500, true), "ping");
  assert.equal(heartbeat.tick(999, true), undefined);
  assert.equal(heartbeat.tick(1_000, true), "lost");
});

Deno.test("Heartbeat starts over when an answer comes in the same millisecond as the question", () => {
  const heartbeat = new Heartbeat({ heartbeatMs: 100, silenceMs: 300 });
  heartbeat.heard(0);
  assert.equal(heartbeat.tick(100, true), "ping");
  heartbeat.heard(100);
  assert.equal(heartbeat.nextTickAt, 200);
  assert.equal(heartbeat.tick(200, true), "ping");
  assert.equal(heartbeat.tick(400, true), "lost");
});
