import { bridge, connect, createClient, createServer, listen, serial } from "@parley/parley";
import type { Peer, Server } from "@parley/parley";
import { virtualSerialPair } from "@parley/parley/testing";
import assert from "node:assert/strict";
import { CutProxy } from "./cut_proxy.ts";
import { LinkLog } from "./link_log.ts";
import { Seen } from "./seen.ts";

const LINES = { dialect: "lines" } as const;
const WITH_PORTS = { ignore: Deno.build.os === "windows" };
/** Attempts follow at once. */
const QUICK = { minMs: 1, maxMs: 1 };

/** A server on `address` that says every line back with marks, and what it has heard. */
async function echo(address: string): Promise<{ server: Server; heard: Seen<string> }> {
  const heard = new Seen<string>();
  const onReceive = (line: string, peer: Peer) => (heard.add(line), peer.send(`<${line}>`));
  return { server: await listen(address, { ...LINES, onReceive }), heard };
}

Deno.test("a bridge lets the clients of a server share one device: its answers go to all of them", async () => {
  const { server: device, heard } = await echo("memory://shared");
  await using port = await connect(device.address, LINES);
  await using server = await listen("tcp://127.0.0.1:0", LINES);
  await using one = await connect(server.address, LINES);
  await using between = bridge(port, server);
  await using two = await connect(server.address, LINES); // later than the bridge
  await two.send("hello");
  assert.equal(await one.receive(), "<hello>");
  assert.equal(await two.receive(), "<hello>");
  await one.send("again");
  assert.deepEqual([await one.receive(), await two.receive()], ["<again>", "<again>"]);
  await two.close();
  assert.equal(await one.ask("alone"), "<alone>");
  assert.deepEqual(heard.all, ["hello", "again", "alone"]);
  assert.deepEqual(between.counts, { aToB: 3, bToA: 3, filtered: 0, dropped: 0 });
  assert.match(
    Deno.inspect(between),
    /^Bridge { memory:\/\/shared <-> tcp:\S+ open, 3 there, 3 back, 0 dropped }$/,
  );
  await device.close();
});

Deno.test("a bridge joins two servers of different dialects, and callbacks of both go on", async () => {
  const seen = new Seen<unknown>();
  await using native = await listen("memory://native-end", { onReceive: (m) => seen.add(m) });
  await using text = await listen("memory://text-end", LINES);
  await using between = bridge(native, text, {
    toB: (m) => JSON.stringify(m),
    toA: (line) => JSON.parse(line),
  });
  await using a = await connect("memory://native-end");
  await using b = await connect("memory://text-end", LINES);
  await a.send({ x: [1, 2] });
  assert.equal(await b.receive(), '{"x":[1,2]}');
  await b.send("[true,null]");
  assert.deepEqual(await a.receive(), [true, null]);
  assert.deepEqual(seen.all, [{ x: [1, 2] }]);
  assert.deepEqual(between.counts, { aToB: 1, bToA: 1, filtered: 0, dropped: 0 });
});

Deno.test("a map is told who said it, may be asynchronous, say several messages, or none", async () => {
  const { server: device, heard } = await echo("memory://mapped");
  await using port = await connect(device.address, LINES);
  await using server = await listen("memory://mapped-server", LINES);
  await using client = await connect(server.address, LINES);
  const from: string[] = [];
  await using between = bridge(server, port, {
    toA: false,
    toB: (line: string, peer: Peer) => {
      from.push(peer.address);
      if (line === "none") return undefined;
      if (line === "later") return Promise.resolve("now");
      if (line !== "many") return line.toUpperCase();
      return (async function* () {
        yield "1";
        yield* ["2", undefined, "3"];
      })();
    },
  });
  for (const line of ["none", "later", "many", "plain"]) await client.send(line);
  assert.deepEqual(await heard.take(5), ["now", "1", "2", "3", "PLAIN"]);
  assert.deepEqual(from, new Array(4).fill([...server.peers][0].address));
  await port.receive(); // the way back is not taken: what comes stays for those who pull it
  assert.deepEqual(between.counts, { aToB: 5, bToA: 0, filtered: 2, dropped: 0 });
  await device.close();
});

