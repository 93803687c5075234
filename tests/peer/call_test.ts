import { type Call, connect, listen } from "@parley/parley";
import assert from "node:assert/strict";
import { BareLink, greeting, requestFrame } from "./bare_link.ts";
import { Seen } from "./seen.ts";

/** A handler that never answers, and tells when and why nobody waits for it any more. */
function untilAborted(began: Seen<Call>, ended: Seen<Error>) {
  return (call: Call) => {
    began.add(call);
    call.signal.addEventListener("abort", () => ended.add(call.signal.reason));
    return new Promise(() => {});
  };
}

Deno.test("Call.signal is aborted as soon as the caller has said goodbye", async () => {
  for (const address of ["tcp://127.0.0.1:0", "memory://goodbye"]) {
    const [began, ended] = [new Seen<Call>(), new Seen<Error>()];
    await using server = await listen(address, { limits: { closeMs: 3_600_000 } });
    server.onRequest("hang", untilAborted(began, ended));
    await using client = await connect(server.address);
    const asked = assert.rejects(client.request("hang"), { name: "ClosedError", outcome: "unknown" });
    const call = await began.next();
    assert.equal(call.signal.aborted, false);
    await client.close();
    await asked;
    assert.match((await ended.next()).message, /closed the link/);
  }
});

Deno.test("Call.signal is aborted when the server closes, and when the link breaks", async () => {
  const [began, ended] = [new Seen<Call>(), new Seen<Error>()];
  await using server = await listen("tcp://127.0.0.1:0");
  server.onRequest("hang", untilAborted(began, ended));

  using bare = await BareLink.dial(server.port);
  await bare.write(greeting(1000));
  await bare.write(requestFrame(1, "hang"));
  await began.next();
  await bare.write(Uint8Array.of(0, 0, 0, 1)); // a length that cannot be
  assert.match((await ended.next()).message, /Frame length 1 is below 10/);

  await using client = await connect(server.address);
  const asked = assert.rejects(client.request("hang"), {
    name: "BrokenError",
    code: "disconnected",
    outcome: "unknown",
  });
  await began.next();
  await server.close();
  assert.match((await ended.next()).message, /the server is closing/);
  await asked;
});

Deno.test("Call.signal of a call that has ended is never aborted", async () => {
  const calls: Call[] = [];
  await using server = await listen("memory://ended-calls");
  server.onRequest("quick", (call) => void calls.push(call));
  server.onRequest("async", async (call) => {
    await Promise.resolve();
    calls.push(call);
  });
  const client = await connect(server.address);
  await client.request("quick");
  await client.request("async");
  const left = [...server.peers][0].closed;
  await client.close();
  await left;
  assert.deepEqual(calls.map((call) => call.signal.aborted), [false, false]);
});

Deno.test("request is cancelled by its signal, here and there, and the late answer is counted and dropped", async () => {
  const gate = Promise.withResolvers<void>();
  await using server = await listen("memory://cancel");
  const called = new Seen<Call>();
  server.onRequest("wait", (call) => {
    called.add(call);
    return gate.promise;
  });
  server.onRequest("quick", () => 1);
  await using client = await connect(server.address);
  const stop = new AbortController();
  const asked = assert.rejects(client.request("wait", [], { signal: stop.signal }), {
    name: "CancelledError",
    code: "cancelled",
    outcome: "unknown",
    cause: new Error("enough"),
    message: 'Request "wait" to memory://cancel was cancelled: enough',
  });
  const { signal } = await called.next();
  const aborted = new Promise((resolve) => signal.addEventListener("abort", resolve));
  stop.abort(new Error("enough"));
  await asked;
  await aborted;
  assert.equal(client.pending, 0);
  gate.resolve();
  await gate.promise;
  assert.equal(await client.request("quick"), 1);
  assert.equal(client.counts.lateAnswers, 1);
  const gone = AbortSignal.abort(new Error("before"));
  await assert.rejects(client.request("quick", [], { signal: gone }), {
    code: "cancelled",
    outcome: "not-sent",
  });
  assert.equal(client.counts.messagesOut, 3, "wait, its CANCEL and quick: an aborted request is not sent");
});

Deno.test("request rejects when no answer comes in time, and when the peer is gone before", async () => {
  const began = new Seen<Call>();
  await using server = await listen("tcp://127.0.0.1:0", { limits: { closeMs: 10 } });
  server.onRequest("hang", (call) => {
    began.add(call);
    return new Promise(() => {});
  });
  await using client = await connect(server.address, { limits: { requestMs: 20 } });
  await assert.rejects(client.request("hang"), {
    name: "TimeoutError",
    code: "timeout",
    outcome: "unknown",
    message: /^No answer to request "hang" from \S+ within 20 ms$/,
  });
  await began.next();
  const waiting = assert.rejects(client.request("hang", [], { timeoutMs: 60_000 }), {
    name: "BrokenError",
    code: "disconnected",
    outcome: "unknown",
    message: /ended before request "hang" was answered/,
  });
  const call = await began.next();
  await call.peer.close();
  await waiting;
});

Deno.test("request refuses more than maxPending unanswered ones", async () => {
  await using server = await listen("memory://pending", { limits: { closeMs: 10 } });
  server.onRequest("hang", () => new Promise(() => {}));
  await using client = await connect(server.address, { limits: { maxPending: 2 } });
  const waiting = [1, 2].map(() => client.request("hang").catch((error) => error.code));
  await assert.rejects(client.request("hang"), { code: "busy", outcome: "not-sent" });
  assert.equal(client.pending, 2);
  await client.close();
  assert.deepEqual(await Promise.all(waiting), ["closed", "closed"]);
});
