import { type Call, connect, type LinkOptions, listen, type Peer, type Server } from "@parley/parley";
import assert from "node:assert/strict";
import { call, frame } from "../dialect/native/wire.ts";
import { HandLink, textOf } from "./hand_link.ts";
import { Seen } from "./seen.ts";

const [RES, ERR, PART] = [9, 10, 17];
const STREAM = 0x40;

async function collect<T>(parts: AsyncIterable<T>, into: T[] = []): Promise<T[]> {
  for await (const part of parts) into.push(part);
  return into;
}

/** A server with streams of several kinds. */
async function streaming(address: string, options: LinkOptions<Server> = {}): Promise<Server> {
  const server = await listen(address, options);
  server.onRequest("count", async function* (_call, to: number) {
    for (let i = 1; i <= to; i++) yield i;
  });
  server.onRequest("count at once", function* (_call, to: number) {
    for (let i = 1; i <= to; i++) yield i;
  });
  return server;
}

Deno.test("a handler that is a generator answers part by part, sync or async, in either direction", async () => {
  for (const address of ["tcp://127.0.0.1:0", "memory://stream"]) {
    await using server = await streaming(address);
    server.onRequest("iterator", () => [1, 2, 3].values());
    server.onRequest("promised", async (_call, to: number) => {
      await Promise.resolve();
      return (function* () {
        for (let i = 1; i <= to; i++) yield i;
      })();
    });
    await using client = await connect(server.address);
    client.onRequest("count", async function* (_call, to: number) {
      for (let i = 1; i <= to; i++) yield i;
    });
    const [peer] = server.peers;
    for (const name of ["count", "count at once", "iterator", "promised"]) {
      assert.deepEqual(await collect(client.stream(name, 3)), [1, 2, 3], name);
    }
    assert.deepEqual(await collect(peer.stream("count", [3])), [1, 2, 3]);
    assert.deepEqual(await collect(client.stream("count", 0)), []);
    assert.deepEqual([client.pending, peer.pending], [0, 0]);
  }
});

Deno.test("parts may be anything that can be sent, in order, and the handler gets its arguments", async () => {
  const values = ["text", "", Uint8Array.of(1, 2), null, undefined, 0, -1.5, 2n ** 60n, true, new Date(5)];
  const more = [[1, [2]], { a: { b: "c" } }, "x".repeat(300_000), new Uint8Array(300_000)];
  await using server = await listen("memory://stream-values");
  server.onRequest("all", async function* (call: Call, ...args) {
    yield { args, kwargs: call.kwargs, name: call.name };
    yield* values;
    yield* more;
  });
  await using client = await connect(server.address);
  const [first, ...others] = await collect(client.stream("all", [1, [2]], { kwargs: { unit: "C" } }));
  assert.deepEqual(first, { args: [1, [2]], kwargs: { unit: "C" }, name: "all" });
  assert.deepEqual(others, [...values, ...more]);
});

Deno.test("a stream is called when its first part is wanted, and not before", async () => {
  await using server = await streaming("memory://stream-lazy");
  await using client = await connect(server.address);
  const { messagesOut } = client.counts;
  const parts = client.stream("count", 2);
  await client.request("nobody").catch(() => {});
  assert.equal(client.counts.messagesOut, messagesOut + 1);
  assert.equal((await parts.next()).value, 1);
  await parts.return();
});

Deno.test("leaving the loop calls the stream off: the generator's finally runs", async () => {
  const ended = new Seen<string>();
  const produce = async function* (call: Call) {
    try {
      for (let i = 0;; i++) yield i;
    } finally {
      ended.add(call.signal.aborted ? call.signal.reason.code : "not aborted");
    }
  };
  await using server = await listen("tcp://127.0.0.1:0");
  server.onRequest("endless", produce);
  await using client = await connect(server.address);
  client.onRequest("endless", produce);
  for (const caller of [client, [...server.peers][0]] as Peer[]) {
    for await (const part of caller.stream("endless")) if (part === 5) break;
    assert.equal(await ended.next(), "cancelled");
    await assert.rejects(async () => {
      for await (const _part of caller.stream("endless")) throw new Error("ours");
    }, { message: "ours" });
    assert.equal(await ended.next(), "cancelled");
    assert.equal(caller.pending, 0);
  }
});

Deno.test("a stream that is left while its next part is waited for ends at once, here and there", async () => {
  const began = new Seen<void>();
  const ended = new Seen<void>();
  await using server = await listen("memory://stream-return");
  server.onRequest("silent", async function* (call: Call) {
    began.add();
    try {
      yield await new Promise((_, reject) => call.signal.addEventListener("abort", reject));
    } finally {
      ended.add();
    }
  });
  await using client = await connect(server.address);
  const parts = client.stream("silent");
  const next = parts.next();
  await began.next();
  await parts.return();
  assert.deepEqual(await next, { done: true, value: undefined });
  await ended.next();
  assert.equal(client.pending, 0);
  const unbegun = client.stream("silent");
  await unbegun.return();
  assert.deepEqual(await unbegun.next(), { done: true, value: undefined });
  assert.equal(began.all.length, 1);
});

