import { connect, createServer, listen } from "@parley/parley";
import assert from "node:assert/strict";

Deno.test("Server.nextPeer gives the peers one by one, those that have come and those that come", async () => {
  await using server = await listen("memory://newcomers");
  await using first = await connect("memory://newcomers");
  await using second = await connect("memory://newcomers");
  const peers = [...server.peers];
  assert.equal(await server.nextPeer(), peers[0]);
  assert.equal(await server.nextPeer(), peers[1]);
  const waiting = [server.nextPeer(), server.nextPeer()];
  await using third = await connect("memory://newcomers");
  await using fourth = await connect("memory://newcomers");
  assert.deepEqual(await Promise.all(waiting), [...server.peers].slice(2));
  for (const client of [first, second, third, fourth]) assert.equal(client.isOpen, true);
});

Deno.test("Server.nextPeer never gives a peer that has left before its turn", async () => {
  const gone = Promise.withResolvers<void>();
  await using server = await listen("memory://left", { onDisconnect: () => gone.resolve() });
  await (await connect("memory://left")).close();
  await gone.promise;
  await using client = await connect("memory://left");
  const peer = await server.nextPeer();
  await client.send("here");
  assert.equal(await peer.receive(), "here");
});

Deno.test("Server.nextPeer ends with its time, its signal, and the server", async () => {
  const server = createServer("memory://nobody");
  await assert.rejects(server.nextPeer(), { code: "closed", message: /accepts nobody; start\(\) it first/ });
  await server.start();
  await assert.rejects(server.nextPeer({ timeoutMs: 5 }), {
    name: "TimeoutError",
    message: "No peer came to memory://nobody within 5 ms",
  });
  const stop = new AbortController();
  const stopped = server.nextPeer({ signal: stop.signal });
  stop.abort();
  await assert.rejects(stopped, { code: "cancelled" });
  await assert.rejects(server.nextPeer({ timeoutMs: 0 }), RangeError);
  const closed = server.nextPeer();
  await Promise.all([assert.rejects(closed, { code: "closed" }), server.close()]);
});

Deno.test("Server.readable names the peers that have something to receive", async () => {
  await using server = await listen("memory://readable");
  await using quiet = await connect("memory://readable");
  await using speaker = await connect("memory://readable");
  assert.deepEqual(server.readable, []);
  await speaker.send("one", { queue: true });
  await speaker.send("two");
  const [other, peer] = server.peers;
  assert.equal(await peer.receive(), "one");
  await speaker.send("three");
  assert.equal(await peer.receive(), "two");
  await speaker.send("four", { ack: false });
  assert.equal(await peer.receive(), "three");
  assert.equal(other.unread, 0);
  await assert.rejects(other.receive({ timeoutMs: 5 }), { name: "TimeoutError" });
  await speaker.send("five");
  await assert.rejects(other.receive({ timeoutMs: 5 }), { name: "TimeoutError" });
  assert.deepEqual(server.readable, [peer]);
  assert.equal(peer.unread, 2);
  assert.equal(quiet.isOpen, true);
});
