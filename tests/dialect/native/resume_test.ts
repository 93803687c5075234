import assert from "node:assert/strict";
import { native } from "../../../src/dialect/native/native.ts";
import type { Session } from "../../../src/session.ts";
import type { SessionEvent } from "../../../src/session_event.ts";
import { outputHex, sessionOf, toHex, told } from "../conversation.ts";
import {
  ascii,
  call,
  exchange,
  frame,
  fromHex,
  MAGIC,
  numbered,
  relink,
  resumable,
  str,
  talking,
} from "./wire.ts";

const [HELLO, WELCOME, MSG, REQ, RES, CANCEL] = [0, 3, 7, 8, 9, 11];
const [NONE, MSGPACK, TEXT] = [0, 1, 3];
const SECOND = { now: 0, timeoutMs: 1000 };

function ask(session: Session, name: string, now = 0, kind = {}): void {
  session.request(name, [], undefined, { now, timeoutMs: 1000 }, name, kind);
}

function requests(events: readonly SessionEvent[]): string[] {
  return events.flatMap((event) => event.kind === "request" ? [event.name] : []);
}

Deno.test("native claims its session on the next link, and tells what has come", () => {
  const [client, server] = resumable();
  ask(server, "one");
  ask(server, "two");
  client.receive(server.takeOutput(), 0);
  assert.equal(client.suspend(), true);
  assert.equal(client.ready, false);
  client.open(0);
  const limits = `${str("limits")} 81 ${str("maxFrameBytes")} ce00100000`;
  const hello =
    `87 ${str("v")} 920101 ${str("role")} ${str("client")} ${str("caps")} 91 ${str("resume")} ${limits} ` +
    `${str("sid")} ${str("5e55")} ${str("epoch")} ${str("first")} ${str("rx")} 02`;
  assert.equal(outputHex(client), MAGIC + frame(HELLO, MSGPACK, 0, hello));

  const door = sessionOf(native(), "server", { admit: () => ({ moved: true }) });
  door.open(0);
  const rest = numbered(1, REQ, NONE, 1, call(0, "t"));
  const events = door.receive(fromHex(MAGIC + frame(HELLO, MSGPACK, 0, hello) + rest), 0);
  assert.deepEqual(told(events), [`moved 5e55 2 ${rest}`]);
  assert.equal(outputHex(door), "", "whoever goes on with the session answers");
  const [moved] = events;
  assert.ok(moved.kind === "moved");
  server.suspend();
  assert.deepEqual(told(server.resume(moved.claim, 0)), ["resumed 0"]);
  const welcome =
    `88 ${str("v")} 01 ${str("resumed")} c3 ${str("rx")} 00 ${str("caps")} 91 ${str("resume")} ` +
    `${limits} ${str("hbMs")} cd2710 ${str("sid")} ${str("5e55")} ${str("epoch")} ${str("first")}`;
  assert.equal(outputHex(server), MAGIC + frame(WELCOME, MSGPACK, 0, welcome));
  assert.deepEqual(told(server.receive(moved.rest, 0)), ["request 1 t []"]);
});

Deno.test("native sends again exactly what is missing, under the same numbers", () => {
  const [client, server] = resumable();
  for (const name of ["a", "b", "c", "d"]) ask(client, name);
  const all = toHex(client.takeOutput());
  const each = all.length / 4;
  server.receive(fromHex(all.slice(0, 2 * each + 6)), 0); // two of them and a bit of the third
  const events = relink(client, server);
  assert.deepEqual(told(events.client), ["resumed 2"]);
  assert.deepEqual(told(events.server), ["resumed 0"]);
  assert.equal(outputHex(client), all.slice(2 * each));
});

Deno.test("native sends again what both sides miss, and every call is answered once", () => {
  const [client, server] = resumable();
  ask(client, "a");
  ask(server, "x");
  const events = relink(client, server); // neither has arrived
  assert.deepEqual([told(events.client), told(events.server)], [["resumed 0", "request 1 x []"], [
    "resumed 0",
  ]]);
  assert.deepEqual(told(exchange(client, server).server), ["request 1 a []"]);
  server.answer(1, "A");
  client.answer(1, "X");
  server.takeOutput(); // lost
  client.takeOutput();
  const again = relink(client, server);
  assert.deepEqual(told(again.client), ["resumed 1", 'answered a "A"']);
  assert.deepEqual(told(exchange(client, server).server), ['answered x "X"']);
  assert.deepEqual([client.counts.lateAnswers, server.counts.lateAnswers], [0, 0]);
});