Deno.test("a producer that waits hears that nobody reads any more", async () => {
  const ended = new Seen<string>();
  await using server = await listen("memory://stream-waits");
  server.onRequest("events", async function* (call: Call) {
    try {
      yield "first";
      await new Promise((_, reject) =>
        call.signal.addEventListener("abort", () => reject(call.signal.reason))
      );
    } finally {
      ended.add("ended");
    }
  });
  await using client = await connect(server.address);
  for await (const part of client.stream("events")) {
    assert.equal(part, "first");
    break;
  }
  assert.equal(await ended.next(), "ended");
});

Deno.test("a producer that throws ends the loop after the parts that it has made, and is reported there", async () => {
  const failed: string[] = [];
  await using server = await listen("memory://stream-throws", {
    onFail: (error) => void failed.push(error.message),
  });
  server.onRequest("after", async function* () {
    yield 1;
    yield 2;
    throw new Error("out of paper");
  });
  server.onRequest("before", async function* () {
    yield await Promise.reject(new Error("no paper"));
  });
  server.onRequest("unsayable", function* () {
    yield 1;
    yield { f: () => {} };
  });
  server.onRequest("too large", function* () {
    yield "x".repeat(2_000_000);
  });
  server.onRequest("unsayable, ended", async function* () {
    try {
      yield () => {};
    } finally {
      failed.push("its finally ran");
    }
  });
  await using client = await connect(server.address);
  const wanted = { name: "RemoteError", code: "handler_failed", outcome: "failed" };
  const parts: unknown[] = [];
  await assert.rejects(collect(client.stream("after"), parts), {
    ...wanted,
    message: 'Request "after" to memory://stream-throws failed in its handler: out of paper',
  });
  assert.deepEqual(parts, [1, 2]);
  await assert.rejects(collect(client.stream("before")), { ...wanted, message: /no paper$/ });
  const some: unknown[] = [];
  await assert.rejects(collect(client.stream("unsayable"), some), {
    code: "unserialisable",
    outcome: "failed",
    message: /value\.f is a function/,
  });
  assert.deepEqual(some, [1]);
  await assert.rejects(collect(client.stream("unsayable, ended")), {
    code: "unserialisable",
    outcome: "failed",
  });
  await assert.rejects(collect(client.stream("too large")), { code: "too_large", outcome: "failed" });
  assert.deepEqual(failed.slice(0, 2), ["out of paper", "no paper"]);
  assert.ok(failed.includes("its finally ran"));
  assert.equal(failed.length, 6, failed.join());
});

Deno.test("a stream of a name that nobody has, and of a handler that is no generator", async () => {
  await using server = await streaming("memory://stream-plain");
  server.onRequest("plain", (_call, value) => value);
  server.onRequest("nothing", () => {});
  server.onRequest("list", () => [1, 2]);
  server.onRequest("throws", () => {
    throw new Error("plain");
  });
  await using client = await connect(server.address);
  await assert.rejects(collect(client.stream("cuont")), {
    code: "not_found",
    outcome: "failed",
    message: /did you mean "count"\?$/,
  });
  assert.deepEqual(await collect(client.stream("plain", "x")), ["x"]);
  assert.deepEqual(await collect(client.stream("nothing")), []);
  assert.deepEqual(await collect(client.stream("list")), [[1, 2]], "a list is one value");
  await assert.rejects(collect(client.stream("throws")), { code: "handler_failed", message: /plain$/ });
  await assert.rejects(async () => await client.stream("").next(), { name: "TypeError" });
});

Deno.test("a request to a generator says that it streams, and nothing of it runs", async () => {
  let ran = 0;
  await using server = await listen("memory://stream-request");
  server.onRequest("sync", function* () {
    ran++;
    yield 1;
  });
  server.onRequest("async", async function* () {
    ran++;
    yield 1;
  });
  await using client = await connect(server.address);
  for (const name of ["sync", "async"]) {
    await assert.rejects(client.request(name), {
      name: "RemoteError",
      code: "streams",
      outcome: "failed",
      message: new RegExp(`"${name}" answers with a stream: read it with stream\\(\\)$`),
    });
  }
  assert.equal(ran, 0);
});

Deno.test("the signal ends a stream here and there, before, between and after its parts", async () => {
  const reasons = new Seen<string>();
  await using server = await streaming("memory://stream-signal");
  server.onRequest("slow", async function* (call: Call) {
    yield 1;
    await new Promise<void>((resolve) => call.signal.addEventListener("abort", () => resolve()));
    reasons.add(call.signal.reason.code);
  });
  await using client = await connect(server.address);
  const wanted = { name: "CancelledError", code: "cancelled", cause: new Error("enough") };
  const { messagesOut } = client.counts;
  const gone = AbortSignal.abort(new Error("enough"));
  await assert.rejects(collect(client.stream("slow", [], { signal: gone })), {
    ...wanted,
    outcome: "not-sent",
  });
  assert.equal(client.counts.messagesOut, messagesOut);

  const stop = new AbortController();
  const parts: unknown[] = [];
  const read = (async () => {
    for await (const part of client.stream("slow", [], { signal: stop.signal })) {
      parts.push(part);
      stop.abort(new Error("enough"));
    }
  })();
  await assert.rejects(read, {
    ...wanted,
    outcome: "unknown",
    message: /^Stream "slow" from \S+ was cancelled: enough$/,
  });
  assert.deepEqual(parts, [1]);
  assert.equal(await reasons.next(), "cancelled");

  const late = new AbortController();
  assert.deepEqual(await collect(client.stream("count", 2, { signal: late.signal })), [1, 2]);
  const sent = client.counts.messagesOut;
  late.abort();
  assert.deepEqual([client.counts.messagesOut, client.pending], [sent, 0]);
});

