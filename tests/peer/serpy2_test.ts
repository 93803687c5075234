import assert from "node:assert/strict";
import { connect, float, listen, ProtocolError, raw, serial, type Server } from "../../mod.ts";
import { virtualSerialPair } from "../../src/testing/mod.ts";
import { join, str } from "../dialect/serpy2_block.ts";
import { Seen } from "./seen.ts";

/** A server of serpy2, and what it hears and is told of. */
async function listening(
  options = {},
): Promise<{ server: Server; received: Seen<unknown>; failed: Seen<Error>; gone: Seen<string> }> {
  const [received, failed, gone] = [new Seen<unknown>(), new Seen<Error>(), new Seen<string>()];
  const server = await listen("tcp://127.0.0.1:0", {
    dialect: "serpy2",
    onReceive: (value) => received.add(value),
    onFail: (error) => failed.add(error as Error),
    onDisconnect: (_peer, { code }) => gone.add(code),
    ...options,
  });
  return { server, received, failed, gone };
}

Deno.test("serpy2 carries values of every type both ways", async () => {
  await using server = await listen("tcp://127.0.0.1:0", {
    dialect: "serpy2",
    onReceive: (value, peer) => peer.send(value),
  });
  await using client = await connect(server.address, { dialect: "serpy2" });
  for (const value of [7, -(2n ** 60n), 2.5, -0, Infinity, "grüße", "", Uint8Array.of(0xde, 0xca, 0xfe)]) {
    assert.deepEqual(await client.ask(value), value);
  }
  assert.equal(await client.ask(float(3)), 3);
  await assert.rejects(client.send(true), {
    name: "TypeError",
    code: "usage",
    message: /Cannot send a boolean/,
  });
  await assert.rejects(client.request("time"), { code: "usage", message: /it has no requests; use ask\(\)/ });
});

Deno.test("serpy2 broadcasts", async () => {
  const { server } = await listening();
  await using _server = server;
  await using one = await connect(server.address, { dialect: "serpy2" });
  await using two = await connect(server.address, { dialect: "serpy2" });
  server.broadcast(1.5);
  assert.deepEqual([await one.receive(), await two.receive()], [1.5, 1.5]);
});

Deno.test("serpy2 tells of bad blocks with the name of the link, and of the end of the stream", async () => {
  const { server, received, failed, gone } = await listening();
  await using _server = server;
  const client = await connect(server.address, { dialect: "raw" });
  await client.send(join(str("one"), str("two", { sum: 0 }), "stray", str("three")));
  assert.deepEqual([await received.next(), await received.next()], ["one", "three"]);
  const error = await failed.next();
  assert.ok(error instanceof ProtocolError && !error.fatal);
  assert.match(error.message, /^Block of 3 bytes dropped: .* \(from tcp:\/\/127\.0\.0\.1:\d+\)$/);
  await client.send(str("half a block").subarray(0, 20));
  await client.close();
  assert.equal(await gone.next(), "eof");
  assert.match(failed.all.at(-1)!.message, /: 6 of its 12 bytes have come, and the connection has ended/);
});

Deno.test("serpy2 quirk 4: pauseMs is how long the rest of a block may take, and what it swallowed is read then", async () => {
  const { server, received, failed } = await listening({ pauseMs: 20 });
  await using _server = server;
  await using client = await connect(server.address, { dialect: "raw" });
  await client.send(join(str("abc", { length: 1000 }), str("swallowed")));
  assert.equal(await received.next(), "swallowed");
  assert.match((await failed.next()).message, /nothing more has come for 20 ms/);
  await assert.rejects(listen("tcp://127.0.0.1:0", { dialect: "serpy2", pauseMs: 0.5 }), {
    code: "usage",
    message: /pauseMs.*a whole number of milliseconds from 1 to 60000 is wanted/,
  });
});

Deno.test("serpy2 quirk 6: many blocks that come at once are all handled at once", async () => {
  const { server, received } = await listening();
  await using _server = server;
  await using client = await connect(server.address, { dialect: "raw" });
  await client.send(join(...Array.from({ length: 1000 }, (_, index) => str(`${index}`))));
  for (let index = 0; index < 1000; index++) assert.equal(await received.next(), `${index}`);
});

Deno.test("serpy2 quirk 7: what was sent before close has arrived", async () => {
  const { server, received, gone } = await listening();
  await using _server = server;
  const client = await connect(server.address, { dialect: "serpy2" });
  for (let index = 0; index < 15; index++) client.send(index);
  await client.close();
  assert.equal(await gone.next(), "eof");
  assert.deepEqual(received.all, Array.from({ length: 15 }, (_, index) => index));
});

Deno.test("serpy2 quirk 8: more connections than six are served", async () => {
  const { server } = await listening({
    onReceive: (value: number, peer: { send(value: number): void }) => peer.send(value),
  });
  await using _server = server;
  const clients = await Promise.all(
    Array.from({ length: 20 }, () => connect(server.address, { dialect: "serpy2" })),
  );
  const answers = await Promise.all(clients.map((client, index) => client.ask(index)));
  assert.deepEqual(answers, clients.map((_, index) => index));
  await Promise.all(clients.map((client) => client.close()));
});

Deno.test("serpy2 on a serial line has the same bytes, and finds the next block behind noise", async () => {
  await using pair = virtualSerialPair();
  await using device = await serial(pair.a.path, { codec: raw() });
  const failed = new Seen<Error>();
  await using port = await serial(pair.b.path, {
    dialect: "serpy2",
    onFail: (error) => failed.add(error as Error),
  });
  await port.send("ping");
  let seen: Uint8Array = new Uint8Array(0);
  while (seen.length < str("ping").length) seen = join(seen, await device.receive() as Uint8Array);
  assert.deepEqual(seen, str("ping"));
  await device.send(join(Uint8Array.of(0, 0xff, 0xde), str("pong")));
  assert.equal(await port.receive(), "pong");
  assert.equal((await failed.next() as ProtocolError).code, "bad_mark");
});
