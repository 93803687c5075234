import { connect, createClient, listen, type Peer, type Server } from "@parley/parley";
import assert from "node:assert/strict";
import { once } from "node:events";
import { createConnection } from "node:net";
import { BareLeads } from "./bare_leads.ts";
import { LinkLog } from "./link_log.ts";
import { Seen } from "./seen.ts";

const LEADS = { dialect: "leads" } as const;
const ANY_PORT = "tcp://127.0.0.1:0";

Deno.test("leads: callbacks come in the order of the original, at both ends, chained ones after the first", async () => {
  const told: string[] = [];
  const tell = (who: string) => ({
    onInitialize: () => void told.push(`${who} initialize`),
    onConnect: () => void told.push(`${who} connect`),
    onReceive: (message: unknown) => void told.push(`${who} receive ${message}`),
    onDisconnect: () => void told.push(`${who} disconnect`),
  });
  await using server = await listen(ANY_PORT, { ...LEADS, ...tell("server") });
  server.use(tell("second"));
  const received = new Seen<unknown>();
  server.use({ onReceive: received.add });
  const client = await connect(server.address, { ...LEADS, ...tell("client") });
  await client.send("speed=12.5");
  await received.next();
  const [peer] = server.peers;
  await client.close();
  await peer.closed;
  const of = (who: string) =>
    told.filter((line) => line.startsWith(who)).map((line) => line.slice(who.length + 1));
  assert.deepEqual(of("server"), ["initialize", "connect", "receive speed=12.5", "disconnect"]);
  assert.deepEqual(of("second"), ["connect", "receive speed=12.5", "disconnect"]);
  assert.deepEqual(of("client"), ["initialize", "connect", "disconnect"]);
  assert.ok(told.indexOf("second receive speed=12.5") > told.indexOf("server receive speed=12.5"));
});

Deno.test("leads quirk 7: any number of clients come in, each message is told with its peer, a broadcast reaches all", async () => {
  const received = new Seen<string>();
  const names = new Map<Peer, string>();
  await using server = await listen(ANY_PORT, {
    ...LEADS,
    onReceive: (message: string, peer) => {
      if (!names.has(peer)) names.set(peer, message);
      else received.add(`${names.get(peer)}: ${message}`);
    },
  });
  const clients = await Promise.all([1, 2, 3].map(() => BareLeads.call(server.port)));
  for (const [at, client] of clients.entries()) await client.say(`car ${at};`);
  for (const client of clients) await client.say("here;");
  assert.deepEqual((await received.take(3)).sort(), ["car 0: here", "car 1: here", "car 2: here"]);
  assert.equal(server.peers.size, 3);
  assert.equal(server.broadcast("tick"), 3);
  assert.throws(() => server.broadcast("a;b"), { code: "usage" });
  for (const client of clients) assert.equal(await client.until(";"), "tick;");
  for (const client of clients) {
    await client.say("disconnect;");
    assert.equal(await client.end(), "disconnect;");
    await client[Symbol.asyncDispose]();
  }
});

Deno.test("leads: disconnect is answered once, what follows is thrown away, and the link is closed", async () => {
  const log = new LinkLog();
  const received = new Seen<unknown>();
  await using server = await listen(ANY_PORT, { ...LEADS, ...log.callbacks, onReceive: received.add });
  await using client = await BareLeads.call(server.port);
  await client.say("a;disconnect;late;");
  assert.equal(await client.end(), "disconnect;");
  await log.until("disconnect");
  assert.deepEqual(received.all, ["a"]);
  assert.deepEqual(log.lines, ["up first", "connect first", "down goodbye", "disconnect goodbye"]);
  assert.equal(server.peers.size, 0);
});

Deno.test("leads: disconnect of both sides at once is an end like any other", async () => {
  await using server = await listen(ANY_PORT, LEADS);
  const log = new LinkLog();
  const client = await connect(server.address, { ...LEADS, ...log.callbacks });
  while (server.peers.size === 0) await new Promise((resolve) => setTimeout(resolve));
  const [peer] = server.peers;
  await Promise.all([client.close(), peer.close()]);
  assert.deepEqual(log.errors, []);
  assert.equal((await peer.closed).error, undefined);
  assert.equal((await client.closed).error, undefined);
});

