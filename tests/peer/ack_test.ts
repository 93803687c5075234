import { connect, listen, type RemoteError } from "@parley/parley";
import assert from "node:assert/strict";
import { Seen } from "./seen.ts";

Deno.test("send with ack resolves when onReceive has ended there, and not before", async () => {
  for (const address of ["tcp://127.0.0.1:0", "memory://ack"]) {
    const gate = Promise.withResolvers<void>();
    const order: string[] = [];
    const began = new Seen<unknown>();
    await using server = await listen(address, {
      onReceive: async (message) => {
        began.add(message);
        await gate.promise;
        order.push("handled");
      },
    });
    server.onRequest("ping", () => "pong");
    await using client = await connect(server.address);
    const sent = client.send({ a: 1 }, { ack: true }).then((value) => order.push(`acked ${value}`));
    assert.deepEqual(await began.next(), { a: 1 });
    assert.equal(client.pending, 1);
    await client.request("ping");
    assert.deepEqual(order, []);
    gate.resolve();
    await sent;
    assert.deepEqual(order, ["handled", "acked undefined"]);
    assert.equal(client.pending, 0);
  }
});

Deno.test("send with ack is answered by an onReceive that returns at once, in either direction", async () => {
  const got: unknown[] = [];
  await using server = await listen("memory://ack-both", { onReceive: (message) => got.push(message) });
  await using client = await connect(server.address, { onReceive: (message) => void got.push(message) });
  for (const value of ["text", Uint8Array.of(1), undefined, null, { a: [1] }, 2n ** 60n]) {
    assert.equal(await client.send(value, { ack: true }), undefined);
  }
  await [...server.peers][0].send("back", { ack: true });
  assert.deepEqual(got, ["text", Uint8Array.of(1), undefined, null, { a: [1] }, 2n ** 60n, "back"]);
});

for (const how of ["throws", "rejects"]) {
  Deno.test(`send with ack fails when an onReceive ${how}, which is reported there as well`, async () => {
    const failed: Error[] = [];
    await using server = await listen("memory://ack-throws", {
      onReceive: () => {
        if (how === "throws") throw new Error("full disk");
        return Promise.reject(new Error("full disk"));
      },
      onFail: (error) => void failed.push(error),
    });
    await using client = await connect(server.address);
    await assert.rejects(client.send("x", { ack: true }), {
      name: "RemoteError",
      code: "handler_failed",
      outcome: "failed",
      message: "Message to memory://ack-throws failed in its handler: full disk",
    });
    assert.deepEqual(failed.map((error) => error.message), ["full disk"]);
  });
}

Deno.test("send with ack waits for all sets of callbacks, and fails with the first that does", async () => {
  const gate = Promise.withResolvers<void>();
  const order: string[] = [];
  const failed: string[] = [];
  await using server = await listen("memory://ack-sets", {
    onReceive: (message) => {
      order.push("first");
      if (message === "bad") throw new Error("first broke");
    },
    onFail: (error) => void failed.push(error.message),
  });
  server.use({
    onReceive: async (message) => {
      await gate.promise;
      order.push("second");
      if (message === "bad") throw new Error("second broke");
    },
  });
  server.use({ onConnect: () => {} });
  await using client = await connect(server.address);
  const good = client.send("good", { ack: true }).then(() => order.push("acked"));
  gate.resolve();
  await good;
  assert.deepEqual(order.splice(0), ["first", "second", "acked"]);
  await assert.rejects(client.send("bad", { ack: true }), { message: /first broke$/ });
  assert.deepEqual(order, ["first", "second"], "one that throws does not keep it from the others");
  assert.deepEqual(failed, ["first broke", "second broke"]);
});

Deno.test("send with ack resolves when receive has taken the message, also beside others that wait", async () => {
  await using server = await listen("memory://ack-receive");
  await using client = await connect(server.address);
  const [peer] = server.peers;
  const waiting = peer.receive();
  await client.send("one", { ack: true });
  assert.equal(await waiting, "one");
  const order: string[] = [];
  const sent = [2, 3].map((n) => client.send(n, { ack: true }).then(() => order.push(`acked ${n}`)));
  client.onRequest("sync", () => {});
  await peer.request("sync");
  assert.deepEqual(order, []);
  assert.equal(await peer.receive(), 2);
  await sent[0];
  assert.deepEqual(order, ["acked 2"]);
  assert.equal(await peer.receive(), 3);
  await sent[1];
});

Deno.test("send with ack resolves when it is the answer to an ask", async () => {
  await using server = await listen("memory://ack-ask");
  await using client = await connect(server.address);
  const [peer] = server.peers;
  const asked = peer.ask("question");
  assert.equal(await client.receive(), "question");
  await client.send("answer", { ack: true });
  assert.equal(await asked, "answer");
});

