import { connect, listen, type Peer } from "@parley/parley";
import assert from "node:assert/strict";
import { HandLink, textOf } from "./hand_link.ts";
import { ascii, call, frame, str } from "../dialect/native/wire.ts";
import { Linked } from "./linked.ts";
import { Seen } from "./seen.ts";

/** A handler that counts its calls and ends when the gate opens. */
function gated() {
  const began = new Seen<unknown[]>();
  const gate = Promise.withResolvers<void>();
  const handler = async (_call: unknown, ...args: unknown[]) => {
    began.add(args);
    await gate.promise;
    return { receipt: began.all.length };
  };
  return { began, gate, handler };
}

Deno.test("a request with a key that comes again while its handler runs joins it, over two links", async () => {
  for (const address of ["tcp://127.0.0.1:0", "memory://key-join"]) {
    const { began, gate, handler } = gated();
    await using server = await listen(address);
    server.onRequest("pay", handler);
    await using one = await connect(server.address);
    await using two = await connect(server.address);
    const asked = [one, two, one].map((client) => client.request("pay", [5], { key: "k" }));
    await began.next();
    await Promise.all([one, two].map((client) => client.request("nobody").catch(() => {})));
    gate.resolve();
    assert.deepEqual(await Promise.all(asked), Array(3).fill({ receipt: 1 }));
    assert.equal(began.all.length, 1);
  }
});

Deno.test("a request with a key that comes again later gets the first answer, whoever asks", async () => {
  let handled = 0;
  await using server = await listen("memory://key-again");
  server.onRequest("pay", (_call, amount: number) => ({ amount, handled: ++handled }));
  for (let i = 0; i < 3; i++) {
    await using client = await connect(server.address);
    assert.deepEqual(await client.request("pay", [5], { key: "k" }), { amount: 5, handled: 1 });
  }
  await using client = await connect(server.address);
  assert.deepEqual(await client.request("pay", [5], { key: "other" }), { amount: 5, handled: 2 });
  assert.deepEqual(await client.request("pay", [5]), { amount: 5, handled: 3 });
});

Deno.test("keys are those of the endpoint that handles the requests: a client has its own", async () => {
  await using server = await listen("memory://key-own");
  const calls: unknown[] = [];
  const register = (endpoint: Peer & { onRequest: typeof server.onRequest }, who: string) =>
    endpoint.onRequest("who", () => (calls.push(who), who));
  await using one = await connect(server.address);
  await using two = await connect(server.address);
  register(one, "one");
  register(two, "two");
  const [first, second] = [...server.peers];
  const answers = [first, second, first].map((peer) => peer.request("who", [], { key: "k" }));
  assert.deepEqual(await Promise.all(answers), ["one", "two", "one"]);
  assert.deepEqual(calls, ["one", "two"]);
});

Deno.test("a key that belongs to another request is key_reused, whether that one still runs or not", async () => {
  const { began, gate, handler } = gated();
  await using server = await listen("memory://key-reused");
  server.onRequest("pay", handler);
  server.onRequest("buy", handler);
  await using client = await connect(server.address);
  const reused = {
    name: "RemoteError",
    code: "key_reused",
    outcome: "failed",
    message: /that key belongs to another request: name or arguments differ/,
  };
  const ask = (name: string, args: unknown, kwargs?: Record<string, unknown>) =>
    client.request(name, args, { key: "k", kwargs });
  const first = ask("pay", [5]);
  await began.next();
  for (const when of ["while it runs", "later"]) {
    await assert.rejects(ask("pay", [6]), reused, when);
    await assert.rejects(ask("buy", [5]), reused, when);
    await assert.rejects(ask("pay", [5], { now: true }), reused, when);
    gate.resolve();
    assert.deepEqual(await first, { receipt: 1 });
  }
  assert.deepEqual(await ask("pay", [5]), { receipt: 1 }, "the first one is still known");
  assert.equal(began.all.length, 1);
});

