/** What the wires of other systems need of a link: last words, held bytes, turns, ports, modes. */
import {
  connect,
  type Conversation,
  type Dialect,
  type DialectHost,
  listen,
  type Message,
  type Peer,
  type ReceiveBuffer,
} from "@parley/parley";
import assert from "node:assert/strict";
import { BareLink } from "./bare_link.ts";
import { Seen } from "./seen.ts";

/**
 * Lines of text. `bye` ends the link and leaves the closing to who hears it; `stop` asks for the end of the server. A
 * line in mode 1 waits in the conversation until the other side says `go`.
 */
class Words implements Conversation {
  readonly #host: DialectHost;
  readonly #held: string[] = [];
  #isOver = false;

  constructor(host: DialectHost) {
    this.#host = host;
  }

  get waitingBytes(): number {
    return this.#held.reduce((sum, line) => sum + line.length + 1, 0);
  }

  receive(buffer: ReceiveBuffer): void {
    for (let at = buffer.indexOf(0x0a); at !== -1; at = buffer.indexOf(0x0a)) {
      const line = new TextDecoder().decode(buffer.take(at + 1)).trimEnd();
      if (this.#isOver) continue;
      if (line === "bye" || line === "stop") {
        this.#isOver = true;
        this.#host.goodbye(line === "stop" ? "shutdown" : "disconnect", "", true);
      } else if (line === "go") {
        for (const held of this.#held.splice(0)) this.#write(held);
      } else {
        this.#host.deliver(
          { kind: "message", value: line, invalid: line.includes("?") || undefined },
          line.length,
        );
      }
    }
  }

  receiveEnd(): void {}

  write(message: Message): void {
    if (message.kind !== "message") throw new TypeError("words only");
    if (message.mode === 1) this.#held.push(String(message.value));
    else this.#write(String(message.value));
  }

  close(): void {
    this.#write("bye");
  }

  #write(line: string): void {
    this.#host.output.append(new TextEncoder().encode(`${line}\n`));
  }
}

function words(more: Partial<Dialect> = {}): Dialect {
  return {
    name: "words",
    correlation: "none",
    abilities: ["mode"],
    converse: (host) => new Words(host),
    ...more,
  };
}

Deno.test("a peer whose wire wants us to close is closed, with our last words", async () => {
  const left = new Seen<string>();
  const got = new Seen<string>();
  await using server = await listen("tcp://127.0.0.1:0", {
    dialect: words(),
    onReceive: (line) => got.add(line),
    onDisconnect: (_peer, reason) => left.add(reason.code),
  });
  using link = await BareLink.dial(server.port);
  await link.write("one\nbye\ntwo\n");
  assert.equal(await link.textToEnd(), "bye\n");
  await left.next();
  assert.deepEqual(left.all, ["goodbye"]);
  assert.deepEqual(got.all, ["one"], "what comes after the last word is nothing");
  assert.equal(server.peers.size, 0);
});

Deno.test("close waits for what the wire holds back, and for nothing else", async () => {
  await using server = await listen("tcp://127.0.0.1:0", { dialect: words() });
  using link = await BareLink.dial(server.port);
  const peer = await server.nextPeer();
  await peer.send("first");
  await peer.send("held", { mode: 1 });
  await link.atLeast(6);
  const closed = peer.close();
  await link.write("ignored\ngo\n");
  assert.equal(await link.textToEnd(), "bye\nheld\n");
  assert.equal((await closed).code, "closed");
});

Deno.test("what the wire holds back does not keep a link whose other side has gone", async () => {
  await using server = await listen("tcp://127.0.0.1:0", { dialect: words() });
  const link = await BareLink.dial(server.port);
  const peer = await server.nextPeer();
  await peer.send("held", { mode: 1 });
  const closed = peer.close();
  link[Symbol.dispose]();
  assert.equal((await closed).code, "closed");
});