Deno.test("send with ack resolves when the body of a for await has ended, by the end or by break", async () => {
  await using server = await listen("memory://ack-loop");
  server.onRequest("ping", () => {});
  await using client = await connect(server.address);
  const [peer] = server.peers;
  const order: string[] = [];
  const sent = [1, 2].map((n) => client.send(n, { ack: true }).then(() => order.push(`acked ${n}`)));
  for await (const message of peer) {
    await client.request("ping");
    order.push(`handled ${message}`);
    if (message === 2) break;
  }
  await Promise.all(sent);
  assert.deepEqual(order, ["handled 1", "acked 1", "handled 2", "acked 2"]);
});

Deno.test("send with ack is answered once, by the callbacks, where there are some", async () => {
  await using server = await listen("memory://ack-once", { onReceive: () => {} });
  await using client = await connect(server.address);
  await client.send("x", { ack: true });
  const [peer] = server.peers;
  assert.equal(await peer.receive(), "x");
  await client.send("y", { ack: true });
  assert.equal(client.counts.lateAnswers, 0);
});

Deno.test("send with ack that nobody takes ends at its deadline, and what comes later is counted", async () => {
  await using server = await listen("memory://ack-nobody");
  await using client = await connect(server.address, { limits: { ackMs: 10 } });
  await assert.rejects(client.send("x", { ack: true }), {
    name: "TimeoutError",
    code: "timeout",
    outcome: "unknown",
    message: "No acknowledgement of the message from memory://ack-nobody within 10 ms",
  });
  server.onRequest("ping", () => {});
  assert.equal(await [...server.peers][0].receive(), "x");
  await client.request("ping");
  assert.equal(client.counts.lateAnswers, 1);
});

Deno.test("action with ack resolves without a value when the handler has ended", async () => {
  const gate = Promise.withResolvers<void>();
  const called = new Seen<unknown>();
  await using server = await listen("memory://ack-action");
  server.onAction("move", async (call, x, y) => {
    called.add([x, y, call.kwargs]);
    await gate.promise;
    return "dropped";
  });
  server.onAction("quick", () => "dropped");
  server.onRequest("ping", () => "pong");
  await using client = await connect(server.address);
  let done = false;
  const moved = client.action("move", [1, 2], { kwargs: { fast: true }, ack: true }).then((value) => {
    done = true;
    return value;
  });
  assert.deepEqual(await called.next(), [1, 2, { fast: true }]);
  await client.request("ping");
  assert.equal(done, false);
  gate.resolve();
  assert.equal(await moved, undefined);
  assert.equal(await client.action("quick", [], { ack: true }), undefined);
});

Deno.test("action with ack hears that there is no such handler, that it threw, and that there is no room", async () => {
  const failed: Error[] = [];
  const gate = Promise.withResolvers<void>();
  const began = new Seen<void>();
  await using server = await listen("memory://ack-fails", {
    limits: { maxHandling: 1 },
    onFail: (error) => void failed.push(error),
  });
  server.onAction("land", () => {
    throw new Error("no ground");
  });
  server.onAction("crash", () => Promise.reject(new Error("no ground, async")));
  server.onAction("hover", () => (began.add(), gate.promise));
  await using client = await connect(server.address);
  const fails = (name: string) =>
    client.action(name, [], { ack: true }).then(() => assert.fail(), (error: RemoteError) => {
      assert.deepEqual([error.name, error.outcome], ["RemoteError", "failed"]);
      return [error.code, error.message, error.retryAfterMs];
    });
  const to = "memory://ack-fails";
  assert.deepEqual(await fails("lnd"), [
    "not_found",
    `Action "lnd" to ${to} failed: no action of that name is registered there; did you mean "land"?`,
    undefined,
  ]);
  assert.deepEqual(await fails("land"), [
    "handler_failed",
    `Action "land" to ${to} failed in its handler: no ground`,
    undefined,
  ]);
  assert.deepEqual((await fails("crash"))[0], "handler_failed");
  assert.deepEqual(failed.map((error) => error.message), ["no ground", "no ground, async"]);
  const hovering = client.action("hover", [], { ack: true });
  await began.next();
  assert.deepEqual(await fails("land"), [
    "busy",
    `Action "land" to ${to} failed with "busy": 1 calls are being handled already`,
    100,
  ]);
  gate.resolve();
  await hovering;
});

