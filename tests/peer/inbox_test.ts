import { connect, listen } from "@parley/parley";
import assert from "node:assert/strict";
import { Seen } from "./seen.ts";

Deno.test("the inbox beside an onReceive keeps the latest 64 messages", async () => {
  const seen = new Seen<string>();
  await using server = await listen("memory://latest", { dialect: "lines" });
  await using client = await connect(server.address, { dialect: "lines", onReceive: seen.add });
  for (let i = 0; i < 100; i++) server.broadcast(`${i}`);
  await seen.take(100);
  assert.equal(client.counts.dropped, 36);
  for (let i = 36; i < 100; i++) assert.equal(await client.receive(), `${i}`);
  await assert.rejects(client.receive({ timeoutMs: 1 }), { name: "TimeoutError" });
});

Deno.test("the inbox beside an onReceive keeps at most 64 KiB, and the latest message whatever its size", async () => {
  const seen = new Seen<Uint8Array>();
  await using server = await listen("memory://latest-bytes", { dialect: "lines" });
  await using client = await connect(server.address, { dialect: "lines", onReceive: seen.add });
  for (const size of [30_000, 30_001, 30_002, 100_000]) server.broadcast("x".repeat(size));
  await seen.take(4);
  assert.equal((await client.receive()).length, 100_000);
  assert.equal(client.counts.dropped, 3);
});

Deno.test("the inbox forgets nothing once somebody has pulled, beside callbacks too", async () => {
  const seen = new Seen<string>();
  await using server = await listen("memory://pulled", { dialect: "lines" });
  await using client = await connect(server.address, { dialect: "lines", onReceive: seen.add });
  server.broadcast("first");
  assert.equal(await client.receive(), "first");
  for (let i = 0; i < 500; i++) server.broadcast(`${i}`);
  await seen.take(501);
  for (let i = 0; i < 500; i++) assert.equal(await client.receive(), `${i}`);
  assert.equal(client.counts.dropped, 0);
});

for (
  const [limit, limits] of Object.entries({
    maxInboxMessages: { maxInboxMessages: 10 },
    maxInboxBytes: { maxInboxBytes: 100_000 },
  })
) {
  Deno.test(`a flood is not read beyond ${limit} and nothing of it is lost once pulled`, async () => {
    for (const address of ["tcp://127.0.0.1:0", `memory://flood-${limit}`]) {
      const total = 2000;
      const line = (i: number) => `${i} ${"x".repeat(9_990)}`;
      let sent = 0;
      await using server = await listen(address, {
        dialect: "lines",
        limits: { outboxHighBytes: 50_000, outboxLowBytes: 10_000 },
        onConnect: async (peer) => {
          for (; sent < total; sent++) await peer.send(line(sent));
          peer.close();
        },
      });
      await using client = await connect(server.address, { dialect: "lines", limits });
      assert.equal(await client.receive(), line(0));
      // Round trips elsewhere give the flood every chance to run on.
      await using other = await listen("memory://elsewhere", {
        onReceive: (message, peer) => peer.send(message),
      });
      await using probe = await connect(other.address);
      for (let i = 0; i < 500; i++) await probe.ask(i);
      assert.ok(sent < total, `all ${total} were sent though nobody pulls`);
      for (let i = 1; i < total; i++) assert.equal(await client.receive(), line(i));
      assert.equal((await client.closed).code, "eof");
    }
  });
}

Deno.test("the inbox may still be emptied when the link has ended", async () => {
  await using server = await listen("tcp://127.0.0.1:0", {
    dialect: "lines",
    onConnect: async (peer) => {
      for (const line of ["a", "b", "c"]) peer.send(line);
      await peer.close();
    },
  });
  const client = await connect(server.address, { dialect: "lines" });
  await client.closed;
  assert.equal(await client.receive(), "a");
  const rest: string[] = [];
  for await (const line of client) rest.push(line);
  assert.deepEqual(rest, ["b", "c"]);
});
Deno.test("an ask gets its answer though a loop waits for messages", async () => {
  const looped = new Seen<string>();
  await using server = await listen("memory://ask-in-loop", {
    dialect: "lines",
    onReceive: (line, peer) => peer.send(`<${line}>`),
  });
  await using client = await connect(server.address, { dialect: "lines" });
  const loop = (async () => {
    for await (const line of client) looped.add(line);
  })();
  server.broadcast("first");
  assert.equal(await looped.next(), "first");
  assert.equal(await client.ask("a"), "<a>");
  server.broadcast("last");
  assert.equal(await looped.next(), "last");
  await client.close();
  await loop;
});

Deno.test("a loop that its signal has ended leaves the link to the callbacks, however much comes", async () => {
  const seen = new Seen<string>();
  const stop = new AbortController();
  const limits = { maxInboxMessages: 4 };
  await using server = await listen("memory://loop-ended", { dialect: "lines" });
  await using client = await connect(server.address, { dialect: "lines", limits, onReceive: seen.add });
  const looping = Promise.withResolvers<void>();
  const loop = (async () => {
    for await (const _line of client[Symbol.asyncIterator](stop.signal)) await looping.promise;
  })();
  for (let i = 0; i < 10; i++) server.broadcast(`${i}`);
  await seen.take(5); // one is in hand, and four fill the inbox: the link is read no further
  stop.abort();
  looping.resolve();
  await loop;
  await seen.take(5);
  for (let i = 10; i < 100; i++) {
    server.broadcast(`${i}`);
    assert.equal(await seen.next(), `${i}`);
  }
});
