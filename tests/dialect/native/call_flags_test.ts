import assert from "node:assert/strict";
import { lines } from "../../../src/dialect/lines.ts";
import { RemoteError } from "../../../src/errors.ts";
import { feedSingly, opened, outputHex, told } from "../conversation.ts";
import { ascii, call, frame, fromHex, str, talking } from "./wire.ts";

const [MSG, REQ, RES, ERR, CANCEL, CREDIT, PART] = [7, 8, 9, 10, 11, 15, 17];
const [NONE, MSGPACK, BYTES, TEXT] = [0, 1, 2, 3];
const [KEY, STREAM] = [0x80, 0x40];
const SECOND = { now: 0, timeoutMs: 1000 };

/** A key in hexadecimal, as it stands between name and payload. */
function key(text: string): string {
  return text.length.toString(16).padStart(2, "0") + ascii(text);
}

Deno.test("native writes acknowledged calls, keys, streams, parts, credit and cancels as they are drawn", () => {
  const [client] = talking();
  const plain = { kwargs: undefined };
  const cases: [write: () => unknown, wanted: string][] = [
    [() => client.sendAcked("hi", SECOND, 0), frame(MSG, TEXT, 1, call(1000, "", ascii("hi")))],
    [() => client.sendAcked(undefined, SECOND, 0), frame(MSG, NONE, 2, call(1000, ""))],
    [
      () => client.actionAcked("go", ["x"], undefined, SECOND, 0),
      frame(MSG, TEXT, 3, call(1000, "go", ascii("x"))),
    ],
    [
      () => client.request("add", [1, 2], undefined, SECOND, 0, { key: "k1" }),
      frame(REQ, KEY | MSGPACK, 4, call(1000, "add", key("k1") + "92 01 02")),
    ],
    [
      () => client.request("get", [], plain.kwargs, SECOND, 0, { key: "ü" }),
      frame(REQ, KEY | NONE, 5, call(1000, "get", "02" + ascii("ü"))),
    ],
    [
      () => client.request("all", [], undefined, { now: 0, timeoutMs: Infinity }, 0, { stream: true }),
      frame(REQ, STREAM | NONE, 6, call(0, "all")),
    ],
    [
      () => client.request("all", ["x"], undefined, SECOND, 0, { stream: true, key: "k" }),
      frame(REQ, KEY | STREAM | TEXT, 7, call(1000, "all", key("k") + ascii("x"))),
    ],
    [() => client.request("", [], undefined, SECOND, 0), frame(REQ, NONE, 8, call(1000, ""))],
    [() => client.credit(7, 131_072), frame(CREDIT, BYTES, 7, "00020000")],
    [() => client.cancel(7), frame(CANCEL, NONE, 7)],
    [() => client.part(9, "part"), frame(PART, TEXT, 9, ascii("part"))],
    [() => client.part(9, undefined), frame(PART, NONE, 9)],
    [() => client.answer(9, undefined), frame(RES, NONE, 9)],
    [
      () => client.fail(9, "busy", "no", 100),
      frame(
        ERR,
        MSGPACK,
        9,
        `83 ${str("code")} ${str("busy")} ${str("message")} ${str("no")} ${str("retryAfterMs")} 64`,
      ),
    ],
  ];
  for (const [write, wanted] of cases) {
    write();
    assert.equal(outputHex(client), wanted, String(write));
  }
});

Deno.test("native rounds a remaining time up, so that what is left is never said to be none", () => {
  const [client] = talking();
  client.request("t", [], undefined, { now: 0, timeoutMs: 0.25 }, 0);
  assert.equal(outputHex(client), frame(REQ, NONE, 1, call(1, "t")));
});

Deno.test("native says no CANCEL and no CREDIT for what is not waited for", () => {
  const [client] = talking();
  const id = client.request("t", [], undefined, SECOND, "t");
  outputHex(client);
  assert.equal(client.cancel(id), "unknown");
  assert.equal(outputHex(client), frame(CANCEL, NONE, 1));
  client.cancel(id);
  client.cancel(77);
  client.credit(id, 5);
  assert.equal(outputHex(client), "");
  assert.deepEqual(told(client.receive(fromHex(frame(RES, NONE, 1) + frame(PART, NONE, 1)), 0)), []);
  assert.equal(client.counts.lateAnswers, 2);
});

Deno.test("native gives no id to two calls, of whatever kind", () => {
  const [client] = talking();
  const ids = [
    client.request("a", [], undefined, SECOND, 0),
    client.sendAcked("b", SECOND, 0),
    client.actionAcked("c", [], undefined, SECOND, 0),
  ];
  for (const id of ids) client.receive(fromHex(frame(RES, NONE, Number(id))), 0);
  ids.push(client.request("d", [], undefined, SECOND, 0));
  assert.deepEqual(ids, [1, 2, 3, 4]);
});