Deno.test("acknowledged messages come in order with all others", async () => {
  const got = new Seen<unknown>();
  await using server = await listen("tcp://127.0.0.1:0", { onReceive: got.add });
  await using client = await connect(server.address);
  const sent: Promise<void>[] = [];
  for (let i = 0; i < 300; i++) sent.push(client.send(i, i % 3 === 0 ? { ack: true } : {}));
  await Promise.all(sent);
  assert.deepEqual(await got.take(300), Array.from({ length: 300 }, (_, i) => i));
});

Deno.test("send and action with ack are called off by their signal", async () => {
  const began = new Seen<AbortSignal>();
  await using server = await listen("memory://ack-cancel");
  server.onAction("wait", (call) => {
    began.add(call.signal);
    return new Promise((resolve) => call.signal.addEventListener("abort", resolve));
  });
  await using client = await connect(server.address);
  const stop = new AbortController();
  const wanted = { name: "CancelledError", code: "cancelled", cause: new Error("enough") };
  const calls = [
    assert.rejects(client.send("x", { ack: true, signal: stop.signal }), { ...wanted, outcome: "unknown" }),
    assert.rejects(client.action("wait", [], { ack: true, signal: stop.signal }), {
      ...wanted,
      outcome: "unknown",
      message: 'Action "wait" to memory://ack-cancel was cancelled: enough',
    }),
  ];
  const signal = await began.next();
  const aborted = new Promise((resolve) => signal.addEventListener("abort", resolve));
  stop.abort(new Error("enough"));
  await Promise.all(calls);
  await aborted;
  assert.equal((signal.reason as { code?: string }).code, "cancelled");
  const { messagesOut } = client.counts;
  const gone = { ack: true, signal: AbortSignal.abort(new Error("enough")) };
  await assert.rejects(client.send("y", gone), { ...wanted, outcome: "not-sent" });
  await assert.rejects(client.action("wait", [], gone), { ...wanted, outcome: "not-sent" });
  assert.equal(client.counts.messagesOut, messagesOut);
});

Deno.test("send and action with ack fail when the link ends first", async () => {
  await using server = await listen("memory://ack-lost");
  const began = new Seen<void>();
  server.onAction("wait", () => (began.add(), new Promise(() => {})));
  await using client = await connect(server.address);
  const lost = { name: "BrokenError", code: "disconnected", outcome: "unknown" };
  const calls = [
    assert.rejects(client.send("x", { ack: true }), {
      ...lost,
      message: /ended before the message was acknowledged/,
    }),
    assert.rejects(client.action("wait", [], { ack: true }), lost),
  ];
  await began.next();
  const [peer] = server.peers;
  server.use({ onDisconnect: () => {} });
  peer.close();
  await Promise.all(calls);
  await assert.rejects(client.send("x", { ack: true }), { code: "not_connected", outcome: "not-sent" });
});

Deno.test("send and action with ack say so where the dialect has none, and send nothing", async () => {
  for (const dialect of ["lines", "raw"] as const) {
    const got: unknown[] = [];
    await using server = await listen("memory://ack-lines", {
      dialect,
      onReceive: (message) => got.push(message),
    });
    await using client = await connect(server.address, { dialect });
    await assert.rejects(client.send("x", { ack: true }), {
      name: "TypeError",
      code: "usage",
      message:
        `Cannot send a message to be acknowledged in the dialect "${dialect}": it has no acknowledgements`,
    });
    await assert.rejects(client.action("go", [], { ack: true }), { name: "TypeError", code: "usage" });
    assert.deepEqual([client.counts.messagesOut, client.counts.bytesOut, client.pending], [0, 0, 0]);
    await client.close();
    assert.deepEqual(got, []);
  }
});

Deno.test("send with ack of what cannot be said rejects before anything is sent, and names the place", async () => {
  await using server = await listen("memory://ack-unsayable");
  await using client = await connect(server.address, { limits: { maxFrameBytes: 1000 } });
  const { bytesOut } = client.counts;
  const self: Record<string, unknown> = {};
  self.me = self;
  const refused: [value: unknown, name: string, message: RegExp][] = [
    [{ a: [1, () => {}] }, "TypeError", /value\.a\[1\] is a function/],
    [{ a: { b: 2n ** 70n } }, "RangeError", /value\.a\.b has 71 bits/],
    [self, "TypeError", /value\.me/],
    ["x".repeat(2000), "RangeError", /2000 bytes: the limit of this link is 1000 bytes/],
  ];
  for (const [value, name, message] of refused) {
    await assert.rejects(client.send(value, { ack: true }), { name, code: "usage", message });
  }
  assert.deepEqual([client.counts.bytesOut, client.pending], [bytesOut, 0]);
});