Deno.test("what cannot cross is told with both ends, and the bridge goes on", async () => {
  const failed = new Seen<Error & { code: string }>();
  await using native = await listen("memory://unsayable");
  await using text = await listen("memory://unsayable-text", LINES);
  await using between = bridge(native, text, {
    onFail: (error) => failed.add(error as Error & { code: string }),
    toB: (m) => {
      if (m === "bad") throw new Error("kaput");
      return m === "worse" ? Promise.reject(new Error("later")) : m;
    },
  });
  await using a = await connect("memory://unsayable");
  await using b = await connect("memory://unsayable-text", LINES);
  for (const message of [{ x: 1 }, "bad", "worse", "fine"]) await a.send(message);
  assert.equal(await b.receive(), "fine");
  const [unsayable, bad, worse] = failed.all;
  assert.equal(unsayable.code, "usage");
  assert.match(
    unsayable.message,
    /^Message from \S+ did not cross to memory:\/\/unsayable-text: Cannot send a value of type object in the dialect "lines"/,
  );
  assert.ok(unsayable.cause instanceof TypeError);
  assert.deepEqual([bad.code, worse.code], ["bridge", "bridge"]);
  assert.match(bad.message, /: kaput$/);
  assert.match(worse.message, /: later$/);
  assert.deepEqual(between.counts, { aToB: 1, bToA: 0, filtered: 0, dropped: 3 });
});

Deno.test("without an onFail a bridge tells of failures by parley:fail", async () => {
  const failed = Promise.withResolvers<Error>();
  const listener = (event: Event) => failed.resolve((event as CustomEvent).detail.error);
  globalThis.addEventListener("parley:fail", listener);
  await using native = await listen("memory://announced");
  await using text = await listen("memory://announced-text", LINES);
  await using _b = await connect("memory://announced-text", LINES);
  await using _between = bridge(native, text);
  await using a = await connect("memory://announced");
  await a.send({});
  assert.match((await failed.promise).message, /did not cross/);
  globalThis.removeEventListener("parley:fail", listener);
});

Deno.test("what nobody is there to get is dropped and counted", async () => {
  await using a = await listen("memory://lonely-a");
  await using b = await listen("memory://lonely-b");
  await using between = bridge(a, b);
  await using client = await connect("memory://lonely-a");
  await client.send("is anybody there", { ack: true });
  assert.deepEqual(between.counts, { aToB: 0, bToA: 0, filtered: 0, dropped: 1 });
  await using other = await connect("memory://lonely-b");
  await other.send("yes");
  assert.equal(await client.receive(), "yes");
});

for (const kind of ["peer", "server"] as const) {
  Deno.test(`a ${kind} that does not read stops the reading of the other end, and nothing is lost`, async () => {
    const limits = { maxInboxMessages: 8, maxInboxBytes: 64 * 1024, outboxHighBytes: 64 * 1024 };
    await using source = await listen("memory://source", { limits });
    await using from = await connect("memory://source", { limits });
    await using sink = await listen("memory://sink", { limits });
    await using to = await connect("memory://sink", { limits });
    // It holds up nobody else: stallMs is no matter.
    await using between = bridge(from, kind === "server" ? sink : [...sink.peers][0], { stallMs: 1 });
    const [speaker] = source.peers;
    const size = 16 * 1024;
    let sent = 0;
    for (let isFull = false; !isFull; sent++) {
      assert.ok(sent * size < 16 * 1024 * 1024, "16 MiB were taken and nobody reads");
      const message = new Uint8Array(size).fill(sent);
      await speaker.send(message, { timeoutMs: 200 }).catch(({ name }) => isFull = name === "TimeoutError");
    }
    for (let i = 0; i < sent; i++) assert.equal((await to.receive())[0], i & 0xff);
    assert.deepEqual(between.counts, { aToB: sent, bToA: 0, filtered: 0, dropped: 0 });
  });
}

