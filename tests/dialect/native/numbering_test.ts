import assert from "node:assert/strict";
import type { SessionEvent } from "../../../src/session_event.ts";
import { outputHex, sessionOf, toHex, told } from "../conversation.ts";
import { native } from "../../../src/dialect/native/native.ts";
import { ascii, call, exchange, frame, fromHex, MAGIC, numbered, resumable, str, talking } from "./wire.ts";

const [HELLO, WELCOME, PING, PONG, ACK, MSG, REQ, RES, ERR, CANCEL, CREDIT, GOAWAY, PART] = [
  ...[0, 3, 4, 5, 6, 7, 8, 9, 10, 11, 15, 16, 17],
];
const [NONE, MSGPACK, BYTES, TEXT] = [0, 1, 2, 3];
const SECOND = { now: 0, timeoutMs: 1000 };

function faultOf(events: readonly SessionEvent[]): [code: string, message: string] {
  const [event] = events;
  assert.ok(event?.kind === "fault" && event.error.fatal, told(events).join());
  return [event.error.code, event.error.message];
}

function request(seq: number, id = seq): string {
  return numbered(seq, REQ, NONE, id, call(0, "t"));
}

Deno.test("native greets with the capability to come back, and the server names the session", () => {
  const client = sessionOf(native(), "client", { resumable: true });
  client.open(0);
  const limits = `${str("limits")} 81 ${str("maxFrameBytes")} ce00100000`;
  const hello = `84 ${str("v")} 920101 ${str("role")} ${str("client")} ${str("caps")} 91 ${
    str("resume")
  } ${limits}`;
  assert.equal(outputHex(client), MAGIC + frame(HELLO, MSGPACK, 0, hello));
  const admit = () => ({ session: () => ({ sid: "5e55", epoch: "first" }) });
  const server = sessionOf(native(), "server", { admit });
  server.open(0);
  server.receive(fromHex(MAGIC + frame(HELLO, MSGPACK, 0, hello)), 0);
  const welcome =
    `88 ${str("v")} 01 ${str("resumed")} c2 ${str("rx")} 00 ${str("caps")} 91 ${str("resume")} ` +
    `${limits} ${str("hbMs")} cd2710 ${str("sid")} ${str("5e55")} ${str("epoch")} ${str("first")}`;
  assert.equal(outputHex(server), MAGIC + frame(WELCOME, MSGPACK, 0, welcome));
  client.receive(fromHex(MAGIC + frame(WELCOME, MSGPACK, 0, welcome)), 0);
  assert.deepEqual([client.isResumable, server.isResumable], [true, true]);
});

Deno.test("native has a session that outlives its link only where both sides want it", () => {
  const admit = () => ({ session: () => ({ sid: "5e55", epoch: "first" }) });
  for (const [client, server] of [talking({ resumable: true }), talking({}, { admit })]) {
    assert.deepEqual([client.isResumable, server.isResumable], [false, false]);
    client.sendAcked("x", SECOND, 0);
    assert.equal(outputHex(client), frame(MSG, TEXT, 1, call(1000, "", ascii("x"))));
    assert.equal(client.keptBytes, 0);
  }
});

Deno.test("native numbers what must arrive, 1, 2, 3, and nothing else", () => {
  const [client] = resumable();
  const cases: [write: () => unknown, wanted: string][] = [
    [() => client.send("plain"), frame(MSG, TEXT, 0, call(0, "", ascii("plain")))],
    [() => client.action("go", []), frame(MSG, NONE, 0, call(0, "go"))],
    [() => client.request("t", [], undefined, SECOND, 0), numbered(1, REQ, NONE, 1, call(1000, "t"))],
    [() => client.sendAcked("x", SECOND, 0), numbered(2, MSG, TEXT, 2, call(1000, "", ascii("x")))],
    [() => client.actionAcked("go", [], undefined, SECOND, 0), numbered(3, MSG, NONE, 3, call(1000, "go"))],
    [() => client.send("plain"), frame(MSG, TEXT, 0, call(0, "", ascii("plain")))],
    [() => client.credit(1, 5), numbered(4, CREDIT, BYTES, 1, "00000005")],
    [() => client.cancel(1), numbered(5, CANCEL, NONE, 1)],
    [() => client.answer(9, "yes"), numbered(6, RES, TEXT, 9, ascii("yes"))],
    [
      () => client.fail(9, "no", ""),
      numbered(7, ERR, MSGPACK, 9, `82 ${str("code")} ${str("no")} ${str("message")} a0`),
    ],
    [() => client.part(9, "p"), numbered(8, PART, TEXT, 9, ascii("p"))],
    [() => client.tick(10_000), frame(PING, BYTES, 0, "00".repeat(8))],
    [() => client.receive(fromHex(frame(PING, NONE, 0)), 10_000), frame(PONG, NONE, 0)],
    [
      () => client.close("bye", ""),
      frame(GOAWAY, MSGPACK, 0, `82 ${str("code")} ${str("bye")} ${str("message")} a0`),
    ],
  ];
  for (const [write, wanted] of cases) {
    write();
    assert.equal(outputHex(client), wanted, String(write));
  }
});

