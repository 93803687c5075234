import { connect, listen, type Peer, serial, type Server, type ServerOptions } from "@parley/parley";
import assert from "node:assert/strict";
import { virtualSerialPair } from "../../src/testing/mod.ts";
import { Seen } from "./seen.ts";

/** Lines over TCP by hand, as strangers and the original client send them. */
class BareLines implements Disposable {
  readonly #conn: Deno.TcpConn;
  #text = "";
  #closed = false;

  constructor(conn: Deno.TcpConn) {
    this.#conn = conn;
  }

  static async to({ port }: { port: number }): Promise<BareLines> {
    return new BareLines(await Deno.connect({ port }));
  }

  async say(text: string): Promise<void> {
    const bytes = new TextEncoder().encode(text);
    for (let at = 0; at < bytes.length;) at += await this.#conn.write(bytes.subarray(at));
  }

  /** Everything up to `end`, which is the end of the stream by default. */
  async read(end?: string): Promise<string> {
    const chunk = new Uint8Array(64 * 1024);
    while (end === undefined || !this.#text.includes(end)) {
      const count = await this.#conn.read(chunk);
      if (count === null) break;
      this.#text += new TextDecoder().decode(chunk.subarray(0, count));
    }
    const to = end === undefined ? this.#text.length : this.#text.indexOf(end) + end.length;
    const text = this.#text.slice(0, to);
    this.#text = this.#text.slice(to);
    return text;
  }

  async ask(command: string): Promise<string> {
    await this.say(`${command}\n`);
    return (await this.read("\n")).slice(0, -1);
  }

  /** Says no more. */
  end(): Promise<void> {
    return this.#conn.closeWrite();
  }

