import { connect, createServer, type DialectName, listen, type Peer } from "@parley/parley";
import assert from "node:assert/strict";
import { BareLink, frame, greeting, MAGIC } from "./bare_link.ts";
import { Seen } from "./seen.ts";

Deno.test("Server.stop accepts no more and keeps the peers; start accepts on the same port again", async () => {
  await using server = await listen("tcp://127.0.0.1:0", {
    onReceive: (message, peer) => peer.send(message),
  });
  const { port, address } = server;
  await using client = await connect(address);
  await server.stop();
  assert.equal(server.isListening, false);
  assert.equal(server.port, port, "the address stays known");
  await assert.rejects(connect(address), { code: "refused" });
  assert.equal(await client.ask("still here"), "still here");
  await server.start();
  assert.equal(server.address, address);
  await using another = await connect(address);
  assert.equal(await another.ask("me too"), "me too");
  assert.equal(server.peers.size, 2);
});

Deno.test("Server.close closes all peers, tells them why, and may be called again", async () => {
  for (const address of ["tcp://127.0.0.1:0", "memory://close-all"]) {
    const left = new Seen<string>();
    const server = await listen(address, { onDisconnect: (_peer, reason) => left.add(reason.code) });
    const clients = await Promise.all([1, 2, 3].map(() => connect(server.address)));
    await Promise.all([server.close(), server.close()]);
    assert.equal(server.peers.size, 0);
    assert.deepEqual(left.all, ["closed", "closed", "closed"]);
    for (const client of clients) {
      const reason = await client.closed;
      assert.equal(reason.code, "goodbye");
      assert.match(reason.message, /closed the link: the server is closing \(shutting_down\)/);
    }
    await server.close();
  }
});

Deno.test("Server accepts again after it was closed, and deadlines hold", async () => {
  const server = await listen("tcp://127.0.0.1:0");
  await server.close();
  await server.start();
  await using client = await connect(server.address);
  const peer = [...server.peers][0];
  await assert.rejects(peer.ask("anybody?", { timeoutMs: 10 }), { name: "TimeoutError" });
  await client.close();
  await server.close();
});

Deno.test("Server.start gives one listener to all who start it at once", async () => {
  await using server = createServer("tcp://127.0.0.1:0");
  await Promise.all([server.start(), server.start(), server.start()]);
  await using client = await connect(server.address);
  assert.equal(client.isOpen, true);
});

Deno.test("Server.close during a start leaves nothing open", async () => {
  const server = createServer("tcp://127.0.0.1:0");
  const started = server.start();
  await server.close();
  await started;
  assert.equal(server.isListening, false);
});

Deno.test("the signal option closes the server, whenever it is aborted", async () => {
  const early = new AbortController();
  const server = createServer("memory://aborted", { signal: early.signal });
  const started = assert.rejects(server.start(), { message: "no" });
  early.abort(new Error("no"));
  await started;
  assert.equal(server.isListening, false);

  const live = new AbortController();
  const running = await listen("memory://aborted", { signal: live.signal });
  const client = await connect(running.address);
  live.abort();
  assert.equal((await client.closed).code, "goodbye");
  await running.close();
  assert.equal(running.isListening, false);
});

Deno.test("Symbol.asyncDispose closes the server", async () => {
  let address: string;
  {
    await using server = await listen("tcp://127.0.0.1:0");
    address = server.address;
  }
  await assert.rejects(connect(address), { code: "refused" });
});

Deno.test("Server with maxPeers tells a native client one too many so, and takes it when there is room", async () => {
  for (const address of ["tcp://127.0.0.1:0", "memory://max-native"]) {
    const failed = new Seen<Error & { code?: string }>();
    await using server = await listen(address, { maxPeers: 1, onFail: failed.add });
    const first = await connect(server.address);
    await assert.rejects(connect(server.address), {
      name: "RemoteError",
      code: "limit",
      message: /refused the link: the server has 1 of 1 peers \(maxPeers\)/,
    });
    const error = await failed.next();
    assert.equal(error.code, "limit");
    assert.match(error.message, /^Link \S+ is refused: the server has 1 of 1 peers \(maxPeers\)$/);
    assert.equal(first.isOpen, true);
    const left = [...server.peers][0].closed;
    await first.close();
    await left;
    await using second = await connect(server.address);
    assert.equal(second.isOpen, true);
    assert.equal(failed.all.length, 1);
  }
});

