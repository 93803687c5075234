/**
 * The quirks of the original, one by one as the recordings' README counts them. Quirk 8, where a file may be written,
 * is a matter of `share`; quirk 12, messages in pieces, is in the recordings; quirk 14 is a port that only
 * the original opens.
 *
 * @module
 */
import assert from "node:assert/strict";
import { cleverShow } from "../../src/dialect/clever_show/clever_show.ts";
import type { Session } from "../../src/session.ts";
import type { SessionEvent } from "../../src/session_event.ts";
import { opened, told } from "./conversation.ts";
import { action, framed, idsWritten, joined, request, response, wire, written } from "./clever_show_wire.ts";

const TIMING = { now: 0, timeoutMs: 1000 };

Deno.test("clever-show quirk 1: what gets no answer is told here, and the time-out of our own requests says so", () => {
  const session = opened(cleverShow(), "server");
  const asked = session.receive(joined(request("nope", "0001"), request("fails", "0002")), 0);
  assert.throws(
    () => session.fail(idOf(asked[0]), "not_found", "no request of that name is registered there"),
    {
      name: "TypeError",
      message: 'Request "nope" gets no answer: no request of that name is registered there (not_found); ' +
        'the dialect "clever-show" has no error answers',
    },
  );
  assert.throws(
    () => session.fail(idOf(asked[1]), "handler_failed", "oh"),
    /Request "fails" gets no answer: oh/,
  );
  assert.equal(session.outputBytes, 0);
  ask(session, "id");
  assert.equal(written(session).length, 1);
  const [event] = session.tick(1000);
  assert.match(
    failure(event),
    /No answer to request "id" .* 1000 ms; clever-show peers do not answer unknown names/,
  );
});

for (
  const [what, bytes, code] of [
    ["a message without an action", wire({ "message-type": "message" }), "bad_action"],
    ["an action that is no text", wire({ "message-type": "message", action: 5 }), "bad_action"],
    [
      "a header without byteorder",
      wire({ "message-type": "message", action: "a", byteorder: undefined }),
      "missing_field",
    ],
    ["a header without message-type", wire({ action: "a" }), "missing_field"],
    ["a content that is no JSON", action("a", "{'args': []}"), "bad_json"],
    ["an empty content", action("a", ""), "bad_json"],
    ["a content that is a list", action("a", "[]"), "bad_content"],
    [
      "a content that is bytes",
      wire({ "message-type": "message", action: "a", "content-type": "binary" }),
      "bad_content",
    ],
    ["a request that is bytes", wire({ "message-type": "request", "content-type": "binary" }), "bad_content"],
    ["a request without a name", wire({ "message-type": "request" }), "bad_name"],
    [
      "a request without an id",
      wire({ "message-type": "request" }, '{"requested_value": "a"}'),
      "bad_request",
    ],
    ["an answer without a name", wire({ "message-type": "response", request_id: "1" }), "bad_name"],
    [
      "a file that is JSON",
      wire({ "message-type": "message", action: "filetransfer", filepath: "a" }),
      "bad_file",
    ],
    [
      "a file without a name",
      wire({ "message-type": "message", action: "filetransfer", "content-type": "x" }),
      "bad_name",
    ],
    ["a file asked for without a name", request("filetransfer", "0001"), "bad_name"],
    ["a type that nobody knows", wire({ "message-type": "hello" }), "unknown_type"],
    ["a type that is no text", wire({ "message-type": null }), "unknown_type"],
  ] as [string, Uint8Array, string][]
) {
  Deno.test(`clever-show quirk 2: ${what} is reported and passed over`, () => {
    for (const cut of [1, 7, 10_000]) {
      const session = opened(cleverShow());
      assert.deepEqual(told(hear(session, joined(bytes, action("next")), cut)), [
        `fault ${code}`,
        "action next []",
      ]);
    }
  });
}

Deno.test("clever-show quirk 2: an answer that JSON cannot say is refused here, and the link lives", () => {
  const session = opened(cleverShow(), "server");
  const [asked] = session.receive(request("set", "0007"), 0);
  assert.throws(() => session.answer(idOf(asked), { a: [new Set([1])] }), {
    name: "TypeError",
    message: "Cannot send a message: the answer.a[0] is a Set: pass [...it]",
  });
  session.answer(idOf(asked), [1]);
  assert.deepEqual(written(session).map(({ header, content }) => [header.request_id, content]), [[
    "0007",
    '{"value": [1]}',
  ]]);
});

