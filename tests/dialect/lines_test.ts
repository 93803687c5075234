import assert from "node:assert/strict";
import { lines } from "../../src/dialect/lines.ts";
import { checkDialect, type SaidMessage } from "../../src/testing/check_dialect.ts";
import { feed, feedSingly, opened, output, told } from "./conversation.ts";

function say(...values: unknown[]): SaidMessage[] {
  return values.map((value) => ({ kind: "message", value }));
}

function utf8(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

Deno.test("lines keeps the contract of dialects", () => {
  checkDialect({
    dialect: lines(),
    samples: [
      {
        messages: say("*IDN?", "", "  spaces  ", "grüße 👋"),
        bytes: utf8("*IDN?\n\n  spaces  \ngrüße 👋\n"),
      },
      {
        messages: say(5, -2.5, true, 10n),
        arrives: say("5", "-2.5", "true", "10"),
        bytes: utf8("5\n-2.5\ntrue\n10\n"),
      },
      { bytes: utf8("a\r\nb\n\r\n"), arrives: say("a", "b", "") },
      { messages: say(utf8("raw bytes")), arrives: say("raw bytes") },
    ],
    unsayable: [
      ...say("two\nlines", "ends with\r", {}, null, undefined, utf8("a\nb")),
      { kind: "action", name: "go", args: [] },
    ],
  });
});

Deno.test("lines keeps the contract of dialects with payload bytes", () => {
  checkDialect({
    dialect: lines(),
    payload: "bytes",
    samples: [
      { messages: say(Uint8Array.of(1, 0, 255), utf8("")), bytes: Uint8Array.of(1, 0, 255, 10, 10) },
      { messages: say("text"), arrives: say(utf8("text")) },
      { bytes: utf8("a\r\n"), arrives: say(utf8("a")) },
    ],
    unsayable: say("two\nlines", {}, utf8("a\nb")),
  });
});

Deno.test("lines goes on after a line that is too long", () => {
  const session = opened(lines(), "server", { limits: { maxFrameBytes: 4 } });
  assert.deepEqual(told(feedSingly(session, "1234\n12345678\nok\n")), [
    'message "1234"',
    "fault too_large",
    'message "ok"',
  ]);
});

Deno.test("lines reports text that has no end when the stream has", () => {
  const session = opened(lines());
  feed(session, "half a li");
  assert.deepEqual(told(session.receiveEnd(0)), ["fault! truncated"]);
});

Deno.test("lines says how to send what it does not carry", () => {
  const session = opened(lines());
  assert.throws(() => session.send({ a: 1 }), {
    code: "usage",
    message: 'Cannot send a value of type object in the dialect "lines": it carries text; ' +
      "JSON.stringify makes text of an object",
  });
  assert.throws(() => session.send(null), { message: /value of type null/ });
  assert.throws(() => session.action("go", []), {
    message: 'Cannot send an action in the dialect "lines": it only has messages; use send or ask',
  });
  assert.throws(() => session.request("go", [], undefined, { now: 0, timeoutMs: 1 }, 0), {
    code: "usage",
    message: 'Cannot send request "go" in the dialect "lines": it has no requests; use ask()',
  });
  assert.equal(output(session), "");
});

Deno.test("lines keeps conversations apart", () => {
  const dialect = lines();
  const [one, other] = [opened(dialect), opened(dialect)];
  feed(one, "begun ");
  assert.deepEqual(told(feed(other, "whole\n")), ['message "whole"']);
  assert.deepEqual(told(feed(one, "and ended\n")), ['message "begun and ended"']);
});

Deno.test("lines marks text that is no UTF-8", () => {
  const session = opened(lines());
  assert.deepEqual(told(session.receive(Uint8Array.of(0x61, 0xff, 0x0a, 0x62, 0x0a), 0)), [
    'message "a\uFFFD" invalid',
    'message "b"',
  ]);
});