Deno.test("native counts each direction by itself, and once for all that is said", () => {
  const [client, server] = resumable();
  server.request("t", [], undefined, SECOND, 0);
  client.request("t", [], undefined, SECOND, 0);
  assert.deepEqual(told(server.receive(client.takeOutput(), 0)), ["request 1 t []"]);
  assert.deepEqual(told(client.receive(server.takeOutput(), 0)), ["request 1 t []"]);
  client.answer(1, "x");
  assert.equal(outputHex(client), numbered(2, RES, TEXT, 1, ascii("x")));
});

Deno.test("native gives no number to what cannot be said", () => {
  const [client] = resumable();
  const refused = [
    () => client.request("t", [() => {}], undefined, SECOND, 0),
    () => client.sendAcked("x".repeat(2_000_000), SECOND, 0),
    () => client.part(1, new Map()),
  ];
  for (const say of refused) assert.throws(say, { code: "usage" });
  client.request("t", [], undefined, SECOND, 0);
  assert.equal(outputHex(client), numbered(1, REQ, NONE, 3, call(1000, "t")));
});

Deno.test("native refuses a number where none was agreed on", () => {
  const unnumbered = [numbered(7, PING, NONE, 0), numbered(1, MSG, NONE, 0, call(0, ""))];
  const cases: [sessions: typeof talking, bytes: string[]][] = [
    [talking, [request(1), numbered(2, RES, NONE, 1), numbered(3, CANCEL, NONE, 1), ...unnumbered]],
    [resumable, [...unnumbered, numbered(1, ACK, NONE, 0)]],
  ];
  for (const [sessions, all] of cases) {
    for (const bytes of all) {
      const [client] = sessions();
      const [type, seq] = [parseInt(bytes.slice(8, 10), 16), parseInt(bytes.slice(12, 20), 16)];
      assert.deepEqual(faultOf(client.receive(fromHex(bytes), 0)), [
        "bad_seq",
        `Frame of type ${type} has number ${seq}, which was not agreed on`,
      ]);
    }
  }
});

Deno.test("native refuses what must arrive without a number, where numbers were agreed on", () => {
  const all = [
    ...[REQ, RES, ERR, CANCEL, CREDIT, PART].map((type) => frame(type, NONE, 1, call(0, "t"))),
    frame(MSG, NONE, 1, call(0, "")),
  ];
  for (const bytes of all) {
    const [client] = resumable();
    const type = parseInt(bytes.slice(8, 10), 16);
    assert.deepEqual(faultOf(client.receive(fromHex(bytes), 0)), [
      "bad_seq",
      `Frame of type ${type} has no number, and needs one in this session`,
    ]);
  }
});

Deno.test("native passes over extensions with and without a number, and counts those that have one", () => {
  const [, server] = resumable();
  const bytes = frame(99, NONE, 5) + numbered(1, 99, NONE, 0) + request(2, 1);
  assert.deepEqual(told(server.receive(fromHex(bytes), 0)), ["request 1 t []"]);
});

Deno.test("native drops and counts what comes twice, and stops at a gap", () => {
  const [, server] = resumable();
  assert.deepEqual(told(server.receive(fromHex(request(1) + request(2) + request(1, 9) + request(2)), 0)), [
    "request 1 t []",
    "request 2 t []",
  ]);
  assert.equal(server.counts.duplicates, 2);
  assert.deepEqual(told(server.receive(fromHex(request(3)), 0)), ["request 3 t []"]);
  const events = server.receive(fromHex(frame(MSG, NONE, 0, call(0, "")) + request(5) + request(4)), 0);
  assert.deepEqual(told(events), ["message undefined", "fault! seq_gap"]);
  assert.deepEqual(faultOf(events.slice(1)), ["seq_gap", "Frame 5 came after frame 3: some are missing"]);
});

Deno.test("native acknowledges at the latest after 64 frames, in the same breath", () => {
  const [, server] = resumable();
  const frames = Array.from({ length: 64 }, (_, i) => request(i + 1));
  server.receive(fromHex(frames.slice(0, 63).join("")), 0);
  assert.equal(server.outputBytes, 0);
  server.receive(fromHex(frames[63]), 0);
  assert.equal(outputHex(server), frame(ACK, NONE, 64));
  server.receive(fromHex(Array.from({ length: 63 }, (_, i) => request(i + 65)).join("")), 0);
  assert.equal(server.outputBytes, 0, "it counts from the last one");
});

