import { type Call, Client, connect, listen } from "@parley/parley";
import { REAL_WORLD } from "../../src/peer/world.ts";
import assert from "node:assert/strict";
import { frame } from "../dialect/native/wire.ts";
import { HandLink, HandServer, nameOf, textOf } from "./hand_link.ts";
import { Seen } from "./seen.ts";

const [PONG, ACK, REQ, ERR, CANCEL] = [5, 6, 8, 10, 11];

/** Resolves with the reason when the signal is aborted. */
function aborted(signal: AbortSignal): Promise<Error & { code?: string }> {
  return new Promise((resolve) => signal.addEventListener("abort", () => resolve(signal.reason)));
}

Deno.test("a request that its caller calls off reaches the handler as an aborted signal", async () => {
  for (const address of ["tcp://127.0.0.1:0", "memory://cancel-signal"]) {
    const began = new Seen<void>();
    const reasons = new Seen<Error & { code?: string }>();
    await using server = await listen(address);
    server.onRequest("wait", async (call: Call) => {
      const reason = aborted(call.signal);
      began.add();
      reasons.add(await reason);
    });
    await using client = await connect(server.address);
    const stop = new AbortController();
    const asked = assert.rejects(client.request("wait", [], { signal: stop.signal }), {
      name: "CancelledError",
      code: "cancelled",
      outcome: "unknown",
    });
    await began.next();
    stop.abort();
    await asked;
    const reason = await reasons.next();
    assert.equal(reason.code, "cancelled");
    assert.match(reason.message, /^\S+ has cancelled "wait"$/);
    assert.equal(client.pending, 0);
  }
});

Deno.test("who cancels by hand is told once, and never the late result; unknown and late ids are no matter", async () => {
  const gate = Promise.withResolvers<void>();
  const began = new Seen<void>();
  const ended = new Seen<void>();
  await using server = await listen("tcp://127.0.0.1:0");
  server.onRequest("wait", async () => {
    began.add();
    await gate.promise;
    ended.add();
    return "too late";
  });
  using hand = await HandLink.dial(server.port);
  await hand.request(7, "wait");
  await began.next();
  await hand.write(frame(CANCEL, 0, 99) + frame(CANCEL, 0, 7) + frame(CANCEL, 0, 7));
  const error = (await hand.next())!;
  assert.deepEqual([error.type, error.id], [ERR, 7]);
  assert.match(textOf(error), /cancelled by the caller/);
  gate.resolve();
  await ended.next();
  await hand.write(frame(CANCEL, 0, 7) + frame(4, 0, 0));
  assert.equal((await hand.next())?.type, PONG);
});

Deno.test("a request that was called off frees no place: the handler holds it until it ends", async () => {
  const gate = Promise.withResolvers<void>();
  const began = new Seen<void>();
  const ended = new Seen<void>();
  await using server = await listen("memory://cancel-place", { limits: { maxHandling: 1 } });
  server.onRequest("ignores", async () => {
    began.add();
    await gate.promise;
    ended.add();
    return "dropped";
  });
  server.onRequest("quick", () => "done");
  await using client = await connect(server.address);
  const stop = new AbortController();
  const asked = assert.rejects(client.request("ignores", [], { signal: stop.signal }), { code: "cancelled" });
  await began.next();
  stop.abort();
  await asked;
  await assert.rejects(client.request("quick"), { code: "busy", retryAfterMs: 100 });
  gate.resolve();
  await ended.next();
  assert.equal(await client.request("quick"), "done");
});

Deno.test("one signal calls off all that was asked with it, and nothing else", async () => {
  const began = new Seen<void>();
  await using server = await listen("memory://cancel-many");
  const signals: AbortSignal[] = [];
  const gate = Promise.withResolvers<string>();
  server.onRequest("wait", (call: Call) => {
    signals.push(call.signal);
    began.add();
    return gate.promise;
  });
  await using client = await connect(server.address);
  const stop = new AbortController();
  const asked = [1, 2, 3].map(() =>
    assert.rejects(client.request("wait", [], { signal: stop.signal }), { code: "cancelled" })
  );
  const other = client.request("wait");
  await began.take(4);
  stop.abort();
  await Promise.all(asked);
  await client.request("nobody").catch(() => {});
  assert.deepEqual(signals.map((signal) => signal.aborted), [true, true, true, false]);
  gate.resolve("answer");
  assert.equal(await other, "answer");
});

Deno.test("a signal that is aborted after the answer changes nothing", async () => {
  await using server = await listen("memory://cancel-late");
  server.onRequest("quick", () => "done");
  await using client = await connect(server.address);
  const stop = new AbortController();
  assert.equal(await client.request("quick", [], { signal: stop.signal }), "done");
  await assert.rejects(client.request("nobody", [], { signal: stop.signal }), { code: "not_found" });
  await client.send("x", { ack: true, timeoutMs: 5, signal: stop.signal }).catch(() => {});
  const { messagesOut } = client.counts;
  stop.abort();
  assert.equal(client.counts.messagesOut, messagesOut, "no CANCEL");
});

