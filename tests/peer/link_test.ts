import { connect, lengthPrefix, listen, type Peer } from "@parley/parley";
import assert from "node:assert/strict";
import { BareLink, frame, greeting, requestFrame } from "./bare_link.ts";
import { Seen } from "./seen.ts";

type Failure = Error & { code?: string };

Deno.test("a line of 10 MB is reported once and dropped, and the lines after it are read", async () => {
  const [failed, received] = [new Seen<Failure>(), new Seen<string>()];
  await using server = await listen("tcp://127.0.0.1:0", {
    dialect: "lines",
    onFail: failed.add,
    onReceive: received.add,
  });
  using link = await BareLink.dial(server.port);
  await link.write("before\n");
  await link.write(new Uint8Array(10_000_000).fill(0x78));
  await link.write("\nafter\n");
  assert.deepEqual(await received.take(2), ["before", "after"]);
  assert.equal(failed.all.length, 1);
  assert.equal(failed.all[0].code, "too_large");
  assert.match(failed.all[0].message, /exceeds the limit of 1048576 bytes .*\(from tcp:\/\/127/);
  assert.equal(server.counts.faults, 1);
});

Deno.test("a frame above the limit ends a link that cannot find the next one, and no other", async () => {
  const [failed, left] = [new Seen<[Failure, Peer?]>(), new Seen<string>()];
  await using server = await listen("tcp://127.0.0.1:0", {
    codec: lengthPrefix(4, { maxFrameBytes: 100 }),
    onFail: (error, peer) => failed.add([error, peer]),
    onReceive: (bytes, peer) => peer.send(bytes),
    onDisconnect: (_peer, reason) => left.add(reason.code),
  });
  await using client = await connect(server.address, { codec: lengthPrefix(4) });
  await client.ask(Uint8Array.of(1));
  const [peer] = server.peers;
  using link = await BareLink.dial(server.port);
  await link.write(Uint8Array.of(0, 0, 0, 101));
  await link.readToEnd();
  const [error, from] = await failed.next();
  assert.equal(error.code, "too_large");
  assert.ok(from !== undefined && from !== peer);
  assert.equal(await left.next(), "too_large");
  assert.deepEqual(await client.ask(Uint8Array.of(2)), Uint8Array.of(2));
});

Deno.test("a native frame that breaks the rules ends its link with a word why, and no other", async () => {
  const broken: [code: string, bytes: Uint8Array][] = [
    ["too_large", Uint8Array.of(0x7f, 0xff, 0xff, 0xff)],
    ["bad_length", Uint8Array.of(0, 0, 0, 9)],
    ["unknown_type", frame(20, 0, 0, [])],
    ["bad_frame", frame(8, 0, 1, [0, 0, 0, 0, 200, 0x61])],
  ];
  const left = new Seen<string>();
  await using server = await listen("tcp://127.0.0.1:0", {
    onFail: () => {},
    onDisconnect: (_peer, reason) => left.add(reason.code),
  });
  server.onRequest("alive", () => true);
  await using client = await connect(server.address);
  for (const [code, bytes] of broken) {
    for (const maxFrameBytes of [10_000, 64]) { // with 64 the word why does not fit
      using link = await BareLink.dial(server.port);
      await link.write(greeting(maxFrameBytes));
      await link.write(bytes);
      const heard = await link.textToEnd();
      if (maxFrameBytes > 64) assert.match(heard, /protocol/);
      assert.equal(await left.next(), code);
    }
  }
  assert.equal(await client.request("alive"), true);
});

Deno.test("a native frame that is whole but makes no sense is reported, and its link goes on", async () => {
  const [failed, received] = [new Seen<Failure>(), new Seen<unknown>()];
  await using server = await listen("tcp://127.0.0.1:0", { onFail: failed.add, onReceive: received.add });
  using link = await BareLink.dial(server.port);
  await link.write(greeting(10_000));
  await link.write(frame(7, 1, 0, [0, 0, 0, 0, 0, 0xc1])); // c1 is no msgpack value
  await link.write(frame(7, 3, 0, [0, 0, 0, 0, 0, 0xff])); // ff is no UTF-8
  await link.write(frame(7, 3, 0, [0, 0, 0, 0, 0, 0x6f, 0x6b]));
  assert.equal(await received.next(), "ok");
  assert.equal(failed.all.length, 2);
});

Deno.test("a peer that asks and never reads its answers is read no further", async () => {
  let calls = 0;
  await using server = await listen("tcp://127.0.0.1:0", {
    limits: { outboxHighBytes: 500_000, maxOutboxBytes: 1_000_000, closeMs: 10 },
  });
  server.onRequest("blob", () => {
    calls++;
    return new Uint8Array(60_000);
  });
  using link = await BareLink.dial(server.port);
  await link.write(greeting(65_535));
  await link.atLeast(18);
  const batch = new Uint8Array(2000 * 23);
  for (let i = 0; i < 2000; i++) batch.set(requestFrame(i + 1, "blob"), i * 23);
  let stopped = false;
  const flood = (async () => {
    while (!stopped) await link.write(batch);
  })().catch(() => {}); // our own close ends it
  // Pings of another client show that the server is alive and had every chance to read on.
  await using client = await connect(server.address);
  for (let i = 0; i < 200; i++) await client.request("nothing").catch(() => {});
  assert.ok(calls > 0 && calls < 500, `${calls} answers of 60 kB for a peer that reads none`);
  stopped = true;
  link.close();
  await flood;
});

Deno.test("an answer is read though the inbox is full of messages that nobody has pulled", async () => {
  for (const address of ["tcp://127.0.0.1:0", "memory://full-inbox"]) {
    await using server = await listen(address, {
      onConnect: async (peer) => {
        for (let i = 0; i < 100; i++) await peer.send(i);
      },
    });
    server.onRequest("late", () => "answer");
    await using client = await connect(server.address, { limits: { maxInboxMessages: 40, requestMs: 5000 } });
    assert.equal(await client.receive(), 0, "the flood has begun");
    assert.equal(await client.request("late"), "answer");
    for (let i = 1; i < 100; i++) assert.equal(await client.receive(), i);
  }
});

Deno.test("a flood while an answer is waited for ends the link as overloaded", async () => {
  const failed = new Seen<Failure>();
  await using server = await listen("memory://overloaded", { onFail: () => {} });
  server.onRequest("never", async (call) => {
    while (call.peer.isOpen) await call.peer.send("flood");
  });
  const client = await connect(server.address, { limits: { maxInboxMessages: 10 }, onFail: failed.add });
  const asked = assert.rejects(client.request("never"), { code: "disconnected" });
  assert.equal((await client.closed).code, "overloaded");
  await asked;
  assert.equal((await failed.next()).code, "overloaded");
});

Deno.test("a peer that gives no sign of life for silenceMs is given up", async () => {
  const left = new Seen<string>();
  await using server = await listen("tcp://127.0.0.1:0", {
    limits: { heartbeatMs: 10, silenceMs: 30 },
    onDisconnect: (_peer, reason) => left.add(`${reason.code} ${reason.byUs}`),
  });
  using link = await BareLink.dial(server.port);
  await link.write(greeting(1000));
  await link.readToEnd();
  assert.equal(await left.next(), "silent true");
});