Deno.test("Server with maxPeers closes a link of a dialect without a handshake at once", async () => {
  const failed = new Seen<Error & { code?: string }>();
  await using server = await listen("tcp://127.0.0.1:0", {
    dialect: "lines",
    maxPeers: 1,
    onFail: failed.add,
    onReceive: (line, peer) => peer.send(line),
  });
  await using first = await connect(server.address, { dialect: "lines" });
  await first.ask("in");
  using second = await BareLink.dial(server.port);
  assert.equal(await second.textToEnd(), "");
  const error = await failed.next();
  assert.equal(error.code, "limit");
  assert.match(error.message, /^Link \S+ is refused: the server has 1 of 1 peers \(maxPeers\)$/);
  assert.equal(await first.ask("still in"), "still in");
});

Deno.test("Server.broadcast reaches everybody and says how many", async () => {
  for (const dialect of ["native", "lines"] satisfies DialectName[]) {
    const met = new Seen<Peer>();
    await using server = await listen("tcp://127.0.0.1:0", { dialect, onConnect: met.add });
    assert.equal(server.broadcast("nobody"), 0);
    const clients = await Promise.all(Array.from({ length: 20 }, () => connect(server.address, { dialect })));
    await met.take(20);
    assert.equal(server.broadcast("tick"), 20);
    assert.deepEqual(await Promise.all(clients.map((client) => client.receive())), Array(20).fill("tick"));
    assert.throws(() => server.broadcast(Symbol("x")), { name: "TypeError" });
    await Promise.all(clients.map((client) => client.close()));
  }
});

Deno.test("Server.broadcast leaves out a peer that does not read, and nobody waits for it", async () => {
  const met = new Seen<Peer>();
  await using server = await listen("tcp://127.0.0.1:0", {
    dialect: "lines",
    limits: { outboxHighBytes: 100_000, closeMs: 10 },
    onConnect: met.add,
  });
  using stalled = await BareLink.dial(server.port);
  await using reader = await connect(server.address, { dialect: "lines" });
  await met.take(2);
  const line = "x".repeat(50_000);
  let sent = 0;
  for (let reached = 2; reached === 2; sent++) {
    reached = server.broadcast(line);
    assert.equal(await reader.receive(), line);
  }
  for (let i = 0; i < 5; i++) {
    assert.equal(server.broadcast(`line ${i}`), 1);
    assert.equal(await reader.receive(), `line ${i}`);
  }
  assert.equal(server.peers.size, 2, "the stalled peer stays");
  void stalled;
});

Deno.test("Server.broadcast is not stopped by a peer that takes only small frames", async () => {
  await using server = await listen("tcp://127.0.0.1:0", { limits: { closeMs: 10 } });
  using small = await BareLink.dial(server.port);
  await small.write(greeting(64));
  await small.atLeast(18);
  assert.throws(() => server.broadcast("x".repeat(100)), { name: "RangeError" }, "nobody takes it");
  await using client = await connect(server.address);
  assert.equal(server.broadcast("x".repeat(100)), 1);
  assert.equal(await client.receive(), "x".repeat(100));
  assert.throws(() => server.broadcast("x".repeat(2_000_000)), { name: "RangeError" });
});

/** What strangers say to a native server, and the code of what it reports. */
const STRANGERS: Record<string, { say: Uint8Array | string; code: string }> = {
  "an HTTP client": { say: "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n", code: "not_native" },
  "garbage": { say: Uint8Array.of(0xff, 0xfe, 0, 1, 2, 3), code: "not_native" },
  "another major version": { say: Uint8Array.of(0xc1, 0x50, 0x4c, 0x09), code: "version" },
  "a first frame above 16 KiB": {
    say: Uint8Array.of(...MAGIC, 0, 0, 0x40, 0x01),
    code: "too_large",
  },
  "a first frame that is no HELLO": {
    say: Uint8Array.of(...MAGIC, ...frame(4, 0, 0, [])),
    code: "handshake",
  },
  "a HELLO of garbage": { say: Uint8Array.of(...MAGIC, ...frame(0, 1, 0, [0xc1])), code: "bad_msgpack" },
};