Deno.test("a request that the other side has not made room for is called off before it is sent", async () => {
  using server = new HandServer();
  const accepted = server.accept();
  const client = await connect(server.address, { reconnect: true, limits: { maxReplayFrames: 2 } });
  using link = await accepted;
  const asked = [1, 2].map((i) => client.request(`sent ${i}`));
  const stop = new AbortController();
  const waits = { name: "CancelledError", code: "cancelled", outcome: "not-sent" };
  const calledOff = [
    client.request("called off", [], { signal: stop.signal }),
    client.action("called off", [], { ack: true, signal: stop.signal }),
    client.send("called off", { ack: true, signal: stop.signal }),
  ].map((call) => assert.rejects(call, waits));
  const expired = assert.rejects(client.request("expired", [], { timeoutMs: 5 }), {
    name: "TimeoutError",
    code: "timeout",
    outcome: "not-sent",
    message: /^Request "expired" to \S+ was not sent within 5 ms: the other side has not acknowledged /,
  });
  const last = client.request("last");
  assert.equal(client.pending, 7);
  stop.abort(new Error("enough"));
  await Promise.all([...calledOff, expired]);
  assert.equal(client.pending, 3);
  const frames = await link.take(2);
  assert.deepEqual(frames.map((frame) => [frame.type, frame.seq, nameOf(frame)]), [
    [REQ, 1, "sent 1"],
    [REQ, 2, "sent 2"],
  ]);
  await link.write(frame(ACK, 0, 2));
  const next = (await link.next())!;
  assert.deepEqual([next.type, next.seq, nameOf(next)], [REQ, 3, "last"], "nothing of the others has left");
  await link.answer([frames[0].id, frames[1].id, next.id]);
  assert.deepEqual(await Promise.all([...asked, last]), [undefined, undefined, undefined]);
  await client.close();
});

Deno.test("calls that wait for room go out in order when there is some, and end with the link", async () => {
  using server = new HandServer();
  const accepted = server.accept();
  const client = await connect(server.address, { reconnect: true, limits: { maxReplayFrames: 1 } });
  using link = await accepted;
  const calls = ["a", "b", "c", "d"].map((name) =>
    client.request(name).catch((error) => `${error.code} ${error.outcome}`)
  );
  const names: string[] = [];
  for (let seq = 1; seq <= 3; seq++) {
    const next = (await link.next())!;
    assert.equal(next.seq, seq);
    names.push(nameOf(next));
    if (seq < 3) await link.write(frame(ACK, 0, seq));
  }
  assert.deepEqual(names, ["a", "b", "c"]);
  await link.answer([1]);
  await calls[0];
  await client.close();
  assert.deepEqual(await Promise.all(calls), [
    undefined,
    "closed unknown",
    "closed unknown",
    "closed not-sent",
  ]);
});

Deno.test("late, repeated and unknown answers are counted and dropped", async () => {
  using server = new HandServer();
  const accepted = server.accept();
  const client = await connect(server.address, { reconnect: true });
  using link = await accepted;
  const stop = new AbortController();
  const cancelled = assert.rejects(client.request("a", [], { signal: stop.signal }), { code: "cancelled" });
  const asked = client.request("b");
  const [a, b] = await link.take(2);
  stop.abort();
  await cancelled;
  assert.equal((await link.next())?.type, CANCEL);
  await link.answer([a.id, b.id, b.id, 77, a.id], "x");
  assert.equal(await asked, "x");
  const last = client.request("c");
  const c = (await link.next())!;
  await link.answer([c.id]);
  await last;
  assert.equal(client.counts.lateAnswers, 4);
  await client.close();
});

Deno.test("a call whose time has passed while it waited for room is not sent, though there is room just then", async () => {
  let ms = 0;
  const world = { ...REAL_WORLD, now: () => ms, setTimer: () => 0, clearTimer: () => {} }; // no clock ever rings
  using server = new HandServer();
  const accepted = server.accept();
  const client = new Client(server.address, { reconnect: true, limits: { maxReplayFrames: 1 } }, world);
  const starting = client.start();
  const link = await accepted;
  await starting;
  const first = client.request("first").catch((error) => error.code);
  const late = client.request("late", [], { timeoutMs: 10 }).catch((error) =>
    `${error.code} ${error.outcome}`
  );
  assert.equal(nameOf((await link.next())!), "first");
  ms = 20;
  await link.write(frame(ACK, 0, 1) + frame(4, 0, 0));
  assert.equal((await link.next())!.type, PONG);
  await link.answer([1]);
  assert.equal(await first, undefined);
  const closed = client.close();
  link.close();
  await closed;
  assert.equal(await late, "timeout not-sent");
});

Deno.test("a call that has waited for room tells the limit that it was given", async () => {
  using server = new HandServer();
  const accepted = server.accept();
  const client = await connect(server.address, { reconnect: true, limits: { maxReplayFrames: 1 } });
  using link = await accepted;
  const first = client.request("first").catch((error) => error.code);
  const second = client.request("second", [], { timeoutMs: 100 });
  await link.next();
  await link.write(frame(ACK, 0, 1));
  const sent = (await link.next())!;
  assert.equal(nameOf(sent), "second");
  assert.ok(
    new DataView(sent.body.buffer, sent.body.byteOffset).getUint32(0) <= 100,
    "what is left of it travels",
  );
  await assert.rejects(second, { name: "TimeoutError", outcome: "unknown", message: / within 100 ms$/ });
  await client.close();
  assert.equal(await first, "closed");
});
