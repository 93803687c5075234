import assert from "node:assert/strict";
import { leads } from "../../src/dialect/leads/leads.ts";
import type { SessionEvent } from "../../src/session_event.ts";
import { checkDialect, type SaidMessage } from "../../src/testing/check_dialect.ts";
import { feed, feedSingly, fromHex, output } from "./conversation.ts";
import { AT_ONCE, heard, leadsSession } from "./leads_session.ts";
import { scenario, sentBy } from "./wire/recording.ts";

function say(...values: unknown[]): SaidMessage[] {
  return values.map((value) => ({ kind: "message", value }));
}

function utf8(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

Deno.test("leads keeps the contract of dialects", () => {
  checkDialect({
    dialect: leads(AT_ONCE),
    samples: [
      {
        messages: say("hello", "", "speed=12.5,gear=D", "vitesse é ✓", "disconnected", "a\r\nb\0"),
        bytes: utf8("hello;;speed=12.5,gear=D;vitesse é ✓;disconnected;a\r\nb\0;"),
      },
      {
        messages: say(5, -2.5, true, 10n),
        arrives: say("5", "-2.5", "true", "10"),
        bytes: utf8("5;-2.5;true;10;"),
      },
      { messages: say(utf8("raw bytes")), arrives: say("raw bytes") },
      { messages: say("\uFEFFbom"), bytes: fromHex("efbbbf 626f6d 3b") },
    ],
    unsayable: [
      ...say("a;b", ";", "disconnect", {}, null, undefined, [1], utf8("a;b"), utf8("disconnect")),
      { kind: "action", name: "go", args: [] },
    ],
  });
});

Deno.test("leads keeps the contract of dialects with payload bytes", () => {
  checkDialect({
    dialect: leads(AT_ONCE),
    payload: "bytes",
    samples: [
      {
        messages: say(Uint8Array.of(0, 1, 255, 10), utf8("")),
        bytes: Uint8Array.of(0, 1, 255, 10, 0x3b, 0x3b),
      },
      { messages: say("text"), arrives: say(utf8("text")) },
    ],
    unsayable: say("a;b", {}, utf8("a;b"), utf8("disconnect")),
  });
});

Deno.test("leads keeps the contract of dialects with separators of several bytes, and of no text", () => {
  checkDialect({
    dialect: leads({ ...AT_ONCE, separator: "\r\n" }),
    samples: [{ messages: say("a;b", "", "x\ry\nz", "é"), bytes: utf8("a;b\r\n\r\nx\ry\nz\r\né\r\n") }],
    unsayable: say("a\r\nb", "disconnect", "ends with\r\n"),
  });
  checkDialect({
    dialect: leads({ ...AT_ONCE, separator: "--" }),
    samples: [{ messages: say("a-b", "-c"), bytes: utf8("a-b---c--") }],
    unsayable: say("a-", "--", "a--b"),
  });
  checkDialect({
    dialect: leads({ ...AT_ONCE, separator: Uint8Array.of(0xff) }),
    samples: [{ messages: say("a;b", "é"), bytes: fromHex("61 3b 62 ff c3 a9 ff") }],
    unsayable: say(Uint8Array.of(1, 255, 2), "disconnect"),
  });
});

// ---- the quirks

Deno.test("leads quirk 1: the part of a message behind a whole one is kept", () => {
  const bytes = sentBy(scenario("leads", "partial_trailing_message"), "c2s");
  for (const size of [512, 511, 301, 302]) {
    const server = leadsSession();
    const events: SessionEvent[] = [];
    for (let at = 0; at < bytes.length; at += size) {
      events.push(...server.receive(bytes.slice(at, at + size), 0));
    }
    const lengths = events.map((event) => event.kind === "message" ? String(event.value).length : event.kind);
    assert.deepEqual(lengths, [300, 400, 5, "goodbye"]);
  }
});

Deno.test("leads quirk 2: the first message of a quiet connection comes in parts", () => {
  const server = leadsSession();
  assert.deepEqual(heard(["sp", "eed", "=1", "2;"].flatMap((part) => feed(server, part))), [
    "message speed=12",
  ]);
});

Deno.test("leads quirk 3: a separator of several bytes is stepped over whole, also when it comes in two reads", () => {
  const server = leadsSession("server", { separator: "\r\n" });
  assert.deepEqual(heard(["one\r", "\ntw", "o\r\n\r", "\n"].flatMap((part) => feed(server, part))), [
    "message one",
    "message two",
    "message ",
  ]);
});

Deno.test("leads quirk 4: the end of the stream is told, and a part of a message at the end is a fault", () => {
  const server = leadsSession();
  assert.deepEqual(heard(feed(server, "whole;")), ["message whole"]);
  assert.deepEqual(heard(server.receiveEnd(0)), []);
  const cut = leadsSession();
  assert.deepEqual(heard(feed(cut, "whole;half a mess")), ["message whole"]);
  const [event] = cut.receiveEnd(0);
  assert.ok(event.kind === "fault");
  assert.equal(event.error.code, "truncated");
  assert.match(event.error.message, /11 bytes of an unfinished frame dropped/);
});

Deno.test("leads quirk 6: a message with the separator, or that is disconnect, is refused and leaves no byte", () => {
  const client = leadsSession("client");
  assert.throws(() => client.send("a;b"), {
    name: "TypeError",
    code: "usage",
    message: 'Cannot send this message in the dialect "leads": its character 1 begins the separator ";", ' +
      'which would end it there; leave it out, or choose another "separator" at both ends',
  });
  assert.throws(() => client.send(utf8("é;")), {
    code: "usage",
    message: /its byte 2 begins the separator ";"/,
  });
  for (const word of ["disconnect", utf8("disconnect")]) {
    assert.throws(() => client.send(word), {
      code: "usage",
      message:
        'Cannot send the message "disconnect" in the dialect "leads": it is the word that ends the link; ' +
        "close() says it, and other text can be sent",
    });
  }
  const marked = leadsSession("client", { separator: Uint8Array.of(0, 1) });
  assert.throws(() => marked.send("a\0\x01b"), { message: /its byte 1 begins the separator of bytes 0,1/ });
  assert.equal(output(client), "");
  client.send("disconnected");
  client.send("Disconnect");
  assert.equal(output(client), "disconnected;Disconnect;");
});

Deno.test("leads quirk 11: a silence in the middle of a message delivers nothing, and nothing twice", () => {
  const server = leadsSession();
  assert.deepEqual(heard(feed(server, "12.")), []);
  for (let now = 1000; now < 60_000; now += 1000) assert.deepEqual(heard(server.tick(now)), []);
  assert.equal(server.nextTickAt, Infinity);
  assert.deepEqual(heard(feed(server, "5;", 60_000)), ["message 12.5"]);
});

Deno.test("leads quirk 12: an endless message is passed over, once told and never kept", () => {
  for (const options of [{}, { separator: "\r\n" }]) {
    for (const payload of ["text", "bytes"] as const) {
      const mark = options.separator ?? ";";
      const server = leadsSession("server", options, { payload, limits: { maxFrameBytes: 1000 } });
      assert.deepEqual(heard(feed(server, `ok${mark}`)).length, 1);
      const faults: string[] = [];
      for (let i = 0; i < 100; i++) {
        faults.push(...heard(feed(server, "x".repeat(700))));
        assert.ok(server.inputBytes <= 1002);
      }
      assert.deepEqual(faults, ["fault too_large"]);
      const events = feed(server, `${mark}next${mark}`);
      assert.equal(events.length, 1);
    }
  }
  const client = leadsSession("client", {}, { limits: { maxFrameBytes: 4 } });
  assert.throws(() => client.send("12345"), { name: "RangeError", message: /5 bytes: at most 4 bytes/ });
  assert.throws(() => client.send("éé1"), { message: /5 bytes: at most 4 bytes/ });
});

// ---- the rest

Deno.test("leads throws away what follows disconnect, in the same chunk and later", () => {
  const server = leadsSession();
  assert.deepEqual(heard(feed(server, "a;disconnect;late;dis")), ["message a", "goodbye disconnect leave"]);
  assert.deepEqual(heard(feed(server, "connect;later;")), []);
  assert.deepEqual(heard(server.receiveEnd(0)), []);
  assert.equal(server.inputBytes, 0);
});

Deno.test("leads marks messages that are no UTF-8, and only those", () => {
  const server = leadsSession();
  const bytes = fromHex("c3a9 3b ff 3b 61 c3 3b a9 3b 6f6b 3b");
  const wanted = [
    "message é",
    "message \ufffd (invalid)",
    "message a\ufffd (invalid)",
    "message \ufffd (invalid)",
  ];
  assert.deepEqual(heard(server.receive(bytes, 0)), [...wanted, "message ok"]);
  assert.deepEqual(heard(feedSingly(leadsSession(), bytes)), [...wanted, "message ok"]);
  assert.deepEqual(feedSingly(leadsSession(), bytes), leadsSession().receive(bytes, 0)); // their sizes, too
  const marked = leadsSession("server", { separator: "é" });
  assert.deepEqual(heard(marked.receive(fromHex("ff c3a9 61 c3a9"), 0)), [
    "message \ufffd (invalid)",
    "message a",
  ]);
});

Deno.test("leads says that there are no actions and requests, and what to use", () => {
  const client = leadsSession("client");
  assert.throws(() => client.action("go", []), {
    message: 'Cannot send an action in the dialect "leads": it only has messages; use send or ask',
  });
  assert.throws(() => client.request("go", [], undefined, { now: 0, timeoutMs: 1 }, 0), {
    code: "usage",
    message: /request "go" in the dialect "leads".*use ask\(\)/,
  });
  assert.throws(() => client.send({ speed: 1 }), {
    message: 'Cannot send a value of type object in the dialect "leads": ' +
      "it carries text and bytes; JSON.stringify makes text of an object",
  });
});

Deno.test("leads answers ic with its identity as a server, and hands nothing over", () => {
  for (const payload of ["text", "bytes"] as const) {
    const device = leadsSession("server", { identity: "WSC" }, { payload });
    assert.deepEqual(heard(feed(device, "ic;")), []);
    assert.equal(output(device), "WSC;");
    assert.equal(feed(device, "ice;IC;ic ;").length, 3);
    assert.equal(output(device), "");
    const asker = leadsSession("client", { identity: "WSC" }, { payload });
    assert.equal(feed(asker, "ic;").length, 1);
    assert.equal(output(asker), "");
  }
});

Deno.test("leads does not answer without end somebody who does not read", () => {
  const device = leadsSession("server", { identity: "W".repeat(100) });
  feed(device, "ic;".repeat(100_000));
  assert.ok(device.outputBytes < 20_000);
  device.takeOutput();
  feed(device, "ic;");
  assert.equal(device.outputBytes, 101);
});

Deno.test("leads refuses an identity that cannot be said", () => {
  assert.throws(() => leads({ identity: "W;C" }), {
    code: "usage",
    message: /^Cannot use "W;C" as "identity": its character 1 begins the separator ";"/,
  });
  assert.throws(() => leads({ identity: "disconnect" }), {
    code: "usage",
    message: /it is the word that ends/,
  });
});

Deno.test("leads refuses a separator that its last word holds, and says so", () => {
  assert.throws(() => leads({ separator: "n" }), {
    code: "usage",
    message:
      'Cannot use the separator "n" in the dialect "leads": the word "disconnect", which ends the link, holds it',
  });
});