Deno.test("an error of the handler is the answer as well, and is reported once", async () => {
  const failed: string[] = [];
  let handled = 0;
  await using server = await listen("memory://key-error", {
    onFail: (error) => void failed.push(error.message),
  });
  server.onRequest("sync", () => {
    throw new Error(`sync ${++handled}`);
  });
  server.onRequest("async", () => Promise.reject(new Error(`async ${++handled}`)));
  await using client = await connect(server.address);
  for (let i = 0; i < 3; i++) {
    await assert.rejects(client.request("sync", [], { key: "s" }), {
      code: "handler_failed",
      message: /sync 1$/,
    });
    await assert.rejects(client.request("async", [], { key: "a" }), {
      code: "handler_failed",
      message: /async 2$/,
    });
  }
  assert.deepEqual(failed, ["sync 1", "async 2"]);
});

Deno.test("what was not handled is not remembered: not_found, bad_args, busy, streams", async () => {
  const gate = Promise.withResolvers<void>();
  const began = new Seen<void>();
  let answered = 0;
  await using server = await listen("memory://key-not-handled", { limits: { maxHandling: 1 } });
  await using client = await connect(server.address);
  const ask = (name: string, key: string, args: unknown = []) => client.request(name, args, { key });

  await assert.rejects(ask("late", "k"), { code: "not_found" });
  server.onRequest("late", () => ++answered);
  assert.equal(await ask("late", "k"), 1);

  const refusing = (refuse: boolean) => ({
    "~standard": {
      version: 1 as const,
      vendor: "test",
      validate: (value: unknown) => refuse ? { issues: [{ message: "too many" }] } : { value },
    },
  });
  server.onRequest("checked", () => ++answered, { args: refusing(true) });
  await assert.rejects(ask("checked", "c", [5]), { code: "bad_args" });
  server.onRequest("checked", () => ++answered, { args: refusing(false) });
  assert.equal(await ask("checked", "c", [5]), 2);

  server.onRequest("wait", () => (began.add(), gate.promise));
  const waiting = client.request("wait");
  await began.next();
  await assert.rejects(ask("late", "b"), { code: "busy" });
  gate.resolve();
  await waiting;
  assert.equal(await ask("late", "b"), 3);

  server.onRequest("parts", function* () {
    yield 1;
  });
  await assert.rejects(ask("parts", "p"), { code: "streams" });
  server.onRequest("parts", () => ++answered);
  assert.equal(await ask("parts", "p"), 4);
});

Deno.test("an answer above 64 KiB is given once, and kept as answered", async () => {
  let handled = 0;
  await using server = await listen("memory://key-large");
  server.onRequest("dump", (_call, size: number) => (handled++, "x".repeat(size)));
  await using client = await connect(server.address);
  const small = 64 * 1024 - 19;
  for (let i = 0; i < 2; i++) {
    assert.equal((await client.request("dump", [small], { key: "small" })).length, small);
  }
  assert.equal(handled, 1);
  assert.equal((await client.request("dump", [small + 1], { key: "large" })).length, small + 1);
  await assert.rejects(client.request("dump", [small + 1], { key: "large" }), {
    name: "RemoteError",
    code: "answered",
    outcome: "failed",
    message: /was handled, and its answer of 65537 bytes is not kept \(65536 are\)$/,
  });
  assert.equal(handled, 2);
});

Deno.test("what is kept of an answer is what was answered, whatever the handler does to it later", async () => {
  const shared = { list: [1] };
  await using server = await listen("memory://key-changed");
  server.onRequest("get", () => shared);
  await using client = await connect(server.address);
  assert.deepEqual(await client.request("get", [], { key: "k" }), { list: [1] });
  shared.list.push(2);
  assert.deepEqual(await client.request("get", [], { key: "k" }), { list: [1] });
});