Deno.test("peers take turns where the dialect says so: the next is accepted when one has left", async () => {
  const came = new Seen<Peer>();
  await using server = await listen("tcp://127.0.0.1:0", {
    dialect: words({ takesTurns: true }),
    onConnect: (peer) => came.add(peer),
    onReceive: (line, peer) => peer.send(`${line}!`),
  });
  using first = await BareLink.dial(server.port);
  await first.write("a\n");
  await first.atLeast(3);
  using second = await BareLink.dial(server.port);
  using third = await BareLink.dial(server.port);
  await second.write("b\n");
  await third.write("c\n");
  await first.write("again\n");
  await first.atLeast(7);
  assert.equal(came.all.length, 1);
  first[Symbol.dispose]();
  assert.equal(new TextDecoder().decode(await second.atLeast(3)), "b!\n");
  second[Symbol.dispose]();
  assert.equal(new TextDecoder().decode(await third.atLeast(3)), "c!\n");
});

Deno.test("a server that has a peer in its turn stops, closes, and starts again", async () => {
  const server = await listen("tcp://127.0.0.1:0", {
    dialect: words({ takesTurns: true }),
    onReceive: (line, peer) => peer.send(line),
  });
  for (let round = 0; round < 3; round++) {
    using link = await BareLink.dial(server.port);
    await link.write("x\n");
    await link.atLeast(2);
    await (round === 1 ? server.close() : server.stop());
    await server.close();
    await server.start();
  }
  await server.close();
});

Deno.test("a peer ends the server only where the dialect lets it", async () => {
  for (const mayShutDown of [true, false]) {
    const left = new Seen<string>();
    const server = await listen("tcp://127.0.0.1:0", {
      dialect: words({ mayShutDown }),
      onDisconnect: (_peer, reason) => left.add(reason.code),
    });
    using link = await BareLink.dial(server.port);
    await link.write("stop\n");
    assert.equal(await link.textToEnd(), "bye\n");
    await left.next();
    assert.equal(server.isListening, !mayShutDown);
    await server.close();
  }
});

Deno.test("an address without a port gets the one of the dialect", async () => {
  using probe = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = probe.addr as Deno.NetAddr;
  probe.close();
  await using server = await listen("tcp://127.0.0.1", { dialect: words({ port }) });
  assert.equal(server.port, port);
  await using client = await connect("tcp://", { dialect: words({ port }) });
  assert.equal(client.address, `tcp://127.0.0.1:${port}`);
  await assert.rejects(connect("tcp://127.0.0.1", { dialect: words() }), { message: /the port is missing/ });
});

Deno.test("a message of a mode needs a dialect that has modes", async () => {
  await using server = await listen("memory://modes", { dialect: words({ abilities: [] }) });
  await using client = await connect("memory://modes", { dialect: words({ abilities: [] }) });
  await assert.rejects(client.send("x", { mode: 1 }), {
    name: "TypeError",
    message: 'Cannot send message in the dialect "words": it has no modes',
  });
  assert.throws(() => client.send("x", { mode: "fast" as unknown as number }), TypeError);
  assert.equal(server.peers.size, 1);
});

Deno.test("onReceive is told of text that was none", async () => {
  const got = new Seen<[string, boolean]>();
  await using server = await listen("memory://invalid", {
    dialect: words(),
    onReceive: (line, _peer, { invalid }) => got.add([line, invalid]),
  });
  await using client = await connect(server.address, { dialect: words() });
  await client.send("good");
  await client.send("ba?d");
  await got.take(2);
  assert.deepEqual(got.all, [["good", false], ["ba?d", true]]);
});

Deno.test("a broadcast is written by each conversation where messages differ, and none can be dropped", async () => {
  await using server = await listen("memory://differ", { dialect: words() });
  await using a = await connect("memory://differ", { dialect: words() });
  await using b = await connect("memory://differ", { dialect: words() });
  assert.equal(server.broadcast("all"), 2);
  assert.deepEqual(await Promise.all([a.receive(), b.receive()]), ["all", "all"]);
  await assert.rejects(listen("memory://drops", { dialect: words(), overflow: "drop-oldest" }), {
    message: /Cannot use "drop-oldest" as "overflow" with the dialect "words"/,
  });
});