Deno.test("leads quirk 4: a stream that just ends is a disconnection, a part of a message at its end is told", async () => {
  const log = new LinkLog();
  const received = new Seen<unknown>();
  await using server = await listen(ANY_PORT, { ...LEADS, ...log.callbacks, onReceive: received.add });
  {
    await using client = await BareLeads.call(server.port);
    await client.say("whole;");
    await client.finish();
    await client.end();
  }
  await log.until("disconnect eof");
  {
    await using client = await BareLeads.call(server.port);
    await client.say("half a mess");
    await client.finish();
    await client.end();
  }
  await log.until("disconnect truncated");
  assert.deepEqual(received.all, ["whole"]);
  assert.match(log.errors[0].message, /11 bytes of an unfinished frame dropped.*\(from tcp:\/\/127/);
});

Deno.test("leads quirk 4: a connection that is reset is told as that", async () => {
  const log = new LinkLog();
  await using server = await listen(ANY_PORT, { ...LEADS, ...log.callbacks });
  const client = createConnection({ host: "127.0.0.1", port: server.port });
  await once(client, "connect");
  await log.until("connect");
  client.resetAndDestroy();
  await log.until("disconnect reset");
});

Deno.test("leads quirk 5: a server that closes says disconnect to all of its clients", async () => {
  const server = await listen(ANY_PORT, LEADS);
  const clients = await Promise.all([1, 2, 3, 4].map(() => BareLeads.call(server.port)));
  while (server.peers.size < 4) await new Promise((resolve) => setTimeout(resolve));
  const closing = server.close();
  for (const client of clients) {
    assert.equal(await client.end(), "disconnect;");
    await client[Symbol.asyncDispose]();
  }
  await closing;
});

Deno.test("leads quirk 5: a client that is told nothing still sees its server end", async () => {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const accepted = listener.accept();
  await using client = await connect(`tcp://127.0.0.1:${listener.addr.port}`, LEADS);
  (await accepted).close();
  assert.equal((await client.closed).code, "eof");
  listener.close();
});

Deno.test("leads quirk 8: a server without a host is reached from this machine only", async () => {
  await using server = await listen("tcp://:0", LEADS);
  assert.match(server.address, /^tcp:\/\/127\.0\.0\.1:/);
});

Deno.test("leads quirk 9: the port can be taken again at once, also when the server has closed first", async () => {
  const first = await listen(ANY_PORT, LEADS);
  const { address } = first;
  const client = await connect(address, LEADS);
  await first.close();
  await client.closed;
  await using second = await listen(address, LEADS);
  assert.equal(second.address, address);
});

Deno.test("leads quirk 10: within onConnect a client can send, and a broadcast reaches the newcomer", async () => {
  const received = new Seen<unknown>();
  const answered = new Seen<unknown>();
  await using server: Server = await listen(ANY_PORT, {
    ...LEADS,
    onConnect: () => {
      assert.equal(server.broadcast("welcome"), 1);
    },
    onReceive: received.add,
  });
  await using _client = await connect(server.address, {
    ...LEADS,
    onConnect: (client) => client.send("hello"),
    onReceive: answered.add,
  });
  assert.equal(await received.next(), "hello");
  assert.equal(await answered.next(), "welcome");
});

Deno.test("leads quirk 13: a refused connection is told, and a client can be started again", async () => {
  const gone = await listen(ANY_PORT, LEADS);
  const { address } = gone;
  await gone.close();
  await assert.rejects(connect(address, LEADS), { name: "BrokenError", code: "refused" });
  const log = new LinkLog();
  const trying = connect(address, { ...LEADS, ...log.callbacks, reconnect: { attempts: 1, maxMs: 1 } });
  await assert.rejects(trying, { code: "refused" });
  assert.deepEqual(log.lines, ["fail refused"]);
  await using _server = await listen(address, LEADS);
  await using client = createClient(address, LEADS);
  await client.start();
  await client.close();
  await client.start();
  assert.ok(client.isOpen);
});

Deno.test("leads: a client that reconnects comes back to a server that has said disconnect", async () => {
  const log = new LinkLog();
  const first = await listen(ANY_PORT, LEADS);
  await using client = await connect(first.address, {
    ...LEADS,
    ...log.callbacks,
    reconnect: { minMs: 1, maxMs: 1 },
  });
  await first.close();
  await log.until("disconnect goodbye retry");
  const received = new Seen<unknown>();
  await using _second = await listen(first.address, { ...LEADS, onReceive: received.add });
  await log.until("connect anew");
  await client.send("back");
  assert.equal(await received.next(), "back");
});

Deno.test("leads: what is sent in a loop and closed at once arrives whole and in order, with pauses and without", async () => {
  for (const gapMs of [0, 1]) {
    const received: unknown[] = [];
    await using server = await listen(ANY_PORT, {
      ...LEADS,
      onReceive: (message) => void received.push(message),
    });
    const client = await connect(server.address, { ...LEADS, gapMs });
    const sent = Array.from({ length: 300 }, (_, at) => `${at}:${"x".repeat(at % 50)}`);
    for (const message of sent) client.send(message);
    const gone = client.close();
    while (received.length < sent.length) await new Promise((resolve) => setTimeout(resolve));
    await gone;
    assert.deepEqual(received, sent);
  }
});

Deno.test("leads: disconnect leaves also when it has to wait for a pause, and nothing else does", async () => {
  await using server = await listen(ANY_PORT, LEADS);
  await using client = await BareLeads.call(server.port);
  while (server.peers.size === 0) await new Promise((resolve) => setTimeout(resolve));
  server.broadcast("x".repeat(505)); // with the last word it would be more than 512 bytes
  const closing = server.close();
  assert.equal(await client.end(), `${"x".repeat(505)};disconnect;`);
  await closing;
});

Deno.test("leads: with drop-oldest and pauses every message comes once at most, and the latest for sure", async () => {
  const received: number[] = [];
  const last = Promise.withResolvers<void>();
  await using server = await listen(ANY_PORT, {
    ...LEADS,
    onReceive: (message) => {
      received.push(Number(message));
      if (message === "2999") last.resolve();
    },
  });
  await using client = await connect(server.address, { ...LEADS, gapMs: 1, overflow: "drop-oldest" });
  for (let i = 0; i < 3000; i++) client.send(i);
  await last.promise;
  assert.deepEqual(received, [...new Set(received)].sort((a, b) => a - b));
});

Deno.test("leads: ask, empty messages, bytes, and messages that are no text", async () => {
  const details = new Seen<unknown>();
  await using server = await listen(ANY_PORT, {
    ...LEADS,
    onReceive: (message, peer, { invalid }) => {
      details.add([message, invalid]);
      return peer.send(message);
    },
  });
  await using client = await connect(server.address, LEADS);
  assert.equal(await client.ask("speed?"), "speed?");
  assert.equal(await client.ask(""), "");
  assert.equal(await client.ask(12.5), "12.5");
  await client.send(Uint8Array.of(0x61, 0xff));
  assert.deepEqual((await details.take(4)).map(String), [
    "speed?,false",
    ",false",
    "12.5,false",
    "a\ufffd,true",
  ]);
  await using bytes = await connect(server.address, { ...LEADS, payload: "bytes" });
  assert.deepEqual(await bytes.ask("é"), Uint8Array.of(0xc3, 0xa9));
  await assert.rejects(client.request("speed"), { code: "usage", message: /use ask\(\)/ });
  await assert.rejects(client.action("go"), { code: "usage", message: /use send or ask/ });
  assert.ok(client.isOpen);
});

Deno.test("leads: an endless message costs no memory and no link", async () => {
  const log = new LinkLog();
  const received = new Seen<unknown>();
  await using server = await listen(ANY_PORT, {
    ...LEADS,
    ...log.callbacks,
    onReceive: received.add,
    limits: { maxFrameBytes: 1000 },
  });
  await using client = await BareLeads.call(server.port);
  for (let i = 0; i < 100; i++) await client.say("x".repeat(10_000));
  await client.say(";after;");
  assert.equal(await received.next(), "after");
  assert.deepEqual(log.lines, ["up first", "connect first", "fail too_large"]);
  assert.match(log.errors[0].message, /exceeds the limit of 1000 bytes \(limits\.maxFrameBytes\)/);
});

Deno.test("leads: the port is 16900 where none is named, and options are checked", async () => {
  assert.equal(createClient("tcp://127.0.0.1", LEADS).address, "tcp://127.0.0.1:16900");
  const wrong = (options: object) =>
    assert.rejects(connect("tcp://127.0.0.1", { ...LEADS, ...options }), (error) => {
      assert.ok(error instanceof TypeError);
      return true;
    });
  for (const separator of ["", 59, new Uint8Array(0), "x".repeat(65)]) await wrong({ separator });
  for (const gapMs of [-1, 1.5, "5", 60_001]) await wrong({ gapMs });
  for (const identity of ["", 5, "W;C"]) await wrong({ identity });
  await assert.rejects(listen(ANY_PORT, { dialect: "lines", separator: ";" }), {
    message: 'Cannot use "separator" with the dialect "lines": it is for the dialect "leads"',
  });
});

Deno.test("leads: a device on TCP answers ic by itself", async () => {
  await using server = await listen(ANY_PORT, { ...LEADS, identity: "WSC" });
  await using asker = await BareLeads.call(server.port);
  await asker.say("ic;");
  assert.equal(await asker.until(";"), "WSC;");
});