  close(): void {
    if (!this.#closed) this.#conn.close();
    this.#closed = true;
  }

  [Symbol.dispose](): void {
    this.close();
  }
}

/** A server with the callback of the recordings, and what it has heard. */
async function device(options: ServerOptions<Server> = {}): Promise<{ server: Server; heard: Seen<string> }> {
  const heard = new Seen<string>();
  const server = await listen("tcp://127.0.0.1:0", {
    dialect: "oneline",
    async onReceive(command: string, peer: Peer) {
      heard.add(command);
      if (command === "throw") throw new Error("thrown");
      if (command === "none") return;
      if (command !== "two") return peer.send(command === "cmd01" ? "ack" : "nak - unknown cmd");
      await peer.send("one");
      await peer.send("two");
    },
    ...options,
  });
  return { server, heard };
}

/** A server by hand with one connection, for what the original or a stranger would do. */
function byHand(talk: (lines: BareLines) => Promise<void>): { address: string; done: Promise<void> } {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const done = (async () => {
    using lines = new BareLines(await listener.accept());
    listener.close();
    await talk(lines);
  })();
  return { address: `tcp://127.0.0.1:${listener.addr.port}`, done };
}

Deno.test("oneline clients and servers talk as the original ones do", async () => {
  await using server = (await device()).server;
  await using client = await connect(server.address, { dialect: "oneline" });
  assert.equal(await client.ask("ping"), "pong");
  assert.equal(await client.ask("cmd01"), "ack");
  assert.equal(await client.ask("two"), "one");
  assert.equal(await client.receive(), "two");
  await client.send("none");
  assert.equal(await client.ask(""), "nak - unknown cmd");
  assert.equal(await client.ask("x".repeat(200_000)), "nak - unknown cmd");
});

Deno.test("oneline quirk 8: a second client waits for its turn, and gets it when the first has left", async () => {
  await using server = (await device()).server;
  using first = await BareLines.to(server);
  assert.equal(await first.ask("ping"), "pong");
  const second = connect(server.address, { dialect: "oneline" });
  let isConnected = false;
  second.then(() => isConnected = true);
  for (let i = 0; i < 10; i++) assert.equal(await first.ask("cmd01"), "ack");
  assert.deepEqual([isConnected, server.peers.size], [false, 1]);
  await first.say("disconnect\n");
  assert.equal(await first.read(), "");
  await using client = await second;
  assert.equal(await client.ask("cmd01"), "ack");
});

Deno.test("oneline quirk 8: who waited in vain says disconnect, or the original serves nobody any more", async () => {
  const said = new Seen<string>();
  const { address, done } = byHand(async (lines) => said.add(await lines.read("disconnect\n")));
  await assert.rejects(connect(address, { dialect: "oneline", limits: { handshakeMs: 50 } }), {
    name: "TimeoutError",
    code: "handshake",
    message:
      `${address} did not answer the "oneline" handshake within 50 ms; a oneline server serves one client ` +
      "at a time, and may be busy with another: wait longer with limits: { handshakeMs }, or try again when that " +
      "one has left",
  });
  await done;
  assert.deepEqual(said.all, ["ping\ndisconnect\n"]);
});

Deno.test("oneline quirk 1: a client that leaves without a word frees the place", async () => {
  await using server = (await device({ onFail: () => {} })).server;
  for (const last of ["", "cmd01\n", "half a li"]) {
    using first = await BareLines.to(server);
    assert.equal(await first.ask("ping"), "pong");
    await first.say(last);
    first.close();
  }
  await using client = await connect(server.address, { dialect: "oneline" });
  assert.equal(await client.ask("cmd01"), "ack");
});

Deno.test("oneline quirks 2 and 3: a client that resets the connection, its answers unread, ends only itself", async () => {
  const { server, heard } = await device();
  await using _server = server;
  for (let i = 0; i < 5; i++) {
    using first = await BareLines.to(server);
    await first.say("cmd01\ncmd01\nnone\n");
    while (await heard.next() !== "none"); // so both answers lie there unread: closing resets the connection
    first.close();
  }
  await using client = await connect(server.address, { dialect: "oneline" });
  assert.equal(await client.ask("cmd01"), "ack");
});

Deno.test("oneline quirk 3: a client that closes waits for what is under way", async () => {
  const { address, done } = byHand(async (lines) => {
    assert.equal(await lines.read("\n"), "ping\n");
    await lines.say("pong\n");
    await lines.read("disconnect\n");
    let hasLeft = false;
    const rest = lines.read().then(() => hasLeft = true);
    await lines.say("late\n");
    await lines.say("later\n");
    assert.equal(hasLeft, false);
    await lines.end();
    await rest;
  });
  const client = await connect(address, { dialect: "oneline" });
  await client.send("slow");
  await client.close();
  await done;
});

Deno.test("oneline quirk 4: a callback that throws is reported, and the server goes on", async () => {
  const failed = new Seen<Error>();
  await using server = (await device({ onFail: failed.add })).server;
  await using client = await connect(server.address, { dialect: "oneline" });
  await client.send("throw");
  assert.equal((await failed.next()).message, "thrown");
  assert.equal(await client.ask("cmd01"), "ack");
});

Deno.test("oneline quirks 5 and 12: onReceive hears whether the bytes were text, at both ends", async () => {
  const seen = new Seen<unknown>();
  await using server = await listen("tcp://127.0.0.1:0", {
    dialect: "oneline",
    encoding: "ascii",
    onReceive: (command, peer, { invalid }) => {
      seen.add([command, invalid]);
      return peer.send(Uint8Array.of(0x6f, 0x6b, 0xff));
    },
  });
  await using client = await connect(server.address, {
    dialect: "oneline",
    onReceive: (answer, _peer, { invalid }) => seen.add([answer, invalid]),
  });
  await client.ask("say héllo ✓");
  assert.deepEqual(seen.all, [["say hllo ", true], ["ok\uFFFD", true]]);
});

Deno.test("oneline quirk 9: after shutdown nobody is taken in any more", async () => {
  const { server } = await device({ allowShutdown: true });
  await using client = await connect(server.address, { dialect: "oneline", reconnect: true });
  assert.equal(await client.ask("cmd01"), "ack");
  await client.send("shutdown");
  assert.equal((await client.closed).code, "eof");
  await server.close();
  assert.equal(server.isListening, false);
  await assert.rejects(connect(server.address, { dialect: "oneline" }), { code: "refused" });
});

Deno.test("oneline servers refuse a shutdown that is not allowed, and say how to allow it", async () => {
  const failed = new Seen<Error>();
  await using server = (await device({ onFail: failed.add })).server;
  await using client = await connect(server.address, { dialect: "oneline" });
  await client.send("shutdown");
  await client.closed;
  assert.match(
    (await failed.next()).message,
    /^shutdown was asked for and refused: allowShutdown: true lets clients end this server \(from tcp:/,
  );
  await using next = await connect(server.address, { dialect: "oneline" });
  assert.equal(await next.ask("cmd01"), "ack");
});

Deno.test("oneline quirk 10: a line above the limit is reported, and the next one is served", async () => {
  const failed = new Seen<Error & { code?: string }>();
  await using server = (await device({ onFail: failed.add, limits: { maxFrameBytes: 1000 } })).server;
  using client = await BareLines.to(server);
  await client.say(`${"x".repeat(100_000)}\n`);
  assert.equal(await client.ask("cmd01"), "ack");
  assert.equal((await failed.next()).code, "too_large");
});

Deno.test("oneline quirk 11: who asks hears at once that the server has gone", async () => {
  const { address, done } = byHand(async (lines) => {
    await lines.read("\n");
    await lines.say("pong\n");
    await lines.read("cmd01\n");
  });
  await using client = await connect(address, { dialect: "oneline", limits: { askMs: 60_000 } });
  await assert.rejects(client.ask("cmd01"), {
    name: "BrokenError",
    code: "disconnected",
    outcome: "unknown",
  });
  await done;
});

Deno.test("oneline servers answer in order, however their callbacks take their time", async () => {
  const release = Promise.withResolvers<void>();
  const { server } = await device({
    async onReceive(command: string, peer: Peer) {
      await peer.send(`${command} 1`);
      if (command === "slow") await release.promise;
      await peer.send(`${command} 2`);
    },
  });
  await using _server = server;
  using client = await BareLines.to(server);
  await client.say("slow\nfast\nping\n");
  assert.equal(await client.read("\n"), "slow 1\n");
  await client.say("fast\ndisconnect\nping\n");
  release.resolve();
  assert.equal(await client.read(), "slow 2\nfast 1\nfast 2\npong\nfast 1\nfast 2\n");
});

Deno.test("oneline servers read on when a callback is done and half of a long command is there", async () => {
  const { server } = await device({
    async onReceive(command: string, peer: Peer) {
      await undefined;
      await peer.send(command.length);
    },
  });
  await using _server = server;
  using client = await BareLines.to(server);
  await client.say(`${"a".repeat(300_000)}\n${"b".repeat(300_001)}\ndisconnect\n`);
  assert.equal(await client.read(), "300000\n300001\n");
});

Deno.test("oneline servers serve what was said before the end of the stream", async () => {
  const release = Promise.withResolvers<void>();
  const { server, heard } = await device({
    async onReceive(command: string, peer: Peer) {
      heard.add(command);
      await release.promise;
      await peer.send(command);
    },
  });
  await using _server = server;
  using client = await BareLines.to(server);
  await client.say("one\ntwo\nping\n");
  await client.end();
  assert.equal(await heard.next(), "one");
  release.resolve();
  assert.equal(await client.read(), "one\ntwo\npong\n");
});

Deno.test("oneline servers give the place of a client away that is gone, though a callback does not end", async () => {
  const release = Promise.withResolvers<void>();
  const { server, heard } = await device({
    limits: { closeMs: 50 },
    onReceive(command: string, peer: Peer) {
      heard.add(command);
      return command === "stuck" ? release.promise : peer.send("ack");
    },
  });
  await using _server = server;
  using first = await BareLines.to(server);
  await first.say("stuck\ncmd01\n");
  assert.equal(await heard.next(), "stuck");
  first.close();
  await using second = await connect(server.address, { dialect: "oneline" });
  assert.equal(await second.ask("cmd02"), "ack");
  assert.deepEqual(heard.all, ["stuck", "cmd01", "cmd02"]);
  release.resolve();
});

Deno.test("a flood of oneline commands waits outside while a callback is not done", async () => {
  const release = Promise.withResolvers<void>();
  const { server, heard } = await device({
    maxPeers: 2,
    async onReceive(command: string, peer: Peer) {
      if (command === "cmd01") return peer.send("ack");
      heard.add(command);
      await release.promise;
      if (command === "last") await peer.send("done");
    },
  });
  await using _server = server;
  using flood = await BareLines.to(server);
  const said = flood.say(`${"0123456789\n".repeat(100_000)}last\n`); // 1.1 MB
  await heard.next();
  await using other = await connect(server.address, { dialect: "oneline" });
  for (let i = 0; i < 50; i++) assert.equal(await other.ask("cmd01"), "ack");
  const { bytesIn } = server.counts;
  assert.ok(bytesIn < 300_000, `${bytesIn} bytes were read`);
  release.resolve();
  await said;
  assert.equal(await flood.read("\n"), "done\n");
  assert.equal(heard.all.length, 100_001);
});

Deno.test("a long oneline command is served behind one that takes its time", async () => {
  const release = Promise.withResolvers<void>();
  const { server, heard } = await device({
    maxPeers: 2,
    async onReceive(command: string, peer: Peer) {
      if (command === "cmd01") return peer.send("ack");
      heard.add(command);
      if (command === "slow") await release.promise;
      await peer.send(`${command.length}`);
    },
  });
  await using _server = server;
  using client = await BareLines.to(server);
  const said = client.say(`slow\n${"x".repeat(500_000)}\n`);
  assert.equal(await heard.next(), "slow");
  await using other = await connect(server.address, { dialect: "oneline" });
  for (let i = 0; i < 50; i++) assert.equal(await other.ask("cmd01"), "ack"); // meanwhile reading has stopped
  release.resolve();
  await said;
  assert.equal(await client.read("500000\n"), "4\n500000\n");
});

Deno.test("oneline servers serve what was said by a client that is gone when it is answered", async () => {
  const gone = Promise.withResolvers<void>();
  const release = Promise.withResolvers<void>();
  const { server, heard } = await device({
    maxPeers: 2,
    onFail: () => {},
    async onReceive(command: string, peer: Peer) {
      if (command === "cmd01") return peer.send("ack");
      heard.add(command);
      if (command !== "one") return;
      await gone.promise;
      for (let i = 0; i < 3; i++) await peer.send("to nobody");
      await release.promise;
    },
  });
  await using _server = server;
  await using other = await connect(server.address, { dialect: "oneline" });
  using client = await BareLines.to(server);
  await client.say("one\ntwo\nthree\n");
  assert.equal(await heard.next(), "one");
  client.close();
  assert.equal(await other.ask("cmd01"), "ack");
  gone.resolve();
  // Longer than the last words of a link whose writes fail are waited for.
  for (const end = performance.now() + 300; performance.now() < end;) await other.ask("cmd01");
  release.resolve();
  assert.deepEqual(await heard.take(2), ["two", "three"]);
});

Deno.test("a oneline server that asks back goes on with the next command only when it is done", async () => {
  const log = new Seen<string>();
  const { server } = await device({
    // The promise of `ask` is made before the callback has returned; the answer itself is no work.
    onReceive(command: string, peer: Peer) {
      log.add(command);
      if (command.startsWith("yes")) return;
      return peer.ask(`${command}?`).then((answer) => log.add(`${command}: ${answer}`));
    },
  });
  await using _server = server;
  using client = await BareLines.to(server);
  await client.say("erase\nyes 1\nformat\nyes 2\n");
  assert.deepEqual(await log.take(6), ["erase", "yes 1", "erase: yes 1", "format", "yes 2", "format: yes 2"]);
});

Deno.test("a oneline server stops also in the moment in which a client comes", async () => {
  for (let moment = 0; moment < 10; moment++) {
    await using server = await listen("memory://moment", { dialect: "oneline" });
    const client = connect("memory://moment", { dialect: "oneline" }).catch(() => undefined);
    for (let turn = 0; turn < moment; turn++) await undefined;
    await server.stop();
    await server.close();
    await (await client)?.close();
  }
});

Deno.test("a oneline server may ask back in the middle of a command", async () => {
  const { server } = await device({
    async onReceive(command: string, peer: Peer) {
      if (command !== "erase") return;
      const answer = await peer.ask("sure?");
      await peer.send(answer === "yes" ? "erased" : "kept");
    },
  });
  await using _server = server;
  await using client = await connect(server.address, { dialect: "oneline" });
  assert.equal(await client.ask("erase"), "sure?");
  assert.equal(await client.ask("yes"), "erased");
  assert.equal(await client.ask("ping"), "pong");
});

Deno.test("a oneline client tells a server of another kind from a busy one", async () => {
  const { address, done } = byHand(async (lines) => {
    await lines.say("SSH-2.0-OpenSSH_9.2\r\n");
    await lines.read("\n");
  });
  await assert.rejects(connect(address, { dialect: "oneline" }), {
    code: "no_pong",
    message:
      `Handshake with ${address} failed: it answers ping with "SSH-2.0-OpenSSH_9.2\\r", not with "pong"; ` +
      "is it a oneline server?",
  });
  await done;
});

Deno.test("oneline clients come and go fifty times", async () => {
  await using server = (await device()).server;
  for (let i = 0; i < 50; i++) {
    await using client = await connect(server.address, { dialect: "oneline" });
    assert.equal(await client.ask("cmd01"), "ack");
  }
  assert.equal(server.counts.faults, 0);
});

Deno.test("oneline serves several at once where maxPeers says so", async () => {
  await using server = (await device({ maxPeers: 2 })).server;
  await using one = await connect(server.address, { dialect: "oneline" });
  await using other = await connect(server.address, { dialect: "oneline" });
  assert.deepEqual([await one.ask("cmd01"), await other.ask("cmd01")], ["ack", "ack"]);
});

Deno.test("oneline goes over a serial line", async () => {
  await using pair = virtualSerialPair();
  await using _device = await listen(`serial:${pair.a.path}`, {
    dialect: "oneline",
    onReceive: (command, peer) => peer.send(`${command}!`),
  });
  await using client = await serial(pair.b.path, { dialect: "oneline" });
  assert.equal(await client.ask("go"), "go!");
});