Deno.test("an answer that cannot be said stays one, whatever becomes of it, and is reported once", async () => {
  const failed: string[] = [];
  await using server = await listen("memory://key-unsayable", {
    limits: { maxFrameBytes: 1000 },
    onFail: (error) => void failed.push(error.message),
  });
  const answers = [{ code: "unserialisable", f: (() => {}) as unknown }, {
    code: "too_large",
    f: "x".repeat(2000),
  }];
  server.onRequest("get", (_call, index: number) => answers[index]);
  await using client = await connect(server.address);
  for (const [index, { code }] of answers.entries()) {
    await assert.rejects(client.request("get", index, { key: code }), { code, outcome: "failed" });
    answers[index].f = "small";
    await assert.rejects(client.request("get", index, { key: code }), { code, outcome: "failed" });
  }
  assert.equal(failed.length, 2, failed.join());
});

Deno.test("who comes again after the deadline of the first gets the answer of the handler that went on", async () => {
  const { began, gate, handler } = gated();
  await using server = await listen("memory://key-deadline");
  server.onRequest("pay", handler);
  await using client = await connect(server.address);
  await assert.rejects(client.request("pay", [5], { key: "k", timeoutMs: 5 }), {
    name: "TimeoutError",
    outcome: "unknown",
  });
  const again = client.request("pay", [5], { key: "k" });
  await client.request("nobody").catch(() => {});
  gate.resolve();
  assert.deepEqual(await again, { receipt: 1 });
  assert.deepEqual(await client.request("pay", [5], { key: "k" }), { receipt: 1 });
  assert.equal(began.all.length, 1);
});

Deno.test("who comes again after the first was cancelled gets the answer of the handler that went on", async () => {
  const { began, gate, handler } = gated();
  await using server = await listen("memory://key-cancelled");
  server.onRequest("pay", handler);
  await using client = await connect(server.address);
  const stop = new AbortController();
  const first = assert.rejects(client.request("pay", [5], { key: "k", signal: stop.signal }), {
    code: "cancelled",
  });
  await began.next();
  stop.abort();
  await first;
  const again = client.request("pay", [5], { key: "k" });
  await client.request("nobody").catch(() => {});
  gate.resolve();
  assert.deepEqual(await again, { receipt: 1 });
  assert.equal(began.all.length, 1);
});

Deno.test("who comes again after the link of the first was lost gets the answer of the handler that went on", async () => {
  const { began, gate, handler } = gated();
  await using server = await listen("tcp://127.0.0.1:0", { limits: { closeMs: 10 } });
  server.onRequest("pay", handler);
  using hand = await HandLink.dial(server.port);
  const key = "01" + ascii("k");
  await hand.write(frame(8, 0x80 | 1, 1, call(0, "pay", key + "9105")));
  assert.deepEqual(await began.next(), [5]);
  const left = [...server.peers][0].closed;
  hand.close();
  await left;
  await using client = await connect(server.address);
  const again = client.request("pay", [5], { key: "k" });
  await client.request("nobody").catch(() => {});
  gate.resolve();
  assert.deepEqual(await again, { receipt: 1 });
  assert.equal(began.all.length, 1);
});

Deno.test("the wire decides whether two requests are the same", async () => {
  await using server = await listen("tcp://127.0.0.1:0");
  server.onRequest("get", (_call, value) => value ?? "none");
  using hand = await HandLink.dial(server.port);
  const ask = (id: number, remainingMs: number, kind: number, payload: string) =>
    hand.write(frame(8, 0x80 | kind, id, call(remainingMs, "get", "01" + ascii("k") + payload)));
  await ask(1, 0, 1, `91 ${str("x")}`);
  await ask(2, 5000, 1, `91 ${str("x")}`);
  await ask(3, 0, 3, ascii("x")); // the same value in another kind
  const [first, second, third] = await hand.take(3);
  assert.deepEqual([first, second].map((frame) => [frame.type, textOf(frame)]), [[9, "x"], [9, "x"]]);
  assert.equal(third.type, 10);
  assert.match(textOf(third), /key_reused/);
});

