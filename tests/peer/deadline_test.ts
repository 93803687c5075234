import { type Call, connect, listen, type RemoteError } from "@parley/parley";
import assert from "node:assert/strict";
import { call, frame } from "../dialect/native/wire.ts";
import { HandLink, textOf } from "./hand_link.ts";
import { Seen } from "./seen.ts";

const [PONG, ERR] = [5, 10];

/** Resolves with the reason when the signal is aborted. */
function aborted(signal: AbortSignal): Promise<Error & { code?: string }> {
  return new Promise((resolve) => signal.addEventListener("abort", () => resolve(signal.reason)));
}

Deno.test("the deadline of a request travels and reaches the handler as its signal", async () => {
  for (const address of ["tcp://127.0.0.1:0", "memory://deadline"]) {
    const reasons = new Seen<Error & { code?: string }>();
    await using server = await listen(address);
    server.onRequest("wait", async (call: Call) => reasons.add(await aborted(call.signal)));
    server.onRequest("wait as text", () => "at once");
    await using client = await connect(server.address);
    const asked = Promise.allSettled([client.request("wait", [], { timeoutMs: 20 })]);
    const reason = await reasons.next();
    assert.deepEqual([reason.name, reason.code], ["TimeoutError", "deadline"]);
    assert.match(reason.message, /^The deadline of "wait" from \S+ has passed$/);
    const [result] = await asked;
    assert.ok(result.status === "rejected");
    // Whichever clock is first: ours, or the answer that tells of theirs.
    assert.ok(["timeout", "deadline"].includes(result.reason.code), result.reason.code);
    assert.ok(["unknown", "failed"].includes(result.reason.outcome));
    assert.equal(await client.request("wait as text"), "at once");
  }
});

Deno.test("the deadline of an acknowledged action travels as well", async () => {
  const reasons = new Seen<Error & { code?: string }>();
  await using server = await listen("memory://deadline-action");
  server.onAction("wait", async (call: Call) => reasons.add(await aborted(call.signal)));
  await using client = await connect(server.address);
  const asked = assert.rejects(client.action("wait", [], { ack: true, timeoutMs: 20 }));
  assert.equal((await reasons.next()).code, "deadline");
  await asked;
});

Deno.test("an action that nobody waits for has no deadline, and a signal all the same", async () => {
  const calls = new Seen<Call>();
  await using server = await listen("memory://deadline-none", { limits: { requestMs: 1 } });
  server.onAction("wait", (call: Call) => {
    calls.add(call);
    return aborted(call.signal);
  });
  server.onRequest("pass", async (call: Call) => (await aborted(call.signal)).message);
  await using client = await connect(server.address);
  await client.action("wait");
  const { signal } = await calls.next();
  await assert.rejects(client.request("pass", [], { timeoutMs: 5 }));
  assert.equal(signal.aborted, false);
  const ended = aborted(signal);
  await client.close();
  assert.match((await ended).message, /closed the link/);
});

Deno.test("who calls by hand is told once that the deadline has passed, and never the late result", async () => {
  const gate = Promise.withResolvers<void>();
  const reasons: string[] = [];
  const ended = new Seen<string>();
  const failed: Error[] = [];
  await using server = await listen("tcp://127.0.0.1:0", { onFail: (error) => void failed.push(error) });
  const note = (call: Call) =>
    call.signal.addEventListener("abort", () => reasons.push(call.signal.reason.code));
  server.onRequest("answers", async (call: Call) => {
    note(call);
    await gate.promise;
    ended.add(call.name);
    return "too late";
  });
  server.onRequest("throws", async (call: Call) => {
    note(call);
    await gate.promise;
    ended.add(call.name);
    throw new Error("too late");
  });
  using hand = await HandLink.dial(server.port);
  await hand.request(1, "answers", 5);
  await hand.request(2, "throws", 5);
  const told = await hand.take(2);
  assert.deepEqual(told.map(({ type, id }) => [type, id]), [[ERR, 1], [ERR, 2]]);
  for (const error of told) assert.match(textOf(error), /deadline.*the deadline has passed/);
  gate.resolve();
  await ended.take(2);
  await hand.write(frame(4, 0, 0));
  assert.equal((await hand.next())?.type, PONG);
  assert.deepEqual(reasons, ["deadline", "deadline"]);
  assert.deepEqual(failed, []);
});

Deno.test("a request without a deadline gets limits.requestMs of the one that handles it", async () => {
  await using server = await listen("tcp://127.0.0.1:0", { limits: { requestMs: 10 } });
  server.onRequest("wait", (call: Call) => aborted(call.signal));
  using hand = await HandLink.dial(server.port);
  await hand.request(1, "wait", 0);
  const error = (await hand.next())!;
  assert.deepEqual([error.type, error.id], [ERR, 1]);
  assert.match(textOf(error), /deadline/);
});