Deno.test("native reads the same, one byte at a time", () => {
  const cases: [bytes: string, wanted: string[]][] = [
    [frame(MSG, TEXT, 5, call(9, "", ascii("hi"))), ['message "hi" @5']],
    [frame(MSG, TEXT, 6, call(9, "go", ascii("x"))), ['action @6 go ["x"]']],
    [frame(MSG, NONE, 0, call(9, "go")), ["action go []"]],
    [frame(REQ, KEY | MSGPACK, 7, call(9, "add", key("k1") + "92 01 02")), ["request 7 add [1,2]"]],
    [frame(REQ, STREAM | NONE, 8, call(0, "all")), ["request 8 all []"]],
    [frame(REQ, NONE, 9, call(0, "")), ["request 9  []"]],
    [frame(CANCEL, NONE, 9), ["cancel 9"]],
    [frame(CREDIT, BYTES, 9, "ffffffff"), ["credit 9 4294967295"]],
  ];
  for (const [bytes, wanted] of cases) {
    const [, server] = talking();
    assert.deepEqual(told(feedSingly(server, fromHex(bytes))), wanted, bytes);
  }
});

Deno.test("native hands over what the flags of a request say", () => {
  const flags = (kind: number, body: string) => {
    const [, server] = talking();
    const [event] = server.receive(fromHex(frame(REQ, kind, 1, body)), 0);
    assert.ok(event.kind === "request");
    return {
      key: event.key,
      stream: event.stream === true,
      args: event.args,
      remainingMs: event.remainingMs,
    };
  };
  assert.deepEqual(flags(NONE, call(0, "t")), { key: undefined, stream: false, args: [], remainingMs: 0 });
  assert.deepEqual(flags(STREAM | TEXT, call(5, "t", ascii("x"))), {
    key: undefined,
    stream: true,
    args: ["x"],
    remainingMs: 5,
  });
  assert.deepEqual(flags(KEY | STREAM | BYTES, call(0, "t", key("once") + "ff")), {
    key: "once",
    stream: true,
    args: [Uint8Array.of(255)],
    remainingMs: 0,
  });
  const longest = "k".repeat(255);
  assert.equal(flags(KEY, call(0, "t", key(longest))).key, longest);
});

Deno.test("native tells calls under one key apart by name, arguments and how these are written", () => {
  const digest = (kind: number, body: string) => {
    const [, server] = talking();
    const [event] = server.receive(fromHex(frame(REQ, KEY | kind, 1, body)), 0);
    assert.ok(event.kind === "request");
    return event.digest;
  };
  const first = digest(TEXT, call(1000, "pay", key("k") + ascii("5")));
  assert.equal(digest(TEXT, call(20, "pay", key("k") + ascii("5"))), first, "time has passed, nothing else");
  assert.equal(digest(TEXT, call(20, "pay", key("other") + ascii("5"))), first, "the key is no argument");
  const others = [
    digest(TEXT, call(1000, "pay", key("k") + ascii("6"))),
    digest(TEXT, call(1000, "buy", key("k") + ascii("5"))),
    digest(TEXT, call(1000, "pay5", key("k"))),
    digest(BYTES, call(1000, "pay", key("k") + ascii("5"))),
    digest(NONE, call(1000, "pay", key("k"))),
  ];
  assert.equal(new Set([first, ...others]).size, 6);
});

Deno.test("native hands parts over with what they take off the credit, and ends them with the answer", () => {
  const [client] = talking();
  client.request("all", [], undefined, SECOND, "t", { stream: true });
  const bytes = frame(PART, TEXT, 1, ascii("one")) + frame(PART, NONE, 1) + frame(RES, NONE, 1) +
    frame(PART, TEXT, 1, ascii("late"));
  const events = feedSingly(client, fromHex(bytes));
  assert.deepEqual(told(events), ['part t "one"', "part t undefined", "answered t undefined"]);
  assert.deepEqual(events.map((event) => event.kind === "part" ? event.bytes : 0), [17, 14, 0]);
  assert.equal(client.counts.lateAnswers, 1);
});

Deno.test("Session.part returns what the reader will count", () => {
  const [client, server] = talking();
  client.request("all", [], undefined, SECOND, "t", { stream: true });
  server.receive(client.takeOutput(), 0);
  const sent = [undefined, "text", new Uint8Array(1000), { a: [1, 2, 3] }].map((value) =>
    server.part(1, value)
  );
  const events = client.receive(server.takeOutput(), 0);
  assert.deepEqual(events.map((event) => event.kind === "part" && event.bytes), sent);
});

Deno.test("native ends the link for a key that is longer than its frame", () => {
  for (const rest of ["", "01", "0561626364", "ff61"]) {
    const [, server] = talking();
    const events = feedSingly(server, fromHex(frame(REQ, KEY, 1, call(0, "t", rest))));
    assert.deepEqual(told(events), ["fault! bad_frame"], rest);
  }
});