for (const [who, { say, code }] of Object.entries(STRANGERS)) {
  Deno.test(`Server closes the link of ${who}, reports it once, and everybody else goes on`, async () => {
    const failed = new Seen<Error & { code?: string }>();
    const met: Peer[] = [];
    await using server = await listen("tcp://127.0.0.1:0", {
      onFail: failed.add,
      onConnect: (peer) => met.push(peer),
      onReceive: (message, peer) => peer.send(message),
    });
    await using client = await connect(server.address);
    using stranger = await BareLink.dial(server.port);
    await stranger.write(say);
    const heard = await stranger.readToEnd();
    if (code === "not_native") assert.equal(heard.length, 0, "a stranger gets no word out of us");
    const error = await failed.next();
    assert.equal(error.code, code, error.message);
    assert.ok(!error.message.includes("\n"), error.message);
    assert.equal(await client.ask("still here"), "still here");
    assert.equal(met.length, 1, "a stranger is no peer");
    assert.equal(failed.all.length, 1);
  });
}

Deno.test("Server closes the link of a silent client after handshakeMs", async () => {
  const failed = new Seen<Error & { code?: string }>();
  await using server = await listen("tcp://127.0.0.1:0", { limits: { handshakeMs: 20 }, onFail: failed.add });
  using silent = await BareLink.dial(server.port);
  assert.equal((await silent.readToEnd()).length, 0);
  assert.equal((await failed.next()).code, "handshake");
});

Deno.test("Server reports a client that leaves before its handshake", async () => {
  const failed = new Seen<Error & { code?: string }>();
  await using server = await listen("tcp://127.0.0.1:0", { onFail: failed.add });
  (await BareLink.dial(server.port)).close();
  assert.equal((await failed.next()).code, "handshake");
  using half = await BareLink.dial(server.port);
  await half.write(Uint8Array.of(0xc1, 0x50));
  await half.closeWrite();
  assert.equal((await failed.next()).code, "truncated");
});

Deno.test("Server keeps the counts of peers that have left", async () => {
  await using server = await listen("tcp://127.0.0.1:0", {
    dialect: "lines",
    onReceive: (line, peer) => peer.send(line),
  });
  for (let i = 0; i < 3; i++) {
    await using client = await connect(server.address, { dialect: "lines" });
    await client.ask("abc");
    const left = [...server.peers][0].closed;
    await client.close();
    await left;
  }
  const { messagesIn, messagesOut, bytesIn, bytesOut } = server.counts;
  assert.deepEqual([messagesIn, messagesOut, bytesIn, bytesOut], [3, 3, 12, 12]);
});

Deno.test("broadcast leaves out a peer that takes only smaller frames, whichever came first", async () => {
  for (const smallFirst of [true, false]) {
    await using server = await listen("tcp://127.0.0.1:0");
    const sizes = smallFirst ? [1000, 100_000] : [100_000, 1000];
    const clients = [];
    for (const maxFrameBytes of sizes) {
      clients.push(await connect(server.address, { limits: { maxFrameBytes } }));
    }
    const large = clients[sizes.indexOf(100_000)];
    const small = clients[sizes.indexOf(1000)];
    assert.equal(server.broadcast(new Uint8Array(5000)), 1);
    assert.equal((await large.receive()).length, 5000);
    assert.equal(server.broadcast("to both"), 2);
    assert.equal(await small.receive(), "to both");
    assert.throws(() => server.broadcast(new Uint8Array(200_000)), RangeError);
    for (const client of clients) await client.close();
  }
});

Deno.test("Server.closed resolves when the server was closed, and anew after another start", async () => {
  const server = createServer("memory://closed");
  let count = 0;
  server.closed.then(() => count++);
  await server.start();
  await server.stop();
  await server.start();
  assert.equal(count, 0, "stopping is not closing");
  await server.close();
  await server.closed;
  assert.equal(count, 1);
  await server.start();
  server.closed.then(() => count++);
  assert.equal(count, 1);
  await server.close();
  await server.closed;
  assert.equal(count, 2);
});