Deno.test("native acknowledges at the latest after 64 KiB", () => {
  const [, server] = resumable();
  const big = (seq: number, size: number) => {
    const head = 14 + 6;
    return numbered(seq, REQ, BYTES, seq, call(0, "t", "00".repeat(size - head)));
  };
  server.receive(fromHex(big(1, 40_000)), 0);
  assert.equal(server.outputBytes, 0);
  server.receive(fromHex(big(2, 65_536 - 40_000 - 1)), 0);
  assert.equal(server.outputBytes, 0);
  server.receive(fromHex(request(3)), 0);
  assert.equal(outputHex(server), frame(ACK, NONE, 3));
});

Deno.test("native acknowledges at the latest 50 ms after the first frame, once", () => {
  const [, server] = resumable();
  server.receive(fromHex(request(1)), 1000);
  server.receive(fromHex(request(2)), 1040);
  assert.equal(server.nextTickAt, 1050);
  server.tick(1049);
  assert.equal(server.outputBytes, 0);
  server.tick(1050);
  assert.equal(outputHex(server), frame(ACK, NONE, 2));
  assert.ok(server.nextTickAt > 1050 + 50, "nothing is due");
  server.receive(fromHex(frame(MSG, NONE, 0, call(0, ""))), 1060);
  assert.ok(server.nextTickAt > 1110, "what has no number needs no acknowledgement");
  server.receive(fromHex(request(2) + request(1)), 1070);
  assert.equal(server.nextTickAt, 1120, "who says it again does not know that it has come");
  server.tick(1120);
  assert.equal(outputHex(server), frame(ACK, NONE, 2));
});

Deno.test("native keeps what was not acknowledged, and no more", () => {
  const [client, server] = resumable({ limits: { maxReplayFrames: 3 } });
  const size = 14 + 6;
  client.send("plain");
  for (let i = 1; i <= 2; i++) client.request("t", [], undefined, SECOND, i);
  client.takeOutput();
  assert.deepEqual([client.keptBytes, client.isFull], [2 * size, false]);
  client.request("t", [], undefined, SECOND, 3);
  assert.equal(client.isFull, true, "also before it has left");
  client.takeOutput();
  client.receive(fromHex(frame(ACK, NONE, 2)), 0);
  assert.deepEqual([client.keptBytes, client.isFull], [size, false]);
  client.receive(fromHex(frame(ACK, NONE, 2)), 0);
  client.receive(fromHex(frame(ACK, NONE, 1)), 0);
  assert.equal(client.keptBytes, size, "an old one says nothing new");
  client.receive(fromHex(frame(ACK, NONE, 3)), 0);
  assert.equal(client.keptBytes, 0);
  assert.equal(server.keptBytes, 0);
});

Deno.test("native is full by bytes as well", () => {
  const [client] = resumable({ limits: { maxReplayBytes: 1000 } });
  client.request("t", [new Uint8Array(500)], undefined, SECOND, 0);
  client.takeOutput();
  assert.equal(client.isFull, false);
  client.request("t", [new Uint8Array(500)], undefined, SECOND, 0);
  assert.equal(client.isFull, true);
});

Deno.test("native refuses an acknowledgement of what was never sent", () => {
  const [client] = resumable();
  client.request("t", [], undefined, SECOND, 0);
  client.takeOutput();
  client.request("t", [], undefined, SECOND, 0); // written, but not on its way
  assert.deepEqual(faultOf(client.receive(fromHex(frame(ACK, NONE, 2)), 0)), [
    "bad_ack",
    "Frame 2 was acknowledged, but the last one sent is 1",
  ]);
});

Deno.test("native passes over an acknowledgement where there is nothing to acknowledge", () => {
  const [client] = talking();
  assert.deepEqual(client.receive(fromHex(frame(ACK, NONE, 77)), 0), []);
});

Deno.test("native loses nothing and keeps nothing of ten thousand requests each way", () => {
  const [client, server] = resumable();
  const asked: SessionEvent[] = [];
  for (let round = 0; round < 100; round++) {
    for (let i = 0; i < 100; i++) {
      client.request("t", [i], undefined, SECOND, 0);
      server.request("u", [i], undefined, SECOND, 0);
    }
    const events = exchange(client, server, round);
    asked.push(...events.server, ...events.client);
    for (const event of events.server) if (event.kind === "request") server.answer(event.id, event.args);
    for (const event of events.client) if (event.kind === "request") client.answer(event.id, event.args);
    asked.push(...exchange(client, server, round).client);
  }
  client.tick(1000);
  server.tick(1000);
  exchange(client, server, 1000);
  assert.equal(asked.filter((event) => event.kind === "request").length, 20_000);
  assert.equal(asked.filter((event) => event.kind === "answered").length, 10_000);
  assert.deepEqual([client.pendingRequests, server.pendingRequests], [0, 0]);
  assert.deepEqual([client.keptBytes, server.keptBytes], [0, 0]);
  assert.deepEqual(asked.filter((event) => event.kind === "fault"), []);
  assert.equal(toHex(client.takeOutput()), "");
});