Deno.test("native does not send again what was not numbered", () => {
  const [client, server] = resumable();
  client.send("plain");
  ask(client, "a");
  client.send("plain");
  client.takeOutput();
  relink(client, server);
  assert.deepEqual(told(exchange(client, server).server), ["request 1 a []"]);
  client.send("waits in the output");
  client.action("too", []);
  assert.deepEqual(told(relink(client, server).client), ["resumed 0"]);
  assert.deepEqual(told(exchange(client, server).server), []);
});

Deno.test("native keeps what is said between two links for the next one, in order", () => {
  const [client, server] = resumable();
  ask(client, "lost");
  client.takeOutput();
  ask(client, "not sent yet");
  client.suspend();
  server.suspend();
  ask(client, "while down");
  client.sendAcked("acked", SECOND, "acked");
  assert.equal(client.outputBytes, 0);
  const events = relink(client, server);
  assert.deepEqual(told(events.client), ["resumed 1"]);
  assert.deepEqual(told(exchange(client, server).server), [
    "request 1 lost []",
    "request 2 not sent yet []",
    "request 3 while down []",
    'message "acked" @4',
  ]);
});

Deno.test("native lowers the remaining time of what it sends again, to 1 at the least", () => {
  const [client, server] = resumable();
  client.request("a", [], undefined, { now: 0, timeoutMs: 1000 }, "a");
  client.sendAcked("b", { now: 0, timeoutMs: 5000 }, "b");
  client.request("s", [], undefined, { now: 0, timeoutMs: Infinity }, "s", { stream: true });
  client.takeOutput();
  relink(client, server, 900);
  assert.equal(
    outputHex(client),
    numbered(1, REQ, NONE, 1, call(100, "a")) + numbered(2, MSG, TEXT, 2, call(4100, "", ascii("b"))) +
      numbered(3, REQ, 0x40, 3, call(0, "s")),
  );
  relink(client, server, 999.5);
  assert.match(outputHex(client), new RegExp(`^${numbered(1, REQ, NONE, 1, call(1, "a"))}`));
});

Deno.test("native puts CANCEL in the place of a request that nobody waits for any more", () => {
  for (const how of ["cancelled", "expired"]) {
    const [client, server] = resumable();
    ask(client, "a");
    ask(client, "given up", how === "expired" ? -900 : 0);
    ask(client, "c");
    client.takeOutput();
    client.suspend();
    server.suspend();
    if (how === "cancelled") client.cancel(2);
    else assert.deepEqual(told(client.tick(100)), ["failed given up timeout"]);
    relink(client, server, 100);
    const wanted = [
      numbered(1, REQ, NONE, 1, call(900, "a")),
      numbered(2, CANCEL, NONE, 2),
      numbered(3, REQ, NONE, 3, call(900, "c")),
    ];
    assert.ok(outputHex(client).startsWith(wanted.join("")), how);
  }
});

Deno.test("native puts CANCEL in the place of a request that was given up before it was ever sent", () => {
  const [client, server] = resumable();
  client.suspend();
  server.suspend();
  ask(client, "a");
  ask(client, "b");
  assert.equal(client.cancel(1), "not-sent");
  const [failed] = client.tick(1000);
  assert.ok(failed.kind === "failed" && failed.error.outcome === "not-sent");
  assert.match(failed.error.message, /within 1000 ms: the link was down, and it was not sent$/);
  relink(client, server, 1000);
  const events = exchange(client, server).server;
  assert.deepEqual(requests(events), []);
  assert.deepEqual(told(events).filter((text) => text !== "cancel 1"), ["cancel 2"]);
});

Deno.test("native tells the other side that a call which it has got was given up while the link was down", () => {
  const [client, server] = resumable();
  client.request("all", [], undefined, { now: 0, timeoutMs: Infinity }, "all", { stream: true });
  assert.deepEqual(requests(exchange(client, server).server), ["all"]);
  client.suspend();
  server.suspend();
  client.cancel(1);
  relink(client, server);
  assert.deepEqual(told(exchange(client, server).server), ["cancel 1"]);
});

Deno.test("native does not repeat what must never be, when it may have arrived", () => {
  const [client, server] = resumable();
  ask(client, "arrived", 0, { resend: "never" });
  server.receive(client.takeOutput(), 0);
  ask(client, "left", 0, { resend: "never" });
  ask(client, "safe");
  client.takeOutput();
  ask(client, "stayed", 0, { resend: "never" });
  const events = relink(client, server);
  assert.deepEqual(told(events.client), ["failed left unknown_outcome", "resumed 2"]);
  assert.deepEqual(told(exchange(client, server).server), [
    "cancel 2",
    "request 3 safe []",
    "request 4 stayed []",
  ]);
  assert.equal(client.pendingRequests, 3);
  server.answer(1, "fine");
  assert.deepEqual(told(exchange(client, server).client), ['answered arrived "fine"']);
});

