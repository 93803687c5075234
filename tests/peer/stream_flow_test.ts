import { connect, type LinkOptions, listen, type Server } from "@parley/parley";
import assert from "node:assert/strict";
import { call, frame } from "../dialect/native/wire.ts";
import { HandLink } from "./hand_link.ts";
import { Seen } from "./seen.ts";

const [ERR, CANCEL, CREDIT, PART] = [10, 11, 15, 17];
const STREAM = 0x40;

async function collect<T>(parts: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const part of parts) all.push(part);
  return all;
}

/** A server that counts. */
async function streaming(address: string, options: LinkOptions<Server> = {}): Promise<Server> {
  const server = await listen(address, options);
  server.onRequest("count", function* (_call, to: number) {
    for (let i = 1; i <= to; i++) yield i;
  });
  return server;
}

Deno.test("a reader that does not read stops the producer after 256 KiB, and gets all of it later", async () => {
  for (const address of ["tcp://127.0.0.1:0", "memory://stream-credit"]) {
    const made = new Seen<number>();
    const part = new Uint8Array(10_000 - 14);
    await using server = await listen(address);
    server.onRequest("flood", function* (_call, count: number) {
      for (let i = 1; i <= count; i++) {
        made.add(i);
        yield part;
      }
    });
    server.onRequest("ping", () => {});
    await using client = await connect(server.address);
    const parts = client.stream("flood", 200);
    await parts.next();
    await made.take(27);
    for (let i = 0; i < 20; i++) await client.request("ping");
    assert.equal(made.all.length, 27, "ceil(262,144 / 10,000): the last one may go beyond the credit");
    let read = 1;
    for await (const bytes of parts) {
      assert.equal(bytes.length, part.length);
      read++;
      assert.ok(made.all.length <= read + 27, `${made.all.length} made, ${read} read`);
    }
    assert.deepEqual([read, made.all.length], [200, 200]);
  }
});

Deno.test("by hand: 256 KiB of credit at first, then as much as is granted, also for small parts", async () => {
  const made: number[] = [];
  await using server = await listen("tcp://127.0.0.1:0");
  server.onRequest("flood", function* (_call, size: number) {
    for (;;) {
      made.push(size);
      yield new Uint8Array(size);
    }
  });
  using hand = await HandLink.dial(server.port);
  await hand.write(frame(8, STREAM | 1, 1, call(0, "flood", "91cd0fff"))); // 4095 bytes
  const size = 14 + 4095;
  const first = Math.ceil(262_144 / size);
  assert.ok((await hand.take(first)).every(({ type, id, kind }) => type === PART && id === 1 && kind === 2));
  await hand.write(frame(4, 0, 0));
  assert.equal((await hand.next())?.type, 5, "nothing more without credit");
  const left = 262_144 - first * size; // below 0: it is paid back first
  await hand.write(frame(CREDIT, 2, 1, (1 - left).toString(16).padStart(8, "0")));
  await hand.take(1);
  await hand.write(frame(CREDIT, 2, 99, "7fffffff") + frame(4, 0, 0));
  assert.equal((await hand.next())?.type, 5, "credit for another stream is none for this one");
  assert.equal(made.length, first + 1);
  await hand.write(frame(CANCEL, 0, 1));
  assert.equal((await hand.next())?.type, ERR);
});

Deno.test("maxStreams bounds those that are read, and those that are made", async () => {
  const gate = Promise.withResolvers<void>();
  await using server = await streaming("memory://stream-many", { limits: { maxStreams: 2 } });
  server.onRequest("waits", async function* () {
    yield 1;
    await gate.promise;
  });
  await using greedy = await connect(server.address);
  await using modest = await connect(server.address, { limits: { maxStreams: 1 } });
  const open = [1, 2].map(() => greedy.stream("waits"));
  for (const parts of open) await parts.next();
  await assert.rejects(collect(greedy.stream("waits")), {
    name: "RemoteError",
    code: "busy",
    outcome: "failed",
    retryAfterMs: 100,
    message: /2 streams are open already$/,
  });
  const only = modest.stream("waits");
  await only.next();
  await assert.rejects(collect(modest.stream("waits")), {
    name: "ParleyError",
    code: "busy",
    outcome: "not-sent",
    message: 'Cannot open Stream "waits" from memory://stream-many: 1 are read already (limits.maxStreams)',
  });
  gate.resolve();
  for (const parts of [...open, only]) await collect(parts);
  assert.deepEqual(await collect(greedy.stream("count", 2)), [1, 2]);
  assert.deepEqual(await collect(modest.stream("count", 2)), [1, 2]);
});

Deno.test("a stream holds a place among maxHandling until its generator has ended", async () => {
  const gate = Promise.withResolvers<void>();
  const ended = new Seen<void>();
  await using server = await listen("memory://stream-place", { limits: { maxHandling: 1 } });
  server.onRequest("stubborn", async function* () {
    try {
      yield 1;
      await gate.promise; // does not look at the signal
      yield 2;
    } finally {
      ended.add();
    }
  });
  server.onRequest("quick", () => "done");
  await using client = await connect(server.address);
  for await (const _part of client.stream("stubborn")) break;
  await assert.rejects(client.request("quick"), { code: "busy" });
  gate.resolve();
  await ended.next();
  await Promise.resolve();
  assert.equal(await client.request("quick"), "done");
});

Deno.test("a hundred thousand parts arrive, in order, none twice", async () => {
  await using server = await streaming("tcp://127.0.0.1:0");
  await using client = await connect(server.address);
  let expected = 0;
  for await (const part of client.stream("count", 100_000)) {
    if (part !== ++expected) assert.fail(`${part} came, ${expected} was wanted`);
  }
  assert.equal(expected, 100_000);
});

Deno.test("many streams at once are fair, to each other and to requests", async () => {
  await using server = await listen("memory://stream-fair");
  server.onRequest("flood", function* (_call, count: number) {
    for (let i = 1; i <= count; i++) yield new Uint8Array(1000);
  });
  server.onRequest("ping", () => "pong");
  await using client = await connect(server.address);
  const read = Array(8).fill(0);
  let whenFirstEnded: number[] | undefined;
  const loops = read.map(async (_, index) => {
    for await (const _part of client.stream("flood", 2000)) read[index]++;
    whenFirstEnded ??= [...read];
  });
  assert.equal(await client.request("ping"), "pong");
  assert.equal(whenFirstEnded, undefined, "a request does not wait for the streams");
  await Promise.all(loops);
  assert.deepEqual(read, Array(8).fill(2000));
  // Each may be ahead of the others by the credit, which is 256 KiB.
  assert.ok(Math.min(...whenFirstEnded!) >= 2000 - 2 * 263, whenFirstEnded!.join());
});

Deno.test("a stream that nobody reads holds up no other", async () => {
  await using server = await listen("tcp://127.0.0.1:0");
  server.onRequest("flood", function* (_call, count: number) {
    for (let i = 1; i <= count; i++) yield new Uint8Array(1000);
  });
  await using client = await connect(server.address);
  const unread = client.stream("flood", 5000);
  await unread.next();
  let read = 0;
  for await (const _part of client.stream("flood", 5000)) read++;
  assert.equal(read, 5000);
  await unread.return();
});