Deno.test("one peer that does not read is left out after stallMs, told once, and comes in again", async () => {
  const failed = new Seen<Error & { code: string }>();
  const limits = { maxInboxMessages: 8, outboxHighBytes: 256 * 1024 };
  await using source = await listen("memory://stall-source", { limits });
  await using from = await connect("memory://stall-source", { limits });
  await using server = await listen("tcp://127.0.0.1:0", { limits });
  const heard = new Seen<number>();
  await using _awake = await connect(server.address, { onReceive: (m) => heard.add(m.number) });
  await using sleeper = await connect(server.address, { limits });
  const onFail = (error: Error) => failed.add(error as Error & { code: string });
  await using between = bridge(from, server, { stallMs: 300, onFail });
  const [speaker] = source.peers;
  const ballast = new Uint8Array(64 * 1024);
  let number = 0;
  while (failed.all.length === 0) await speaker.send({ number: number++, ballast });
  const last = number++;
  await speaker.send({ number: last });
  while (await heard.next() !== last); // the other one misses none
  assert.deepEqual(heard.all, Array.from({ length: last + 1 }, (_, i) => i));
  assert.equal(failed.all.length, 1);
  assert.equal(failed.all[0].code, "slow");
  assert.match(
    failed.all[0].message,
    /^\S+ has not read for 300 ms \(stallMs\): the bridge leaves it out until/,
  );
  assert.ok(between.counts.dropped > 0);
  let read = -1;
  while (read <= last) {
    await speaker.send({ number: number++ });
    read = (await sleeper.receive()).number;
  }
});

Deno.test("a bridge ends with an end that is gone, when all that came from it has crossed", async () => {
  const source = await listen("tcp://127.0.0.1:0", LINES);
  await using sink = await listen("memory://end-sink", LINES);
  await using client = await connect("memory://end-sink", LINES);
  const lost = Promise.withResolvers<void>();
  await using port = await connect(source.address, {
    ...LINES,
    limits: { closeMs: 1 }, // how long a link waits for the message in hand
    onDisconnect: () => lost.resolve(),
  });
  const between = bridge(port, sink, { toB: (line) => lost.promise.then(() => line) });
  const [speaker] = source.peers;
  for (let i = 0; i < 50; i++) await speaker.send(`${i}`);
  await speaker.close();
  const reason = await between.closed;
  assert.equal(reason.code, "eof");
  assert.equal(between.isOpen, false);
  for (let i = 0; i < 50; i++) assert.equal(await client.receive(), `${i}`);
  assert.ok(client.isOpen, "the bridge has closed the other end");
  assert.equal(between.counts.aToB, 50);
  assert.equal(await between.close(), reason);
  await source.close();
});

Deno.test("nothing more is read for an end that is gone", async () => {
  const lost = Promise.withResolvers<void>();
  const goOn = Promise.withResolvers<void>();
  await using a = await listen("memory://gone-a");
  await using client = await connect("memory://gone-a");
  await using b = await listen("memory://gone-b");
  const port = await connect("memory://gone-b", {
    limits: { closeMs: 1 },
    onDisconnect: () => lost.resolve(),
  });
  const between = bridge([...a.peers][0], port, { toA: (message) => goOn.promise.then(() => message) });
  const [speaker] = b.peers;
  await speaker.send("last words");
  await speaker.close();
  await lost.promise;
  await client.send(1);
  await client.send(2);
  goOn.resolve();
  assert.equal((await between.closed).byUs, false);
  assert.equal(await client.receive(), "last words");
  assert.equal(await [...a.peers][0].receive(), 2);
  assert.deepEqual(between.counts, { aToB: 0, bToA: 1, filtered: 0, dropped: 1 });
});

Deno.test("a bridge ends with a server that accepts nobody and has nobody", async () => {
  const server = createServer("memory://ending");
  await using other = await listen("memory://staying");
  const between = bridge(server, other, { toB: false });
  await using b = await connect("memory://staying");
  await b.send("too early", { ack: true });
  await server.start();
  const a = await connect("memory://ending");
  await b.send("in time");
  assert.equal(await a.receive(), "in time");
  await server.stop(); // its peers stay, and so does the bridge
  await b.send("still", { ack: true });
  assert.equal(await a.receive(), "still");
  assert.ok(between.isOpen);
  await a.close();
  assert.match((await between.closed).message, /^memory:\/\/ending accepts no links and has none$/);
  assert.equal(between.counts.dropped, 1);
  await server.close();
});

Deno.test("what an end is asked here does not cross", async () => {
  const { server: device } = await echo("memory://asked");
  await using port = await connect(device.address, LINES);
  await using server = await listen("memory://asked-server", LINES);
  await using client = await connect("memory://asked-server", LINES);
  await using between = bridge(port, server);
  assert.equal(await port.ask("here"), "<here>");
  assert.equal(await client.ask("there"), "<there>");
  assert.deepEqual(between.counts, { aToB: 1, bToA: 1, filtered: 0, dropped: 0 });
  await device.close();
});