Deno.test("native answers calls that make no sense with bad_args, where somebody waits, and goes on", () => {
  const bad: [type: number, kind: number, id: number, body: string][] = [
    [REQ, KEY | NONE, 5, call(0, "t", "02c328")],
    [REQ, 0x20, 5, call(0, "t")],
    [REQ, STREAM | 4, 5, call(0, "t")],
    [REQ, NONE, 5, call(0, "", "00")],
    [MSG, KEY | TEXT, 5, call(0, "", ascii("x"))],
    [MSG, STREAM, 5, call(0, "go")],
    [MSG, TEXT, 5, call(0, "", "ff")],
    [MSG, MSGPACK, 5, call(0, "go", "05")],
  ];
  for (const [type, kind, id, body] of bad) {
    const [, server] = talking();
    const events = told(feedSingly(server, fromHex(frame(type, kind, id, body))));
    assert.equal(events.length, 1);
    assert.match(events[0], /^fault bad_(payload|name)$/, body);
    const [client] = talking();
    for (let i = 1; i <= 5; i++) client.request("t", [], undefined, SECOND, i);
    const [failed] = client.receive(server.takeOutput(), 0);
    assert.ok(failed.kind === "failed" && failed.error instanceof RemoteError);
    assert.deepEqual([failed.token, failed.error.code, failed.error.outcome], [5, "bad_args", "failed"]);
    assert.deepEqual(told(server.receive(fromHex(frame(MSG, NONE, 0, call(0, ""))), 0)), [
      "message undefined",
    ]);
  }
});

Deno.test("native reports a CREDIT that is no number, and grants nothing", () => {
  for (
    const [kind, body] of [[BYTES, ""], [BYTES, "000001"], [BYTES, "0000000001"], [MSGPACK, "05"], [
      NONE,
      "",
    ]] as const
  ) {
    const [, server] = talking();
    assert.deepEqual(told(feedSingly(server, fromHex(frame(CREDIT, kind, 1, body)))), ["fault bad_payload"]);
  }
});

Deno.test("native calls a stream off when one of its parts makes no sense", () => {
  const [client] = talking();
  client.request("all", [], undefined, SECOND, "t", { stream: true });
  client.takeOutput();
  const bytes = frame(PART, TEXT, 1, ascii("fine")) + frame(PART, TEXT, 1, "ff") + frame(PART, NONE, 1);
  assert.deepEqual(told(feedSingly(client, fromHex(bytes))), [
    'part t "fine"',
    "fault bad_payload",
    "failed t bad_answer",
  ]);
  assert.equal(outputHex(client), frame(CANCEL, NONE, 1));
});

Deno.test("native reads how long to wait before trying again", () => {
  const retry = (value: string) => {
    const [client] = talking();
    client.request("t", [], undefined, SECOND, "t");
    const body = `82 ${str("code")} ${str("busy")} ${str("retryAfterMs")} ${value}`;
    const [failed] = client.receive(fromHex(frame(ERR, MSGPACK, 1, body)), 0);
    assert.ok(failed.kind === "failed" && failed.error instanceof RemoteError);
    return failed.error.retryAfterMs;
  };
  assert.equal(retry("64"), 100);
  assert.equal(retry("00"), 0);
  for (const odd of ["ff", str("x"), "c0", "c3"]) assert.equal(retry(odd), undefined, odd);
});

Deno.test("native refuses keys that cannot travel, and leaves nothing behind", () => {
  const [client] = talking();
  const ask = (key: unknown) => client.request("t", [], undefined, SECOND, 0, { key: key as string });
  assert.throws(() => ask(""), { name: "TypeError", message: 'Cannot use "" as "key": a text is wanted' });
  assert.throws(() => ask(5), { name: "TypeError", message: 'Cannot use 5 as "key": a text is wanted' });
  assert.throws(() => ask("ü".repeat(128)), {
    name: "RangeError",
    message: "Cannot use a key of 256 bytes: the limit is 255 bytes",
  });
  assert.deepEqual([client.outputBytes, client.pendingRequests, client.counts.messagesOut], [0, 0, 0]);
});

Deno.test("Session says what a dialect lacks, and sends nothing", () => {
  const session = opened(lines());
  const refused: [call: () => unknown, message: RegExp][] = [
    [
      () => session.sendAcked("x", SECOND, 0),
      /a message to be acknowledged in the dialect "lines": it has no ack/,
    ],
    [
      () => session.actionAcked("go", [], undefined, SECOND, 0),
      /action "go" to be acknowledged in the dialect "lines"/,
    ],
    [
      () => session.request("t", [], undefined, SECOND, 0),
      /request "t" in the dialect "lines": it has no requests; use ask/,
    ],
  ];
  for (const [call, message] of refused) assert.throws(call, { name: "TypeError", code: "usage", message });
  assert.deepEqual([session.outputBytes, session.pendingRequests], [0, 0]);
});