Deno.test("a producer that makes no part in time ends the loop; a reader that is slow does not", async () => {
  const ended = new Seen<void>();
  await using server = await streaming("memory://stream-timeout");
  server.onRequest("stalls", async function* (call: Call) {
    try {
      yield 1;
      await new Promise((_, reject) => call.signal.addEventListener("abort", reject));
    } finally {
      ended.add();
    }
  });
  server.onRequest("hang", () => new Promise(() => {}));
  await using client = await connect(server.address);
  const parts: unknown[] = [];
  await assert.rejects(collect(client.stream("stalls", [], { timeoutMs: 15 }), parts), {
    name: "TimeoutError",
    code: "timeout",
    outcome: "unknown",
    message: 'Stream "stalls" from memory://stream-timeout: no part within 15 ms',
  });
  assert.deepEqual(parts, [1]);
  await ended.next();
  assert.equal(client.pending, 0);
  const slow: unknown[] = [];
  for await (const part of client.stream("count", 4, { timeoutMs: 10 })) {
    await client.request("hang", [], { timeoutMs: 15 }).catch(() => {}); // longer than the stream may wait
    slow.push(part);
  }
  assert.deepEqual(slow, [1, 2, 3, 4]);
});

Deno.test("a stream whose link is lost rejects, with what had come before", async () => {
  const began = new Seen<Call>();
  const ended = new Seen<void>();
  for (const who of ["server", "client"]) {
    await using server = await listen("tcp://127.0.0.1:0");
    server.onRequest("waits", async function* (call: Call) {
      try {
        yield 1;
        yield 2;
        began.add(call);
        await new Promise((_, reject) => call.signal.addEventListener("abort", reject));
      } finally {
        ended.add();
      }
    });
    await using client = await connect(server.address);
    const parts: unknown[] = [];
    const both = Promise.withResolvers<void>();
    const wanted = who === "server"
      ? { name: "BrokenError", code: "disconnected", outcome: "unknown" }
      : { name: "ClosedError", code: "closed", outcome: "unknown" };
    const read = assert.rejects(
      (async () => {
        for await (const part of client.stream("waits")) {
          parts.push(part);
          if (part === 2) both.resolve();
        }
      })(),
      { ...wanted, message: /ended before request "waits" was answered/ },
    );
    const { peer } = await began.next();
    await both.promise;
    if (who === "server") peer.close();
    else client.close();
    await read;
    assert.deepEqual(parts, [1, 2]);
    await ended.next();
  }
});

Deno.test("a stream from a link that is closed rejects, and sends nothing", async () => {
  await using server = await streaming("memory://stream-closed");
  const client = await connect(server.address);
  await client.close();
  await assert.rejects(collect(client.stream("count", 1)), { name: "ClosedError", outcome: "not-sent" });
});

Deno.test("by hand: parts of a stream carry its id, and RES without a value ends it", async () => {
  await using server = await streaming("tcp://127.0.0.1:0");
  using hand = await HandLink.dial(server.port);
  await hand.write(frame(8, STREAM | 1, 5, call(0, "count", "9102")));
  const frames = await hand.take(3);
  assert.deepEqual(frames.map(({ type, kind, id, body }) => [type, kind, id, [...body]]), [
    [PART, 1, 5, [1]],
    [PART, 1, 5, [2]],
    [RES, 0, 5, []],
  ]);
  await hand.write(frame(8, 1, 6, call(0, "count", "9102")));
  const refused = (await hand.next())!;
  assert.deepEqual([refused.type, refused.id], [ERR, 6]);
  assert.match(textOf(refused), /streams/);
});

Deno.test("streams ask for a dialect that has them, and for arguments that can be sent", async () => {
  await using server = await listen("memory://stream-lines", { dialect: "lines" });
  await using client = await connect(server.address, { dialect: "lines" });
  await assert.rejects(collect(client.stream("x")), { name: "TypeError", code: "usage" });
  assert.equal(client.counts.bytesOut, 0);
  await using other = await streaming("memory://stream-usage");
  await using native = await connect(other.address);
  await assert.rejects(collect(native.stream("count", [{ a: () => {} }])), {
    name: "TypeError",
    code: "usage",
    message: /args\[0\]\.a is a function/,
  });
  assert.equal(native.pending, 0);
  assert.deepEqual(await collect(native.stream("count", 1)), [1], "and its place is free again");
});