Deno.test("closing a bridge leaves its ends open, and what comes then to others", async () => {
  const { server: device } = await echo("memory://left-open");
  await using port = await connect(device.address, LINES);
  await using server = await listen("memory://left-server", LINES);
  await using client = await connect("memory://left-server", LINES);
  const between = bridge(port, server);
  assert.equal(await client.ask("a"), "<a>");
  const reason = await between.close();
  assert.deepEqual([reason.code, reason.byUs], ["closed", true]);
  assert.match(reason.message, /^Bridge memory:\/\/left-open <-> memory:\/\/left-server was closed$/);
  assert.equal(await port.ask("b"), "<b>");
  await client.send("c");
  assert.equal(await [...server.peers][0].receive(), "c");
  await using _late = await connect("memory://left-server", LINES);
  assert.deepEqual(between.counts, { aToB: 1, bToA: 1, filtered: 0, dropped: 0 });
  assert.match(Deno.inspect(between), /closed/);
  await device.close();
});

Deno.test("a signal closes a bridge, also one whose map waits for what never comes", async () => {
  const nevers = [() => new Promise<never>(() => {}), waitsForEver];
  for (const [never, end] of nevers.flatMap((never) => [[never, "server"], [never, "peer"]] as const)) {
    const stop = new AbortController();
    await using server = await listen("memory://stuck-a", { ...LINES, limits: { closeMs: 1 } });
    await using b = await listen("memory://stuck-b", LINES);
    await using _there = await connect("memory://stuck-b", LINES);
    await using client = await connect("memory://stuck-a", LINES);
    const a = end === "server" ? server : [...server.peers][0];
    const called = Promise.withResolvers<void>();
    const between = bridge(a, b, { toB: () => (called.resolve(), never()), signal: stop.signal });
    await client.send("x");
    await called.promise;
    stop.abort(new Error("enough"));
    assert.match((await between.closed).message, /was closed: enough$/);
    assert.throws(() => bridge(a, b, { signal: stop.signal }), { message: "enough" });
  }
});

async function* waitsForEver(): AsyncGenerator<never, void, void> {
  yield await new Promise<never>(() => {});
}

for (const whenDown of ["wait", "drop"] as const) {
  Deno.test(`what is for a client that is down: ${whenDown}`, async () => {
    const { server: device, heard } = await echo("tcp://127.0.0.1:0");
    await using proxy = new CutProxy(device.port);
    const log = new LinkLog();
    await using port = await connect(proxy.address, { ...LINES, ...log.callbacks, reconnect: QUICK });
    await using server = await listen("memory://down", LINES);
    await using client = await connect("memory://down", LINES);
    await using between = bridge(server, port, { whenDown });
    assert.equal(await client.ask("before"), "<before>");
    proxy.refuse();
    await log.until("disconnect");
    await client.send("meanwhile");
    if (whenDown === "drop") { while (between.counts.dropped === 0) await log.until("retry"); }
    proxy.forward();
    await log.until("connect");
    await client.send("after");
    assert.equal(await client.receive(), whenDown === "wait" ? "<meanwhile>" : "<after>");
    if (whenDown === "wait") assert.equal(await client.receive(), "<after>");
    const lost = whenDown === "wait" ? 0 : 1;
    assert.deepEqual(between.counts, { aToB: 3 - lost, bToA: 3 - lost, filtered: 0, dropped: lost });
    assert.equal(heard.all.includes("meanwhile"), whenDown === "wait");
    await port.close();
    assert.equal((await between.closed).code, "closed");
    await device.close();
  });
}

Deno.test("a bridge leaves a client to its onOpen each time it is connected", async () => {
  const { server: device, heard } = await echo("tcp://127.0.0.1:0");
  await using proxy = new CutProxy(device.port);
  const log = new LinkLog();
  const logins: unknown[] = [];
  await using port = createClient(proxy.address, {
    ...LINES,
    ...log.callbacks,
    reconnect: QUICK,
    onOpen: async (client) => logins.push([await client.ask("login"), await client.ask("setup")]),
  });
  await using server = await listen("memory://login", LINES);
  await using client = await connect("memory://login", LINES);
  await using _between = bridge(port, server); // before it is connected
  await client.send("one");
  await port.start();
  assert.equal(await client.receive(), "<one>");
  proxy.cut();
  await log.until("disconnect");
  await client.send("two");
  assert.equal(await client.receive(), "<two>");
  assert.deepEqual(heard.all, ["login", "setup", "one", "login", "setup", "two"]);
  assert.deepEqual(logins, [["<login>", "<setup>"], ["<login>", "<setup>"]]);
  await port.close();
  await device.close();
});

