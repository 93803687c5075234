import { connect, createClient, listen, type Server } from "@parley/parley";
import assert from "node:assert/strict";
import { BareLink } from "./bare_link.ts";
import { Seen } from "./seen.ts";

/** A TCP server that is no Parley: `meet` is called with everybody who connects. */
function stranger(meet: (link: BareLink) => unknown): { address: string } & AsyncDisposable {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const links: BareLink[] = [];
  const done = (async () => {
    for await (const connection of listener) {
      const link = new BareLink(connection);
      links.push(link);
      await meet(link);
    }
  })();
  return {
    address: `tcp://127.0.0.1:${listener.addr.port}`,
    [Symbol.asyncDispose]: async () => {
      listener.close();
      await done;
      for (const link of links) link.close();
    },
  };
}

Deno.test("Client.start gives one link to all who start it at once", async () => {
  await using server = await listen("tcp://127.0.0.1:0");
  await using client = createClient(server.address);
  const starts = [client.start(), client.start()];
  assert.equal(client.state, "connecting");
  await Promise.all(starts);
  await client.start();
  assert.equal(client.state, "open");
  assert.equal(server.peers.size, 1);
});

Deno.test("Client.start connects anew after the link has ended, with the callbacks and handlers it had", async () => {
  for (const address of ["tcp://127.0.0.1:0", "memory://anew"]) {
    const log: string[] = [];
    await using server = await listen(address);
    await using client = createClient(server.address, {
      onInitialize: () => log.push("initialize"),
      onConnect: () => log.push("connect"),
      onDisconnect: (_peer, reason) => log.push(reason.code),
    });
    client.onRequest("name", () => "client");
    await client.start();
    const first = client.closed;
    await only(server).close();
    assert.equal((await first).code, "eof");
    assert.equal(client.state, "closed");
    await client.start();
    assert.equal(await only(server).request("name"), "client");
    assert.notEqual(client.closed, first, "a new link has a new end");
    await client.close();
    assert.deepEqual(log, ["initialize", "connect", "eof", "connect", "closed"]);
  }
});

Deno.test("Client.start waits for the link that is still closing, and deadlines hold on the new one", async () => {
  await using server = await listen("tcp://127.0.0.1:0");
  server.onRequest("never", () => new Promise(() => {}));
  await using client = await connect(server.address);
  const closing = client.close();
  await client.start();
  await closing;
  assert.equal(client.isOpen, true);
  await assert.rejects(client.request("never", [], { timeoutMs: 20 }), { name: "TimeoutError" });
});

Deno.test("Client.close resolves before a start, during one, and twice", async () => {
  await using server = await listen("memory://closing");
  const idle = createClient(server.address);
  assert.equal((await idle.close()).code, "closed");

  const client = createClient(server.address);
  const started = client.start().then(() => "open", (error) => error.code);
  const reasons = await Promise.all([client.close(), client.close()]);
  assert.deepEqual(reasons.map((reason) => reason.code), ["closed", "closed"]);
  assert.equal(client.isOpen, false);
  assert.equal(await started, "closed");
});

Deno.test("Client.close ends a handshake that nobody answers", async () => {
  const met = Promise.withResolvers<void>();
  await using server = stranger(() => met.resolve());
  const client = createClient(server.address, { limits: { handshakeMs: 3_600_000 } });
  const started = assert.rejects(client.start(), { name: "ClosedError", code: "closed" });
  await met.promise;
  assert.equal((await client.close()).code, "closed");
  await started;
});

Deno.test("Client.start rejects with what the server said when it is not native", async () => {
  await using server = stranger((link) => link.write("SSH-2.0-OpenSSH_9.2p1\r\n"));
  const failed = new Seen<Error>();
  await assert.rejects(connect(server.address, { onFail: failed.add }), {
    name: "ProtocolError",
    code: "not_native",
    message: /got 53 53 48 2d.*set the "dialect" option/,
  });
});

Deno.test("Client.start rejects when its own greeting comes back", async () => {
  await using server = stranger(async (link) => link.write(await link.atLeast(20)));
  await assert.rejects(connect(server.address), { code: "handshake", message: /Own greeting came back/ });
});

Deno.test("Client.start rejects within handshakeMs when the server says nothing", async () => {
  await using server = stranger(() => {});
  await assert.rejects(connect(server.address, { limits: { handshakeMs: 20 } }), {
    name: "TimeoutError",
    code: "handshake",
    message: /did not answer the "native" handshake within 20 ms/,
  });
});

Deno.test("Client.start rejects when the server closes during the handshake", async () => {
  await using server = stranger(async (link) => {
    await link.atLeast(4);
    link.close();
  });
  await assert.rejects(connect(server.address), {
    name: "BrokenError",
    code: "handshake",
    message: /during the "native" handshake; does it speak this dialect\?/,
  });
});

Deno.test("Client reads a last line that came before the server went away and a write failed", async () => {
  await using server = stranger(async (link) => {
    await link.atLeast(1);
    await link.write("ERR busy\n");
    link.close();
  });
  const lines = new Seen<string>();
  const client = await connect(server.address, { dialect: "lines", onReceive: lines.add });
  client.send("hello");
  assert.equal(await lines.next(), "ERR busy");
  await client.closed;
});

Deno.test("the signal option ends the client, whenever it is aborted", async () => {
  await using server = await listen("tcp://127.0.0.1:0");
  const gone = AbortSignal.abort(new Error("too late"));
  await assert.rejects(connect(server.address, { signal: gone }), { message: "too late" });

  for (const address of [server.address, "memory://signal"]) {
    await using there = address === server.address ? undefined : await listen(address);
    const dialling = new AbortController();
    const client = createClient(address, { signal: dialling.signal });
    const started = assert.rejects(client.start(), { message: "changed my mind" });
    dialling.abort(new Error("changed my mind"));
    await started;
    assert.equal(client.isOpen, false);
    void there;
  }

  const live = new AbortController();
  const client = await connect(server.address, { signal: live.signal });
  live.abort();
  assert.equal((await client.closed).code, "closed");
});

Deno.test("the signal option ends a handshake with its reason", async () => {
  const met = Promise.withResolvers<void>();
  await using server = stranger(() => met.resolve());
  const stop = new AbortController();
  const started = connect(server.address, { signal: stop.signal, limits: { handshakeMs: 3_600_000 } });
  const rejected = assert.rejects(started, { message: "enough" });
  await met.promise;
  stop.abort(new Error("enough"));
  await rejected;
});

Deno.test("Symbol.asyncDispose closes the client", async () => {
  await using server = await listen("tcp://127.0.0.1:0");
  let kept;
  {
    await using client = await connect(server.address);
    kept = client;
  }
  assert.equal(kept.isOpen, false);
  assert.equal((await kept.closed).code, "closed");
});

/** The one peer of a server. */
function only(server: Server) {
  assert.equal(server.peers.size, 1);
  return [...server.peers][0];
}
