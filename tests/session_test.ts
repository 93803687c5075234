import assert from "node:assert/strict";
import { defineDialect, type Dialect } from "../src/dialect/dialect.ts";
import { lines } from "../src/codec/lines.ts";
import { native } from "../src/dialect/native/native.ts";
import { BrokenError, ProtocolError, RemoteError, TimeoutError } from "../src/errors.ts";
import { feed, greeted, opened, output, sessionOf, told } from "./dialect/conversation.ts";
import { orderDialect } from "./dialect/order_dialect.ts";

const SOON = { now: 0, timeoutMs: 100 };

Deno.test("Session.open tells that it is ready, at once where there is no greeting", () => {
  assert.deepEqual(told(sessionOf(orderDialect(), "client").open(0)), ["ready"]);
  const session = sessionOf(native(), "client");
  assert.deepEqual(session.open(0), []);
  assert.equal(session.ready, false);
});

Deno.test("Session answers requests in their order, whichever handler is done first", () => {
  const session = opened(orderDialect(), "server");
  assert.deepEqual(told(feed(session, "? a\n? b\n? c\n")), [
    "request 1 a []",
    "request 2 b []",
    "request 3 c []",
  ]);
  session.answer(3, "third");
  session.fail(2, "busy", "no time");
  assert.equal(output(session), "");
  session.answer(1, "first");
  assert.equal(output(session), "= first\n! busy no time\n= third\n");
});

Deno.test("Session tells the answerer of an answer that cannot be said, and keeps the order", () => {
  const session = opened(orderDialect(), "server");
  feed(session, "? a\n? b\n? c\n");
  assert.throws(() => session.answer(2, 5), { name: "TypeError" });
  session.fail(2, "unserialisable", "a number");
  assert.throws(() => session.answer(1, 5), { name: "TypeError" });
  session.answer(1, "first");
  session.answer(3, "third");
  assert.equal(output(session), "= first\n! unserialisable a number\n= third\n");
  session.answer(3, "again");
  assert.equal(output(session), "");
});

Deno.test("Session gives an answer to the oldest request, and keeps the place of one that was given up", () => {
  const session = opened(orderDialect());
  const ids = ["a", "b", "c"].map((name) => session.request(name, [], undefined, SOON, name));
  assert.equal(output(session), "? a\n? b\n? c\n");
  session.cancel(ids[1]);
  assert.equal(session.pendingRequests, 2);
  assert.deepEqual(told(feed(session, "= 1\n= 2\n= 3\n")), ['answered a "1"', 'answered c "3"']);
  assert.equal(session.counts.lateAnswers, 1);
});

Deno.test("Session keeps the place of a request that has run out of time", () => {
  const session = opened(orderDialect());
  session.request("a", [], undefined, { now: 0, timeoutMs: 10 }, "a");
  session.request("b", [], undefined, { now: 0, timeoutMs: 50 }, "b");
  assert.equal(session.nextTickAt, 10);
  const [failed] = session.tick(10);
  assert.ok(failed.kind === "failed" && failed.error instanceof TimeoutError);
  assert.equal(failed.error.message, 'No answer to request "a" from the other side within 10 ms');
  assert.equal(failed.error.outcome, "unknown");
  assert.deepEqual(told(feed(session, "! late really\n= on time\n")), ['answered b "on time"']);
  assert.deepEqual(session.tick(50), []);
  assert.equal(session.nextTickAt, Infinity);
});

Deno.test("Session takes an answer that nobody asked for as a message, where nothing tells them apart", () => {
  const session = opened(orderDialect());
  assert.deepEqual(told(feed(session, "= by itself\n! odd error\n")), ['message "by itself"']);
  assert.equal(session.counts.lateAnswers, 1);
});

Deno.test("Session drops an answer to a request that it never sent", () => {
  const [client, server] = greeted(native());
  client.request("a", [], undefined, SOON, "a");
  server.receive(client.takeOutput(), 0);
  server.answer(77, "whose");
  server.answer(1, "yours");
  server.answer(1, "twice");
  assert.deepEqual(told(client.receive(server.takeOutput(), 0)), ['answered a "yours"']);
  assert.equal(client.counts.lateAnswers, 2);
});

Deno.test("Session says in the error of a request who failed and how", () => {
  const cases: [code: string, message: string, wanted: string][] = [
    ["not_found", "", 'Request "t" to the drill failed: nobody registered that name there'],
    ["not_found", "No t here", 'Request "t" to the drill failed: No t here'],
    ["handler_failed", "Oops", 'Request "t" to the drill failed in its handler: Oops'],
    ["busy", "", 'Request "t" to the drill failed with "busy"'],
    ["busy", "Later", 'Request "t" to the drill failed with "busy": Later'],
  ];
  for (const [code, message, wanted] of cases) {
    const session = sessionNamed("the drill");
    session.request("t", [], undefined, SOON, 0);
    const [failed] = feed(session, `! ${code} ${message}\n`);
    assert.ok(failed.kind === "failed" && failed.error instanceof RemoteError);
    assert.deepEqual([failed.error.message, failed.error.code, failed.error.outcome], [
      wanted,
      code,
      "failed",
    ]);
  }
});

function sessionNamed(link: string) {
  const session = sessionOf(orderDialect(), "client", { link });
  session.open(0);
  return session;
}

Deno.test("Session refuses more requests than limits.maxPending, those given up included", () => {
  const session = opened(orderDialect(), "client", { limits: { maxPending: 2 } });
  const first = session.request("a", [], undefined, SOON, "a");
  session.request("b", [], undefined, SOON, "b");
  session.cancel(first); // its answer is still to come, and is remembered for that
  assert.throws(() => session.request("c", [], undefined, SOON, "c"), {
    name: "ParleyError",
    code: "busy",
    outcome: "not-sent",
    message:
      'Cannot send request "c" to the other side: 2 requests wait for an answer already (limits.maxPending)',
  });
  assert.equal(output(session), "? a\n? b\n");
  feed(session, "= 1\n");
  session.request("c", [], undefined, SOON, "c");
  assert.equal(output(session), "? c\n");
});