Deno.test("a bridge to a client that cannot connect ends with the reason", async () => {
  const port = createClient("tcp://127.0.0.1:1", { ...LINES, limits: { connectMs: 2000 } });
  await using server = await listen("memory://never-up", LINES);
  const between = bridge(server, port);
  await assert.rejects(port.start(), { code: "refused" });
  assert.equal((await between.closed).code, "refused");
});

Deno.test("a session of the native dialect that comes back goes on over the bridge", async () => {
  await using server = await listen("tcp://127.0.0.1:0");
  await using proxy = new CutProxy(server.port);
  const log = new LinkLog();
  await using client = await connect(proxy.address, { ...log.callbacks, reconnect: QUICK });
  await using hub = await listen("memory://hub");
  await using other = await connect("memory://hub");
  await using _between = bridge([...server.peers][0], hub); // one peer of a server
  await client.send(1);
  assert.equal(await other.receive(), 1);
  proxy.cut();
  await log.until("connect resumed");
  await client.send(2, { ack: true }); // acknowledged when it has crossed
  assert.equal(await other.receive(), 2);
  await other.send(3);
  assert.equal(await client.receive(), 3);
});

Deno.test("a serial port is on the network: raw bytes both ways", WITH_PORTS, async () => {
  await using pair = virtualSerialPair();
  await using device = await serial(pair.b.path, {
    dialect: "raw",
    onReceive: (bytes, peer) => peer.send(bytes.map((byte: number) => byte ^ 0xff)),
  });
  await using port = await serial(pair.a.path, { dialect: "raw" });
  await using server = await listen("tcp://127.0.0.1:0", { dialect: "raw" });
  await using between = bridge(port, server);
  await using client = await connect(server.address, { dialect: "raw" });
  const sent = Uint8Array.from({ length: 100_000 }, (_, i) => i * 7);
  void client.send(sent);
  const came: number[] = [];
  while (came.length < sent.length) came.push(...await client.receive());
  assert.deepEqual(Uint8Array.from(came), sent.map((byte) => byte ^ 0xff));
  assert.equal(between.counts.dropped, 0);
  assert.ok(device.isOpen);
});

Deno.test("bridge refuses what is no bridge, and says what is wanted", async () => {
  await using a = await listen("memory://wrong-a", LINES);
  await using b = await listen("memory://wrong-b", LINES);
  await using client = await connect("memory://wrong-a", LINES);
  const [peer] = a.peers;
  const loop = /^Cannot make a bridge from \S+ to \S+: both ends are the same/;
  const end =
    /^Cannot use .+ as the second end of bridge\(\): a server, a client, a serial port or a peer is wanted/;
  const refused: [make: () => unknown, message: RegExp][] = [
    [() => bridge(a, a), loop],
    [() => bridge(client, client), loop],
    [() => bridge(a, peer), loop],
    [() => bridge(peer, a), loop],
    [() => bridge(a, Promise.resolve(b) as never), /a promise as the second end .*await it/],
    [() => bridge(a, {} as never), end],
    [() => bridge(a, undefined as never), end],
    [() => bridge(a, b, { toB: false, toA: false }), /^Cannot make a bridge that nothing crosses/],
    [
      () => bridge(a, b, { toB: "x" as never }),
      /^Cannot use "x" as "toB" of bridge\(\): true, false or a function/,
    ],
    [
      () => bridge(a, b, { whenDown: "die" as never }),
      /as "whenDown" of bridge\(\): "wait" or "drop" is wanted$/,
    ],
    [() => bridge(a, b, { onFail: 1 as never }), /as "onFail"/],
    [() => bridge(a, b, { signal: 1 as never }), /as "signal"/],
    [() => bridge(a, b, { stallMs: "1" as never }), /as "stallMs"/],
    [
      () => bridge(a, b, { toC: true } as never),
      /^Unknown option "toC" of bridge\(\); did you mean "toB"\?$/,
    ],
  ];
  for (const [make, message] of refused) assert.throws(make, { name: "TypeError", code: "usage", message });
  assert.throws(() => bridge(a, b, { stallMs: 0 }), { name: "RangeError", code: "usage" });
});
