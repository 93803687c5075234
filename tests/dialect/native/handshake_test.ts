import assert from "node:assert/strict";
import { native } from "../../../src/dialect/native/native.ts";
import type { Session } from "../../../src/session.ts";
import type { SessionEvent } from "../../../src/session_event.ts";
import { feedSingly, outputHex, sessionOf, toHex, told } from "../conversation.ts";
import { ascii, call, frame, fromHex, MAGIC, str, talking } from "./wire.ts";

const [HELLO, WELCOME, PING, MSG, GOAWAY] = [0, 3, 4, 7, 16];
const MSGPACK = 1;
const TEXT = 3;

const HELLO_BODY = `84 ${str("v")} 920101 ${str("role")} ${str("client")} ${str("caps")} 90 ${
  str("limits")
} 81 ${str("maxFrameBytes")} ce00100000`;
const WELCOME_BODY = `86 ${str("v")} 01 ${str("resumed")} c2 ${str("rx")} 00 ${str("caps")} 90 ` +
  `${str("limits")} 81 ${str("maxFrameBytes")} ce00100000 ${str("hbMs")} cd2710`;

function open(role: "client" | "server", given = {}): Session {
  const session = sessionOf(native(), role, given);
  assert.deepEqual(session.open(0), []);
  return session;
}

function hello(body: string): Uint8Array {
  return fromHex(MAGIC + frame(HELLO, MSGPACK, 0, body));
}

function faultOf(events: readonly SessionEvent[]): { code: string; message: string } {
  assert.equal(events.length, 1);
  const [event] = events;
  assert.ok(event.kind === "fault" && event.error.fatal, told(events).join());
  return { code: event.error.code, message: event.error.message };
}

Deno.test("native greets with the magic, HELLO and WELCOME", () => {
  const client = open("client");
  assert.equal(outputHex(client), MAGIC + frame(HELLO, MSGPACK, 0, HELLO_BODY));
  const server = open("server");
  assert.equal(outputHex(server), "", "a stranger gets no word");
  assert.deepEqual(told(feedSingly(server, hello(HELLO_BODY))), ["ready"]);
  assert.equal(outputHex(server), MAGIC + frame(WELCOME, MSGPACK, 0, WELCOME_BODY));
  assert.deepEqual(told(feedSingly(client, fromHex(MAGIC + frame(WELCOME, MSGPACK, 0, WELCOME_BODY)))), [
    "ready",
  ]);
  assert.ok(client.ready && server.ready);
});

Deno.test("native reads what follows the greeting in the same chunk", () => {
  const server = open("server");
  const bytes = toHex(hello(HELLO_BODY)) + frame(MSG, TEXT, 0, call(0, "", ascii("first")));
  assert.deepEqual(told(server.receive(fromHex(bytes), 0)), ["ready", 'message "first"']);
});

Deno.test("native takes a HELLO with fields that it does not know", () => {
  const body = `83 ${str("v")} 920009 ${str("future")} 9301c0a0 ${str("caps")} 91${str("zip")}`;
  assert.deepEqual(told(open("server").receive(hello(body), 0)), ["ready"]);
});

Deno.test("native tells a program that speaks something else, at the first byte that differs", () => {
  const server = open("server");
  assert.deepEqual(faultOf(server.receive(new TextEncoder().encode("GET / HTTP/1.1\r\n"), 0)), {
    code: "not_native",
    message: "Bytes from the client are not the native dialect: wanted c1 50 4c 01, " +
      'got 47 45 54 20 2f 20 48 54 54 50 2f 31 2e 31 0d 0a ("GET / HTTP/1.1.."); set the "dialect" option to what the client speaks',
  });
  server.close("protocol", "no");
  assert.equal(outputHex(server), "", "it gets no word out of us");
  for (const bytes of ["00", "c151", "c1504d"]) {
    const session = open("server");
    const counts = [...fromHex(bytes)].map((byte) => session.receive(Uint8Array.of(byte), 0).length);
    assert.equal(counts.indexOf(1), counts.length - 1, bytes);
  }
});