Deno.test("Session leaves nothing behind of a message that cannot be said", () => {
  const [client] = greeted(native());
  client.send("before");
  const { outputBytes } = client;
  const refused = [
    () => client.send([1, () => {}]),
    () => client.action("go", ["x".repeat(2_000_000)]),
    () => client.request("go", [Symbol()], undefined, SOON, 0),
    () => client.answer(1, new Map()),
    () => client.encode(new Set()),
  ];
  for (const say of refused) {
    assert.throws(say, { code: "usage" });
    assert.equal(client.outputBytes, outputBytes);
  }
  assert.equal(client.pendingRequests, 0);
  assert.equal(client.counts.messagesOut, 1);
});

Deno.test("Session.encode gives bytes that any session of the dialect may send", () => {
  const dialect = native();
  const [client, server] = greeted(dialect);
  const [other] = greeted(dialect);
  other.send("under way");
  const bytes = other.encode({ a: 1 });
  client.sendEncoded(bytes);
  client.sendEncoded(bytes);
  assert.deepEqual(told(server.receive(client.takeOutput(), 0)), ['message {"a":1}', 'message {"a":1}']);
  assert.deepEqual([other.counts.messagesOut, client.counts.messagesOut], [1, 2]);
});

Deno.test("Session counts messages, bytes, faults and late answers", () => {
  const session = opened(orderDialect());
  session.send("one");
  assert.equal(session.counts.bytesOut, 0, "bytes are out once they are taken");
  session.takeOutput();
  feed(session, ". hello\nnonsense\n= 5\n! a b\n");
  assert.deepEqual(session.counts, {
    messagesIn: 3,
    messagesOut: 1,
    bytesIn: 27,
    bytesOut: 6,
    lateAnswers: 1,
    duplicates: 0,
    faults: 1,
  });
});

Deno.test("Session.receive hears nothing more after a fatal fault, but deadlines still pass", () => {
  const session = opened(orderDialect());
  session.request("a", [], undefined, SOON, "a");
  assert.deepEqual(told(feed(session, "fatal\n. more\n")), ["fault! bad_line"]);
  assert.deepEqual(feed(session, "= 1\n"), []);
  assert.deepEqual(session.receiveEnd(0), []);
  assert.equal(session.nextTickAt, 100);
  assert.deepEqual(told(session.tick(100)), ["failed a timeout"]);
});

Deno.test("Session makes a fault that escapes a dialect fatal: nothing is read after it", () => {
  const failing: Dialect = {
    name: "failing",
    correlation: "none",
    converse: () => ({
      receive() {
        throw new ProtocolError("odd", "Odd", { fatal: false });
      },
      receiveEnd() {},
      write() {},
    }),
  };
  const session = opened(failing);
  assert.deepEqual(told(feed(session, "x")), ["fault! odd"]);
  assert.deepEqual(feed(session, "x"), []);
});

Deno.test("Session.tick survives a dialect that fails by the clock", () => {
  const failing: Dialect = {
    name: "failing",
    correlation: "none",
    converse: () => ({
      receive() {},
      receiveEnd() {},
      write() {},
      nextTickAt: 5,
      tick() {
        throw new Error("Clock");
      },
    }),
  };
  const session = opened(failing);
  assert.deepEqual(session.tick(4), []);
  assert.deepEqual(told(session.tick(5)), ["fault! dialect_failed"]);
  assert.equal(session.nextTickAt, Infinity);
  assert.deepEqual(session.tick(6), []);
});

Deno.test("Session.drain ends every request, and lets the last word be said", () => {
  const [client, server] = greeted(native());
  client.request("a", [], undefined, SOON, "a");
  client.request("b", [], undefined, SOON, "b");
  const gone = (name: string) => new BrokenError("disconnected", `Gone before ${name}`);
  assert.deepEqual(told(client.drain(gone)), ["failed a disconnected", "failed b disconnected"]);
  assert.deepEqual(client.drain(gone), []);
  client.close("bye", "so long");
  assert.deepEqual(told(server.receive(client.takeOutput(), 0)).at(-1), "goodbye bye: so long");
  server.answer(1, "late");
  assert.deepEqual(client.receive(server.takeOutput(), 0), []);
});

Deno.test("Session keeps nothing of the memory it reads", () => {
  const dialect = defineDialect<string>({
    name: "text",
    correlation: "none",
    open: () => ({ codec: lines(), read: (line) => ({ kind: "message", value: line }), write: () => "" }),
  });
  const session = opened(dialect);
  const memory = new TextEncoder().encode("one\ntw");
  assert.deepEqual(told(session.receive(memory, 0)), ['message "one"']);
  memory.fill(0);
  assert.deepEqual(told(feed(session, "o\n")), ['message "two"']);
});

Deno.test("where only the order tells, a request that waited while an answer was dropped says so", () => {
  const session = opened(orderDialect(), "client");
  session.request("skipped", [], undefined, SOON, "skipped");
  session.tick(100);
  session.request("next", [], undefined, { now: 100, timeoutMs: 100 }, "next");
  assert.deepEqual(feed(session, "= of next\n"), [], "taken for that of the skipped one");
  const [event] = session.tick(200);
  assert.ok(event.kind === "failed");
  assert.match(
    event.error.message,
    /within 100 ms; an answer came meanwhile and was taken for that of an earlier request that was given up/,
  );
});