Deno.test("each of many deadlines is told once, and those that are far away are not", async () => {
  await using server = await listen("tcp://127.0.0.1:0");
  server.onRequest("wait", () => new Promise(() => {}));
  using hand = await HandLink.dial(server.port);
  const waits = [4_000_000_000, 60, 5, 3_600_000, 30];
  let all = "";
  for (const [index, remainingMs] of waits.entries()) {
    all += frame(8, 0, index + 1, call(remainingMs, "wait"));
  }
  await hand.write(all);
  const told = await hand.take(3);
  assert.deepEqual(told.map(({ type }) => type), [ERR, ERR, ERR]);
  assert.deepEqual(told.map(({ id }) => id).sort(), [2, 3, 5]);
  await hand.write(frame(4, 0, 0));
  assert.equal((await hand.next())?.type, PONG);
});

Deno.test("a deadline that has passed frees no place: the handler holds it until it ends", async () => {
  const gates = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const ended = new Seen<void>();
  await using server = await listen("tcp://127.0.0.1:0", { limits: { maxHandling: 1 } });
  server.onRequest("ignores", async () => {
    await gates[0].promise;
    ended.add();
  });
  server.onRequest("quick", () => "done");
  await using client = await connect(server.address);
  const told = await client.request("ignores", [], { timeoutMs: 5 }).catch((error: RemoteError) => error);
  assert.ok(["timeout", "deadline"].includes(told.code));
  for (let i = 0; i < 2; i++) {
    await assert.rejects(client.request("quick"), {
      name: "RemoteError",
      code: "busy",
      outcome: "failed",
      retryAfterMs: 100,
      message: /1 calls are being handled already/,
    });
  }
  gates[0].resolve();
  await ended.next();
  assert.equal(await client.request("quick"), "done");
});

Deno.test("a handler that has answered is not told of a deadline any more", async () => {
  const signals: AbortSignal[] = [];
  await using server = await listen("memory://deadline-over");
  server.onRequest("quick", async (call: Call) => {
    signals.push(call.signal);
    await Promise.resolve();
  });
  server.onRequest("wait", (call: Call) => aborted(call.signal));
  await using client = await connect(server.address);
  await client.request("quick", [], { timeoutMs: 10 });
  await assert.rejects(client.request("wait", [], { timeoutMs: 15 }));
  assert.deepEqual(signals.map((signal) => signal.aborted), [false]);
});

Deno.test("a signal that is looked at after the deadline is aborted already", async () => {
  const gate = Promise.withResolvers<void>();
  const seen = new Seen<AbortSignal>();
  await using server = await listen("tcp://127.0.0.1:0");
  server.onRequest("late", async (call: Call) => {
    await gate.promise;
    seen.add(call.signal);
  });
  using hand = await HandLink.dial(server.port);
  await hand.request(1, "late", 5);
  assert.equal((await hand.next())?.type, ERR);
  gate.resolve();
  const signal = await seen.next();
  assert.ok(signal.aborted);
  assert.equal(signal.reason.code, "deadline");
});

Deno.test("every wait has its own limit, by name and per call", async () => {
  await using server = await listen("memory://deadline-limits");
  server.onRequest("hang", () => new Promise(() => {}));
  server.onAction("hang", () => new Promise(() => {}));
  await using client = await connect(server.address, { limits: { requestMs: 11, ackMs: 12 } });
  const cases: [call: () => Promise<unknown>, ms: number][] = [
    [() => client.request("hang"), 11],
    [() => client.request("hang", [], { timeoutMs: 7 }), 7],
    [() => client.send("x", { ack: true }), 12],
    [() => client.action("hang", [], { ack: true }), 12],
    [() => client.action("hang", [], { ack: true, timeoutMs: 8 }), 8],
  ];
  for (const [call, ms] of cases) {
    const error = await call().then(() => assert.fail(), (error) => error);
    if (error.code === "deadline") continue; // the other side's clock was first
    assert.deepEqual([error.name, error.code, error.outcome], ["TimeoutError", "timeout", "unknown"]);
    assert.match(error.message, new RegExp(` within ${ms} ms$`));
  }
});

Deno.test("a deadline of 0, below 0, NaN, without an end or of another type is refused, and nothing is sent", async () => {
  await using server = await listen("memory://deadline-usage");
  await using client = await connect(server.address);
  const { messagesOut } = client.counts;
  const calls: ((timeoutMs: number) => unknown)[] = [
    (timeoutMs) => client.request("t", [], { timeoutMs }),
    (timeoutMs) => client.send("x", { ack: true, timeoutMs }),
    (timeoutMs) => client.send("x", { timeoutMs }),
    (timeoutMs) => client.action("t", [], { ack: true, timeoutMs }),
    (timeoutMs) => client.stream("t", [], { timeoutMs }).next(),
    (timeoutMs) => client.describe({ timeoutMs }),
    (timeoutMs) => client.ask("x", { timeoutMs }),
    (timeoutMs) => client.receive({ timeoutMs }),
  ];
  for (const call of calls) {
    for (const timeoutMs of [0, -1, NaN, Infinity, 2 ** 31]) {
      await assert.rejects(async () => await call(timeoutMs), {
        name: "RangeError",
        code: "usage",
        message: new RegExp(`^Cannot use ${timeoutMs} as "timeoutMs" of `),
      }, `${call} ${timeoutMs}`);
    }
    await assert.rejects(async () => await call("5" as unknown as number), {
      name: "TypeError",
      code: "usage",
    });
  }
  assert.deepEqual([client.counts.messagesOut, client.pending], [messagesOut, 0]);
});
