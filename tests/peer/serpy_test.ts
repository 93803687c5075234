import { type Client, type ClientOptions, connect, listen, type Peer } from "@parley/parley";
import { virtualSerialPair } from "@parley/parley/testing";
import assert from "node:assert/strict";
import { BareLink } from "./bare_link.ts";
import { Linked } from "./linked.ts";
import { Seen } from "./seen.ts";

/** A server of serpy by hand: every connection is a `BareLink`, and says what the test tells it to. */
class BareSerpy implements Disposable {
  readonly #listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });

  get address(): string {
    return `tcp://127.0.0.1:${this.#listener.addr.port}`;
  }

  async accept(): Promise<BareLink> {
    return new BareLink(await this.#listener.accept());
  }

  [Symbol.dispose](): void {
    this.#listener.close();
  }
}

/** The next bytes of a link, as many as `text` has, which have to be these. */
async function expect(link: BareLink, text: string): Promise<void> {
  assert.equal(new TextDecoder().decode(await link.atLeast(text.length)), text);
}

/** A client and the other end of its connection, by hand. */
async function bare(
  options: ClientOptions<Client> = {},
): Promise<{ client: Client; link: BareLink; server: BareSerpy }> {
  const server = new BareSerpy();
  const calling: Promise<Client> = connect(server.address, { dialect: "serpy", ...options });
  const [client, link] = await Promise.all([calling, server.accept()]);
  return { client, link, server };
}

Deno.test("serpy: values of every kind cross between two Parleys, acknowledged or not", async () => {
  const received = new Seen<unknown>();
  await using server = await listen("tcp://127.0.0.1:0", {
    dialect: "serpy",
    encoding: "utf-8",
    onReceive: (message) => received.add(message),
  });
  await using client = await connect(server.address, { dialect: "serpy", encoding: "utf-8" });
  await client.send("é");
  await client.send(1.5, { ack: true });
  await client.send(Uint8Array.of(0x1f, 4));
  await client.send(Uint8Array.of(0x1f, 4), { ack: true });
  await client.send({ a: [1, null, "ü"] }, { mode: 4 });
  await client.send(new Set([1, 2]), { ack: true });
  assert.deepEqual(received.all, [
    ...["é", "1.5", Uint8Array.of(0x1f, 4), Uint8Array.of(0x1f, 4)],
    ...[{ __proto__: null, a: [1, null, "ü"] }, new Set([1, 2])],
  ]);
});

Deno.test("serpy: a server asks and answers too, and each direction has a mode of its own", async () => {
  await using server = await listen("tcp://127.0.0.1:0", { dialect: "serpy", mode: 3 });
  await using _client = await connect(server.address, {
    dialect: "serpy",
    onReceive: (message, peer) => peer.send(message.length, { ack: true }),
  });
  const peer = await server.nextPeer();
  assert.equal(await peer.ask("hello"), "5");
  assert.equal(await peer.ask(new Uint8Array(7)), "7");
});

Deno.test("serpy quirk 8: a peer that does not answer the change of mode is given up, with the reason", async () => {
  const { client, link, server } = await bare({ limits: { ackMs: 20 } });
  await client.send("held back", { mode: 1 });
  const reason = await client.closed;
  assert.equal(reason.code, "no_mode");
  assert.match(reason.message, /^Link tcp:.* is given up: No answer to the change to mode 1 within 20 ms/);
  await expect(link, "\x01SETMODE1\x1f");
  link.close();
  server[Symbol.dispose]();
});

Deno.test("serpy quirk 9: without an acknowledgement the call fails, and then the link", async () => {
  const { client, link, server } = await bare({ limits: { ackMs: 20 } });
  const failed = assert.rejects(client.send("x", { ack: true, timeoutMs: 5 }), {
    name: "TimeoutError",
    message: /No acknowledgement of the message from tcp:.* within 5 ms/,
  });
  await expect(link, "\x01SETMODE1\x1f");
  await link.write("\x01ACKMODCG\x1f");
  await failed;
  assert.match((await client.closed).code, /^(unsure|no_mode)$/);
  link.close();
  server[Symbol.dispose]();
});

Deno.test("serpy quirk 10: a connection lost before the acknowledgement fails the call", async () => {
  const { client, link, server } = await bare();
  const failed = assert.rejects(client.send("x", { ack: true }), {
    name: "BrokenError",
    outcome: "unknown",
    message: /ended before the message was acknowledged/,
  });
  await expect(link, "\x01SETMODE1\x1f");
  await link.write("\x01ACKMODCG\x1f");
  await expect(link, "x\x04\x1f");
  link.close();
  await failed;
  await client.close();
  server[Symbol.dispose]();
});

Deno.test("serpy quirk 11: close sends what waits for an answer first", async () => {
  const { client, link, server } = await bare();
  await client.send("one", { mode: 2 });
  await client.send("two", { mode: 3 });
  await client.send("three");
  const closing = client.close();
  await expect(link, "\x01SETMODE2\x1f");
  await link.write("\x01ACKMODCG\x1f");
  await expect(link, "Z*FA\x1f\x01SETMODE3\x1f");
  await link.write("\x01ACKMODCG\x1f");
  await expect(link, "ba!t\x04\x1f");
  await link.write("\x01ACKEOT!!\x1f");
  await expect(link, "\x01SETMODE0\x1f");
  await link.write("\x01ACKMODCG\x1f");
  await expect(link, "three\x1f");
  link.close();
  assert.equal((await closing).code, "closed");
  server[Symbol.dispose]();
});

Deno.test("serpy quirks 5 and 7: rubbish goes to onFail with the name of the link, and the link lives", async () => {
  const received = new Seen<unknown>();
  const failed = new Seen<Error>();
  const { client, link, server } = await bare({
    onReceive: (message: unknown) => received.add(message),
    onFail: (error: Error) => failed.add(error),
  });
  await link.write("\x01SETMODE\x1f\x01SETMODE1\x1fa\x04b\x04\x1f");
  await expect(link, "\x01ACKMODCG\x1f");
  assert.match(
    (await failed.next()).message,
    /^Dropped a block: a SETMODE does not end with a digit \(from tcp:/,
  );
  assert.match((await failed.next()).message, /two ends of a message, in mode 1 \(from tcp:/);
  await link.write("good\x04\x1f");
  assert.equal(await received.next(), "good");
  await expect(link, "\x01ACKEOT!!\x1f");
  link.close();
  await client.close();
  server[Symbol.dispose]();
});

Deno.test("serpy: bytes that are no text are marked as such", async () => {
  const received = new Seen<[unknown, unknown]>();
  const { client, link, server } = await bare({
    onReceive: (message: unknown, _peer: Peer, details: { invalid?: boolean }) =>
      received.add([message, details.invalid]),
  });
  await link.write(Uint8Array.of(0x61, 0xe9, 0x1f, 0x62, 0x1f));
  assert.deepEqual(await received.next(), ["a\ufffd", true]);
  assert.deepEqual((await received.next())[1] ?? false, false);
  link.close();
  await client.close();
  server[Symbol.dispose]();
});

Deno.test("serpy: with reconnect the modes begin anew on the next link", async () => {
  const received = new Seen<unknown>();
  await using link = await Linked.up(
    { dialect: "serpy", onReceive: (message) => received.add(message) },
    { dialect: "serpy" },
  );
  const { client } = link;
  await client.send("one", { ack: true });
  await client.send(Uint8Array.of(2), { mode: 3, ack: true });
  await link.lose();
  await assert.rejects(client.send("down"), { name: "BrokenError", code: "not_connected" });
  await link.restore();
  await client.send("three");
  await client.send("four", { ack: true });
  assert.deepEqual(await received.take(4), ["one", Uint8Array.of(2), "three", "four"]);
});

Deno.test("serpy: what waits when the link is lost is not sent, and says so", async () => {
  const { client, link, server } = await bare();
  const outcomes = ["one", "two"].map((text) =>
    client.send(text, { ack: true }).then(() => "sent", (error) => error.outcome)
  );
  await expect(link, "\x01SETMODE1\x1f");
  await link.write("\x01ACKMODCG\x1f");
  await expect(link, "one\x04\x1f");
  link.close();
  assert.deepEqual(await Promise.all(outcomes), ["unknown", "not-sent"]);
  await client.closed;
  server[Symbol.dispose]();
});

Deno.test("serpy: a broadcast reaches peers in different modes", async () => {
  await using server = await listen("tcp://127.0.0.1:0", { dialect: "serpy" });
  const clients = await Promise.all([0, 1].map(() => connect(server.address, { dialect: "serpy" })));
  const first = await server.nextPeer();
  await first.send("in mode 1", { ack: true });
  const second = await server.nextPeer();
  assert.notEqual(first, second);
  server.broadcast("to all");
  const texts = await Promise.all(clients.map(async (client) => {
    const text = await client.receive();
    return text === "in mode 1" ? await client.receive() : text;
  }));
  assert.deepEqual(texts, ["to all", "to all"]);
  await Promise.all(clients.map((client) => client.close()));
});

Deno.test("serpy: it travels over a serial line as well", async () => {
  await using pair = virtualSerialPair();
  const received = new Seen<unknown>();
  await using server = await listen(`serial:${pair.a.path}`, {
    dialect: "serpy",
    onReceive: (message) => received.add(message),
  });
  await using client = await connect(`serial:${pair.b.path}`, { dialect: "serpy" });
  await client.send([1, "two"], { ack: true });
  assert.deepEqual(received.all, [[1, "two"]]);
  assert.equal(server.peers.size, 1);
});

Deno.test("serpy: options and modes that do not exist are refused", async () => {
  const wrong = (options: object) => connect("tcp://127.0.0.1:9", { dialect: "serpy", ...options });
  await assert.rejects(wrong({ mode: 6 }), { code: "usage", message: /"mode".*0.*5/ });
  await assert.rejects(wrong({ encoding: "utf8" }), {
    code: "usage",
    message: /"encoding".*"ascii".*"utf-8"/,
  });
  await using server = await listen("tcp://127.0.0.1:0", { dialect: "serpy" });
  await using client = await connect(server.address, { dialect: "serpy" });
  await assert.rejects(client.send("x", { mode: 6 }), { name: "RangeError", message: /0 to 5 is wanted/ });
  await assert.rejects(client.request("add", [1]), {
    name: "TypeError",
    message: /it has no requests; use ask\(\)/,
  });
});