Deno.test("clever-show quirk 2: without a header that says how long the content is, the link has to end", () => {
  for (
    const header of [
      "",
      "5",
      "[]",
      "{",
      "null",
      '{"content-type": "json"}',
      '{"content-length": -1}',
      '{"content-length": 1.5}',
      '{"content-length": "5"}',
      '{"content-length": NaN}',
      '{"content-length": 1e300}',
      '{"content-length": 99999999999999999999}',
    ]
  ) {
    assert.deepEqual(told(opened(cleverShow()).receive(framed(header), 0)), ["fault! bad_header"], header);
  }
  const noText = Uint8Array.of(0, 1, 0xff);
  assert.deepEqual(told(opened(cleverShow()).receive(noText, 0)), ["fault! bad_header"]);
});

Deno.test("clever-show quirk 3: a content of null does not eat the message behind it; a null value is fine", () => {
  const session = opened(cleverShow(), "server");
  assert.deepEqual(told(session.receive(joined(action("a", "null"), action("b")), 0)), [
    "fault bad_content",
    "action b []",
  ]);
  const [asked] = session.receive(request("nothing", "0001"), 0);
  session.answer(idOf(asked), undefined);
  assert.equal(written(session)[0].content, '{"value": null}');
  ask(session, "id");
  const [id] = idsWritten(session);
  assert.deepEqual(told(session.receive(response("id", id, '{"value": null}'), 0)), ["answered id null"]);
});

Deno.test("clever-show quirk 4: of 10,000 requests none has the id of another; one more is refused", () => {
  const session = opened(cleverShow());
  for (let count = 0; count < 10_000; count++) ask(session, "id");
  const ids = idsWritten(session);
  assert.equal(new Set(ids).size, 10_000);
  assert.ok(ids.every((id) => /^\d{4}$/.test(id)));
  assert.throws(() => ask(session, "id"), { code: "busy", outcome: "not-sent" });
  assert.equal(session.outputBytes, 0);

  // An answer makes room, and so does a request that nobody waits for any more.
  session.receive(response("id", ids[3], '{"value": 1}'), 0);
  ask(session, "id");
  assert.deepEqual(idsWritten(session), [ids[3]]);
  assert.throws(() => ask(session, "id"), { code: "busy" });
  session.tick(1000);
  assert.equal(session.pendingRequests, 0);
  ask(session, "id");
  assert.equal(idsWritten(session).length, 1);
});

Deno.test("clever-show quirk 5: an answer under another name is reported, and the request still gets its own", () => {
  const session = opened(cleverShow());
  ask(session, "id");
  const [id] = idsWritten(session);
  const wrong = joined(
    response("time", id, '{"value": 1}'),
    response("filetransfer", id, new Uint8Array(3), "binary"),
  );
  assert.deepEqual(told(hear(session, wrong, 5)), ["fault wrong_answer", "fault wrong_answer"]);
  assert.equal(session.pendingRequests, 1);
  assert.deepEqual(told(session.receive(response("id", id, '{"value": 2}'), 0)), ["answered id 2"]);
  // One that nobody asked for is counted and dropped, a file too.
  const late = joined(
    response("id", id, '{"value": 3}'),
    response("filetransfer", "5", new Uint8Array(9), "binary"),
  );
  assert.deepEqual(told(hear(session, late, 3)), []);
  assert.equal(session.counts.lateAnswers, 2);
});

Deno.test("clever-show quirk 6: args and kwargs of null, or none at all, are empty", () => {
  const session = opened(cleverShow(), "server");
  const events = session.receive(
    joined(
      request("a", "0001", '"args": null, "kwargs": {}'),
      request("b", "0002", '"x": 1'),
      action("c", "{}"),
    ),
    0,
  );
  assert.deepEqual(told(events), ["request 1 a []", "request 2 b []", "action c []"]);
});

Deno.test("clever-show quirk 7: words that only Python has, and integers of any length, both ways", () => {
  const session = opened(cleverShow());
  const numbers =
    "[NaN, Infinity, -Infinity, 9007199254740993, -123456789012345678901234567890, 1e+22, 1e-07, 1.0, -0.0]";
  const [event] = session.receive(action("a", `{"args": ${numbers}, "kwargs": {}}`), 0);
  assert.ok(event.kind === "action");
  assert.deepEqual(event.args, [
    NaN,
    Infinity,
    -Infinity,
    9007199254740993n,
    -123456789012345678901234567890n,
    1e22,
    1e-7,
    1,
    -0,
  ]);
  session.action("a", event.args);
  assert.equal(written(session)[0].content, `{"args": ${numbers.replace("1.0", "1")}, "kwargs": {}}`);
});