Deno.test("native tells another major version by its number", () => {
  for (const [role, session] of [["client", open("client")], ["server", open("server")]] as const) {
    assert.deepEqual(faultOf(feedSingly(session, fromHex("c1504c02"))), {
      code: "version",
      message: "Other side speaks version 2 of the native dialect, we speak 1",
    }, role);
  }
});

Deno.test("native refuses minor versions that it does not speak, and says goodbye with the range", () => {
  const server = open("server");
  const events = server.receive(hello(`81 ${str("v")} 920205`), 0);
  const message = "Other side speaks minor versions 2 to 5, we speak 1 to 1";
  assert.deepEqual(faultOf(events), { code: "version", message });
  const client = open("client");
  assert.deepEqual(told(client.receive(server.takeOutput(), 0)), [`goodbye version: ${message}`]);
  assert.equal(server.ready, false);
});

Deno.test("native refuses a HELLO or WELCOME that is none", () => {
  const bodies = [
    "80",
    "90",
    "05",
    "c0",
    `81 ${str("v")} 01`,
    `81 ${str("v")} 9101`,
    `81 ${str("v")} 92a0a0`,
    "c1",
    "",
  ];
  for (const body of bodies) {
    const { code } = faultOf(feedSingly(open("server"), hello(body)));
    assert.match(code, /^(handshake|bad_msgpack)$/, body);
  }
  for (const body of ["80", "05", `81 ${str("v")} 02`, `81 ${str("v")} 00`, `81 ${str("v")} c0`, "c1"]) {
    const { code } = faultOf(feedSingly(open("client"), fromHex(MAGIC + frame(WELCOME, MSGPACK, 0, body))));
    assert.match(code, /^(handshake|version|bad_msgpack)$/, body);
  }
});

Deno.test("native ends the link for a greeting that cannot be read, though elsewhere that is harmless", () => {
  const { code } = faultOf(feedSingly(open("server"), fromHex(MAGIC + frame(HELLO, TEXT, 0, "ff"))));
  assert.equal(code, "bad_payload");
  const client = open("client");
  const goaway = frame(GOAWAY, TEXT, 0, "ff");
  assert.equal(faultOf(feedSingly(client, fromHex(MAGIC + goaway))).code, "bad_payload");
});

Deno.test("native detects an echo, and two clients", () => {
  const message =
    "Own greeting came back: the other side is an echo, or two clients are talking to each other";
  const client = open("client");
  assert.deepEqual(faultOf(feedSingly(client, client.takeOutput().slice())), { code: "handshake", message });
  const [one, other] = [open("client"), open("client")];
  assert.deepEqual(faultOf(one.receive(other.takeOutput(), 0)), { code: "handshake", message });
});

Deno.test("native refuses any other first frame", () => {
  assert.deepEqual(faultOf(feedSingly(open("server"), fromHex(MAGIC + frame(MSG, 0, 0, call(0, ""))))), {
    code: "handshake",
    message: "First frame has type 7, wanted 0",
  });
  assert.equal(faultOf(feedSingly(open("server"), fromHex(MAGIC + frame(PING, 0, 0)))).code, "handshake");
  assert.equal(
    faultOf(feedSingly(open("client"), fromHex(MAGIC + frame(MSG, 0, 0, call(0, ""))))).message,
    "First frame has type 7, wanted 3",
  );
});

Deno.test("native holds strangers to maxHandshakeBytes, from the length field alone", () => {
  const server = open("server", { limits: { maxHandshakeBytes: 500 } });
  assert.deepEqual(faultOf(feedSingly(server, fromHex(`${MAGIC}000001f5`))), {
    code: "too_large",
    message: "Frame of 501 bytes exceeds the limit of 500 bytes (limits.maxHandshakeBytes)",
  });
  const byDefault = open("server");
  assert.equal(faultOf(byDefault.receive(fromHex(`${MAGIC}00004001`), 0)).code, "too_large");
  assert.deepEqual(open("server").receive(fromHex(`${MAGIC}00004000`), 0), []);
});