Deno.test("native takes an answer on another link than the one it was asked on", () => {
  const [client, server] = resumable();
  ask(client, "a");
  exchange(client, server);
  client.suspend();
  server.suspend();
  server.answer(1, "while down");
  server.fail(9, "busy", "");
  assert.deepEqual(told(relink(client, server).client), ["resumed 0", 'answered a "while down"']);
  assert.equal(client.counts.lateAnswers, 1);
});

Deno.test("native counts what comes twice after a link that was lost in mid-frame", () => {
  const [client, server] = resumable();
  server.part(7, "one");
  const sent = toHex(server.takeOutput());
  client.receive(fromHex(sent.slice(0, -2)), 0);
  const events = relink(client, server);
  assert.deepEqual(told(events.server), ["resumed 1"]);
  assert.equal(client.counts.duplicates, 0);
  client.receive(fromHex(sent), 0);
  assert.equal(client.counts.duplicates, 1);
});

Deno.test("native survives links that are lost again and again, before and after the greeting", () => {
  const [client, server] = resumable();
  for (const name of ["a", "b", "c"]) ask(client, name);
  client.takeOutput();
  for (let i = 0; i < 5; i++) {
    assert.equal(client.suspend(), true);
    client.open(0);
    client.takeOutput(); // never arrives
    relink(client, server);
    if (i % 2 === 0) client.takeOutput();
  }
  relink(client, server);
  assert.deepEqual(requests(exchange(client, server).server), ["a", "b", "c"]);
  assert.equal(server.counts.duplicates, 0);
});

Deno.test("native ends a link whose claim cannot be", () => {
  const [client, server] = resumable();
  ask(server, "a");
  server.takeOutput();
  server.suspend();
  const claim = { sid: "5e55", epoch: "first", rx: 2, maxFrameBytes: 1000 };
  const [fault] = server.resume(claim, 0);
  assert.ok(fault.kind === "fault" && fault.error.fatal);
  assert.equal(fault.error.message, "Frame 2 was acknowledged, but the last one sent is 1");
  assert.equal(client.isResumable, true);
});

Deno.test("native refuses a greeting that goes on with a session and does not tell where", () => {
  for (const rx of ["", `${str("rx")} ff`, `${str("rx")} ${str("x")}`, `${str("rx")} cf0000000100000000`]) {
    const door = sessionOf(native(), "server", { admit: () => ({ moved: true }) });
    door.open(0);
    const count = rx === "" ? "84" : "85";
    const body =
      `${count} ${str("v")} 920101 ${str("caps")} 91 ${str("resume")} ${str("sid")} ${str("5e55")} ` +
      `${str("epoch")} ${str("first")} ${rx}`;
    const [fault] = door.receive(fromHex(MAGIC + frame(HELLO, MSGPACK, 0, body)), 0);
    assert.ok(fault.kind === "fault" && fault.error.fatal && fault.error.code === "handshake", rx);
    assert.equal(
      fault.error.message,
      'HELLO does not tell in "rx" which frame was the last to arrive',
    );
  }
});

Deno.test("native keeps nothing of a session that ends with its link", () => {
  const [client] = talking();
  ask(client, "a");
  assert.equal(client.suspend(), false);
  client.open(0);
  assert.match(outputHex(client), new RegExp(`^${MAGIC}`));
  assert.deepEqual(told(client.receive(fromHex(numbered(1, RES, NONE, 1)), 0)), ["fault! not_native"]);
});

Deno.test("Session.encode leaves nothing behind while the link is down", () => {
  const [client, server] = resumable();
  client.suspend();
  server.suspend();
  const { keptBytes } = client;
  assert.equal(toHex(client.encode("measured")), frame(MSG, TEXT, 0, call(0, "", ascii("measured"))));
  assert.equal(client.keptBytes, keptBytes);
  relink(client, server);
  assert.deepEqual(told(exchange(client, server).server), []);
});

Deno.test("Session.part counts the credit while the link is down", () => {
  const [client, server] = resumable();
  client.request("all", [], undefined, SECOND, "t", { stream: true });
  exchange(client, server);
  client.suspend();
  server.suspend();
  assert.equal(server.part(1, "four"), 18);
  assert.deepEqual(told(relink(client, server).client), ["resumed 0", 'part t "four"']);
});