Deno.test("clever-show quirk 9: args that are no list, kwargs that are no object, are reported and not spread", () => {
  const session = opened(cleverShow(), "server");
  for (
    const rest of [
      '"args": "abc"',
      '"args": {"a": 1}',
      '"args": 5',
      '"args": [], "kwargs": []',
      '"kwargs": "x"',
    ]
  ) {
    assert.deepEqual(told(session.receive(joined(action("a", `{${rest}}`), request("b", "1", rest)), 0)), [
      "fault bad_args",
      "fault bad_args",
    ], rest);
  }
});

Deno.test("clever-show quirk 10: a header has 65,535 bytes at most; a content has a limit and is passed over", () => {
  const session = opened(cleverShow(), "client", { limits: { maxFrameBytes: 1000 } });
  assert.throws(() => session.action("x".repeat(65_400), []), {
    name: "RangeError",
    message: /at most 65535/,
  });
  session.action("x".repeat(65_000), []);
  assert.equal((written(session)[0].header.action as string).length, 65_000);
  const longest = framed(JSON.stringify({ "content-length": 2 }).padEnd(65_535, " "), new Uint8Array(2));
  assert.deepEqual(told(hear(session, joined(longest, action("next")), 20_000)), [
    "fault missing_field",
    "action next []",
  ]);

  assert.throws(() => session.action("a", ["x".repeat(1000)]), { name: "RangeError" });
  const large = action("a", `{"args": ["${"x".repeat(100_000)}"], "kwargs": {}}`);
  assert.deepEqual(told(hear(session, joined(large, action("next")), 4096)), [
    "fault too_large",
    "action next []",
  ]);
  ask(session, "big");
  const [id] = idsWritten(session);
  const answer = response("big", id, `{"value": "${"x".repeat(2000)}"}`);
  assert.deepEqual(told(hear(session, answer, 100)), ["fault too_large", "failed big bad_answer"]);
  // Nobody passes over gigabytes in the hope of another message.
  const endless = framed(JSON.stringify({
    byteorder: "",
    "content-type": "json",
    "content-encoding": "utf-8",
    "content-length": 2 ** 40,
    "message-type": "message",
    action: "a",
  }));
  assert.deepEqual(told(session.receive(endless, 0)), ["fault! too_large"]);
});

Deno.test("clever-show quirk 11: what waits behind a file counts as not written yet, so that close waits for it", () => {
  const session = opened(cleverShow());
  session.file("show.csv", 4);
  session.action("start", []);
  assert.ok(session.waitingBytes > 100);
  session.body(Uint8Array.of(1, 2, 3));
  assert.ok(session.waitingBytes > 100);
  session.body(Uint8Array.of(4));
  assert.equal(session.waitingBytes, 0);
  assert.deepEqual(written(session).map(({ header, content }) => [header.action, content]), [
    ["filetransfer", "\x01\x02\x03\x04"],
    ["start", '{"args": [], "kwargs": {}}'],
  ]);
});

Deno.test("clever-show quirk 13: what comes behind a file that was asked for, empty or not, is read as what it is", () => {
  for (const size of [0, 3]) {
    const session = opened(cleverShow());
    session.requestFile("a", TIMING, "a");
    ask(session, "id");
    const [file, id] = idsWritten(session);
    const came = joined(
      response("filetransfer", file, new Uint8Array(size), "binary"),
      request("theirs", "0001"),
      response("id", id, '{"value": 5}'),
      action("next"),
    );
    const events = hear(session, came, 10_000);
    assert.deepEqual(events.map(({ kind }) => kind), [
      "file",
      ...size > 0 ? ["body"] : [],
      "request",
      "answered",
      "action",
    ]);
  }
});

function ask(session: Session, name: string): number {
  return session.request(name, [], undefined, TIMING, name) as number;
}

/** In pieces of so many bytes. */
function hear(session: Session, bytes: Uint8Array, size: number): SessionEvent[] {
  const events: SessionEvent[] = [];
  for (let at = 0; at < bytes.length; at += size) {
    events.push(...session.receive(bytes.slice(at, at + size), 0));
  }
  return events;
}

function idOf(event: SessionEvent): number {
  assert.ok(event.kind === "request");
  return event.id as number;
}

function failure(event: SessionEvent): string {
  assert.ok(event.kind === "failed");
  return event.error.message;
}
