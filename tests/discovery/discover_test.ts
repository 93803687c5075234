import { announce, type Announced, discover, type Discovery, type FoundServer, listen } from "@parley/parley";
import assert from "node:assert/strict";
import { createSocket } from "node:dgram";
import { writeAnnouncement } from "../../src/discovery/announcement.ts";

const HERE = "127.0.0.1";
const SERVER: Announced = { address: "tcp://127.0.0.1:25000", port: 25_000 };
const AT = new Date(1_700_000_000_250);

Deno.test("a server that announces itself is found, once, as a suggestion", async () => {
  await using search = await discover({ host: HERE, port: 0 });
  await using _first = await announce(SERVER, {
    to: HERE,
    port: search.port,
    id: "0042",
    startedAt: AT,
    everyMs: 1,
  });
  await using _other = await announce(SERVER, {
    to: HERE,
    port: search.port,
    id: "0043",
    startedAt: AT,
    everyMs: 1,
  });
  assert.deepEqual((await take(search, 2)).sort((one, other) => one.id < other.id ? -1 : 1), [
    { address: SERVER.address, host: HERE, port: 25_000, id: "0042", startedAt: AT, from: HERE },
    { address: SERVER.address, host: HERE, port: 25_000, id: "0043", startedAt: AT, from: HERE },
  ]);
});

Deno.test("a server that is heard of again is told of once", async () => {
  await using search = await discover({ host: HERE, port: 0 });
  const one = writeAnnouncement({ host: HERE, port: 1, id: "1", startTime: 0 });
  await say(search.port, one, one, one, writeAnnouncement({ host: HERE, port: 1, id: "2", startTime: 0 }));
  assert.deepEqual((await take(search, 2)).map(({ id }) => id), ["1", "2"]);
});

Deno.test("a search ends when its time is up, when it is closed, and with its signal", async () => {
  assert.deepEqual(await all(await discover({ host: HERE, port: 0, timeoutMs: 1 })), []);

  const search = await discover({ host: HERE, port: 0 });
  const found = all(search);
  await search.close();
  assert.deepEqual(await found, []);
  await search.close();

  const abort = new AbortController();
  const stopped = all(await discover({ host: HERE, port: 0, signal: abort.signal }));
  abort.abort(new Error("enough"));
  await assert.rejects(stopped, {
    name: "CancelledError",
    message: "Search for servers was cancelled: enough",
  });
  await assert.rejects(discover({ host: HERE, port: 0, signal: abort.signal }), { name: "CancelledError" });
});

Deno.test("what is no announcement is reported with its sender, a few times, and the search goes on", async () => {
  const errors: Error[] = [];
  await using search = await discover({ host: HERE, port: 0, onFail: (error) => errors.push(error) });
  const flood = Array.from({ length: 100 }, () => Uint8Array.of(1, 2, 3));
  await say(search.port, ...flood, writeAnnouncement({ host: "a.b", port: 1, id: "x", startTime: 0 }));
  const [found] = await take(search, 1);
  assert.equal(found.address, "tcp://a.b:1");
  assert.ok(errors.length > 0 && errors.length <= 16);
  assert.equal(
    errors[0].message,
    "Datagram is no announcement of a server: its header is cut off (from 127.0.0.1)",
  );
});

Deno.test("of a flood of servers only so many are told of", async () => {
  const tooMany = Promise.withResolvers<Error>();
  await using search = await discover({ host: HERE, port: 0, onFail: tooMany.resolve });
  const servers = search[Symbol.asyncIterator]();
  // A few at a time: the system drops datagrams that nobody has taken yet.
  for (let from = 0; from < 256; from += 16) {
    const some = Array.from(
      { length: 16 },
      (_, at) => ({ host: HERE, port: 1, id: `${from + at}`, startTime: 0 }),
    );
    await say(search.port, ...some.map(writeAnnouncement));
    for (let count = 0; count < 16; count++) assert.equal((await servers.next()).done, false);
  }
  await say(search.port, writeAnnouncement({ host: HERE, port: 1, id: "one more", startTime: 0 }));
  assert.match((await tooMany.promise).message, /More than 256 servers have announced themselves/);
  await search.close();
  assert.equal((await servers.next()).done, true);
});