Deno.test("native greets also with a maxFrameBytes that is smaller than the greeting", () => {
  const [client, server] = talking({ limits: { maxFrameBytes: 64 } }, { limits: { maxFrameBytes: 64 } });
  assert.ok(client.ready && server.ready);
  client.send("x".repeat(49));
  assert.deepEqual(told(server.receive(client.takeOutput(), 0)), [`message "${"x".repeat(49)}"`]);
  assert.throws(() => client.send("x".repeat(50)), { name: "RangeError" });
});

Deno.test("native does not let the other side raise our limit", () => {
  const [client] = talking({ limits: { maxFrameBytes: 100 } }, { limits: { maxFrameBytes: 67_108_864 } });
  assert.throws(() => client.send("x".repeat(200)), { name: "RangeError", message: /is 100 bytes/ });
  const [, server] = talking({ limits: { maxFrameBytes: 64 } });
  assert.throws(() => server.send("x".repeat(50)), { message: /is 64 bytes/ });
  const odd = open("server", { limits: { maxFrameBytes: 100 } });
  odd.receive(hello(`82 ${str("v")} 920101 ${str("limits")} 81 ${str("maxFrameBytes")} ff`), 0);
  assert.ok(odd.ready);
  assert.throws(() => odd.send("x".repeat(200)), { message: /is 100 bytes/ });
});

Deno.test("native refuses whom admit refuses, and tells them why", () => {
  let asked = 0;
  const refusal = { code: "limit", message: "No room" };
  const server = open("server", { admit: () => (asked++, { refusal }) });
  const client = open("client");
  const greeting = client.takeOutput().slice();
  assert.deepEqual(told(feedSingly(server, greeting)), ["lost limit: No room"]);
  assert.equal(server.ready, false);
  const farewell = server.takeOutput().slice();
  assert.deepEqual(told(feedSingly(client, farewell)), ["goodbye limit: No room"]);
  assert.equal(client.ready, false);
  assert.deepEqual(server.receive(fromHex(frame(HELLO, MSGPACK, 0, HELLO_BODY).repeat(3)), 0), []);
  assert.equal(outputHex(server), "", "it hears nothing more");
  assert.equal(asked, 1);
});

Deno.test("native refuses once however many greetings are in one chunk", () => {
  let asked = 0;
  const server = open("server", {
    admit: () => (asked++, { refusal: { code: "limit", message: "No room" } }),
  });
  const bytes = MAGIC + frame(HELLO, MSGPACK, 0, HELLO_BODY).repeat(5);
  assert.deepEqual(told(server.receive(fromHex(bytes), 0)), ["lost limit: No room"]);
  assert.equal(asked, 1);
});

Deno.test("native says the magic before a goodbye that comes before WELCOME", () => {
  const server = open("server");
  feedSingly(server, fromHex(`${MAGIC}00ffffff`));
  server.close("protocol", "no");
  const client = open("client");
  assert.deepEqual(told(client.receive(server.takeOutput(), 0)), ["goodbye protocol: no"]);
});

Deno.test("native reports a greeting that is cut off", () => {
  for (const [bytes, what] of [["c150", "an unfinished greeting"], [`${MAGIC}0000`, "an unfinished frame"]]) {
    const server = open("server");
    feedSingly(server, fromHex(bytes));
    assert.equal(
      faultOf(server.receiveEnd(0)).message,
      `Connection ended in mid-frame: 2 bytes of ${what} dropped`,
    );
  }
  assert.deepEqual(open("server").receiveEnd(0), [], "nothing said, nothing lost");
});