Deno.test("the oldest keys are forgotten above maxKeys, and the latest are all known", async () => {
  for (const maxKeys of [1, 3]) {
    let handled = 0;
    await using server = await listen("memory://key-many", { limits: { maxKeys } });
    server.onRequest("next", () => ++handled);
    await using client = await connect(server.address);
    const ask = (key: number) => client.request("next", [], { key: `k${key}` });
    for (let key = 1; key <= maxKeys; key++) assert.equal(await ask(key), key);
    for (let key = 1; key <= maxKeys; key++) assert.equal(await ask(key), key, `key ${key} of ${maxKeys}`);
    assert.equal(await ask(100), maxKeys + 1);
    for (let key = 2; key <= maxKeys; key++) assert.equal(await ask(key), key, `key ${key} of ${maxKeys}`);
    assert.equal(await ask(1), maxKeys + 2, "the oldest was forgotten");
  }
});

Deno.test("a key whose handler runs is never forgotten", async () => {
  const { began, gate, handler } = gated();
  await using server = await listen("memory://key-running", { limits: { maxKeys: 1 } });
  server.onRequest("pay", handler);
  server.onRequest("quick", () => "done");
  await using client = await connect(server.address);
  const first = client.request("pay", [5], { key: "k" });
  await began.next();
  for (let i = 0; i < 5; i++) await client.request("quick", [], { key: `q${i}` });
  const again = client.request("pay", [5], { key: "k" });
  await client.request("quick");
  gate.resolve();
  assert.deepEqual(await Promise.all([first, again]), [{ receipt: 1 }, { receipt: 1 }]);
});

Deno.test("a key has to be a text of up to 255 bytes, and a dialect that knows keys", async () => {
  await using server = await listen("memory://key-usage");
  server.onRequest("get", () => 1);
  await using client = await connect(server.address);
  const { messagesOut } = client.counts;
  await assert.rejects(async () => await client.request("get", [], { key: "" }), {
    name: "TypeError",
    code: "usage",
  });
  await assert.rejects(async () => await client.request("get", [], { key: 5 as unknown as string }), {
    name: "TypeError",
  });
  await assert.rejects(async () => await client.request("get", [], { key: "ü".repeat(128) }), {
    name: "RangeError",
    message: "Cannot use a key of 256 bytes: the limit is 255 bytes",
  });
  assert.equal(client.counts.messagesOut, messagesOut);
  assert.equal(await client.request("get", [], { key: undefined }), 1);
  await using lines = await listen("memory://key-lines", { dialect: "lines" });
  await using other = await connect(lines.address, { dialect: "lines" });
  await assert.rejects(other.request("get", [], { key: "k" }), { name: "TypeError", code: "usage" });
  assert.equal(other.counts.bytesOut, 0);
});

Deno.test("a request with a key whose handler ends while the link is down is answered, and nothing else is said", async () => {
  const { began, gate, handler } = gated();
  const got: unknown[] = [];
  await using linked = await Linked.up({}, { onReceive: (message) => got.push(message) });
  const { server, client, peer } = linked;
  const ended = Promise.withResolvers<void>();
  server.onRequest("pay", (...args: Parameters<typeof handler>) => {
    const answer = handler(...args);
    answer.then(() => queueMicrotask(ended.resolve));
    return answer;
  });
  const asked = client.request("pay", [5], { key: "k" });
  await began.next();
  await linked.lose();
  gate.resolve();
  await ended.promise;
  await linked.restore();
  assert.deepEqual(await asked, { receipt: 1 });
  await peer.send("last", { ack: true });
  assert.deepEqual(got, ["last"]);
  assert.deepEqual(await client.request("pay", [5], { key: "k" }), { receipt: 1 });
});