Deno.test("only servers that others can reach are announced to others", async () => {
  await assert.rejects(announce(SERVER), {
    name: "TypeError",
    message: "Cannot announce tcp://127.0.0.1:25000 to 255.255.255.255: only this computer can reach it; " +
      'listen on "tcp://0.0.0.0:25000", or set "host"',
  });
  await assert.rejects(announce({ address: "unix:///run/x", port: 0 }, { to: HERE }), {
    name: "TypeError",
  });
  await assert.rejects(announce(SERVER, { to: HERE, port: 0 }), { name: "RangeError" });
  await assert.rejects(discover({ port: 70_000 }), { name: "RangeError" });
  await assert.rejects(discover({ timeoutMs: -1 }), { name: "RangeError" });
});

Deno.test("announcing ends with its signal, and a port that somebody has to himself is told", async () => {
  const abort = new AbortController();
  await using search = await discover({ host: HERE, port: 0 });
  await using announcing = await announce(SERVER, { to: HERE, port: search.port, signal: abort.signal });
  abort.abort();
  await announcing.close();

  const alone = createSocket("udp4");
  await new Promise<void>((resolve) => alone.bind({ address: HERE, port: 0 }, resolve));
  await assert.rejects(discover({ host: HERE, port: alone.address().port }), {
    name: "BrokenError",
    code: "address_in_use",
  });
  await new Promise<void>((resolve) => alone.close(resolve));
});

async function all(search: Discovery): Promise<FoundServer[]> {
  const found: FoundServer[] = [];
  for await (const server of search) found.push(server);
  return found;
}

async function take(search: Discovery, count: number): Promise<FoundServer[]> {
  const found: FoundServer[] = [];
  for await (const server of search) if (found.push(server) === count) break;
  return found;
}

async function say(port: number, ...datagrams: Uint8Array[]): Promise<void> {
  const socket = createSocket("udp4");
  for (const datagram of datagrams) {
    await new Promise<void>((resolve) => socket.send(datagram, port, HERE, () => resolve()));
  }
  await new Promise<void>((resolve) => socket.close(resolve));
}

Deno.test("what nobody could read is not announced, and mistyped options are told", async () => {
  const wrong: readonly [object, RegExp][] = [
    [{ everyMS: 5 }, /Unknown option "everyMS" of announce\(\); did you mean "everyMs"\?/],
    [{ id: 5 }, /Cannot announce a server with 5 as "id": a text of at most 64 characters is wanted/],
    [{ id: "x".repeat(65) }, /as "id"/],
    [{ host: "my host" }, /Cannot announce a server with "my host" as "host"/],
    [{ startedAt: new Date(NaN) }, /as "startedAt": a valid Date is wanted/],
    [{ startedAt: 5 }, /with 5 as "startedAt"/],
  ];
  for (const [options, message] of wrong) {
    await assert.rejects(announce(SERVER, { to: HERE, port: 9, ...options }), { code: "usage", message });
  }
  const mistyped: object = { timeoutMS: 1, port: 0 };
  await assert.rejects(
    discover(mistyped),
    /Unknown option "timeoutMS" of discover\(\); did you mean "timeoutMs"/,
  );
});

Deno.test("a signal that is aborted while the port is taken ends a search and an announcing as well", async () => {
  const stop = new AbortController();
  const search = discover({ host: HERE, port: 0, signal: stop.signal });
  const announcing = announce(SERVER, { to: HERE, port: 9, signal: stop.signal });
  stop.abort();
  await assert.rejects(search, { code: "cancelled" });
  await assert.rejects(announcing, { name: "AbortError" });
});

Deno.test("a server that accepts nobody any more is announced no longer", async () => {
  await using search = await discover({ host: HERE, port: 0 });
  const server = await listen("tcp://127.0.0.1:0", { dialect: "clever-show" });
  const announcing = await announce(server, { to: HERE, port: search.port, everyMs: 1 });
  for await (const { address } of search) if (address === server.address) break;
  await server.close();
  await announcing.closed;
});
