import assert from "node:assert/strict";
import { native } from "../../../src/dialect/native/native.ts";
import { RemoteError } from "../../../src/errors.ts";
import { checkDialect, type SaidMessage } from "../../../src/testing/check_dialect.ts";
import { feedSingly, outputHex, told } from "../conversation.ts";
import { ascii, call, frame, fromHex, str, talking } from "./wire.ts";

const [PING, PONG, MSG, REQ, RES, ERR, GOAWAY] = [4, 5, 7, 8, 9, 10, 16];
const [NONE, MSGPACK, BYTES, TEXT] = [0, 1, 2, 3];

function say(...values: unknown[]): SaidMessage[] {
  return values.map((value) => ({ kind: "message", value }));
}

function cycle(): unknown {
  const value: { self?: unknown } = {};
  value.self = value;
  return value;
}

Deno.test("native keeps the contract of dialects", () => {
  checkDialect({
    dialect: native(),
    samples: [
      { messages: say("text", "", "grüße 👋", Uint8Array.of(0, 255), new Uint8Array(0), undefined, null) },
      { messages: say(0, -1, 1.5, true, 2n ** 60n, new Date(5), [1, [2, []]], { a: { b: "c" } }) },
      { messages: say("x".repeat(20_000), new Uint8Array(30_000), Array(500).fill({ key: "value" })) },
      {
        messages: [
          { kind: "action", name: "go", args: [] },
          { kind: "action", name: "gehe", args: ["text"] },
          { kind: "action", name: "ü", args: [Uint8Array.of(1)], kwargs: { fast: true } },
          { kind: "request", name: "time", args: ["utc", 1, [2]] },
          { kind: "request", name: "x".repeat(255), args: [], kwargs: { a: 1 } },
        ],
      },
      { messages: say([undefined], { a: undefined }), arrives: say([null], {}) },
    ],
    unsayable: [
      ...say(() => {}, [Symbol("s")], { a: new Map() }, cycle(), 2n ** 70n, "x".repeat(2_000_000)),
      ...say(new Uint8Array(1_048_577), "\ud800x".repeat(400_000)),
      { kind: "action", name: "", args: [] },
      { kind: "action", name: "ü".repeat(128), args: [] },
      { kind: "action", name: "go", args: [() => {}] },
      { kind: "request", name: "go", args: [], kwargs: { a: new Set() } },
    ],
    requests: { askers: ["client", "server"], answers: ["one", { two: 2 }, undefined], unsayable: () => {} },
    garbageInputs: 3000,
  });
});

Deno.test("native keeps the contract with limits that are small", () => {
  checkDialect({
    dialect: native(),
    limits: { maxFrameBytes: 1100 },
    samples: [{ messages: say("text", { a: 1 }) }],
    unsayable: say("x".repeat(1100)),
    requests: { askers: ["client", "server"] },
  });
});

Deno.test("native writes each kind of message in the frame that is drawn", () => {
  const [client] = talking();
  const timing = { now: 0, timeoutMs: 30_000 };
  const cases: [write: () => unknown, wanted: string][] = [
    [() => client.send("hi"), frame(MSG, TEXT, 0, call(0, "", ascii("hi")))],
    [() => client.send(Uint8Array.of(1, 2)), frame(MSG, BYTES, 0, call(0, "", "0102"))],
    [() => client.send(undefined), frame(MSG, NONE, 0, call(0, ""))],
    [() => client.send(null), frame(MSG, MSGPACK, 0, call(0, "", "c0"))],
    [
      () => client.send([1, { a: "b" }]),
      frame(MSG, MSGPACK, 0, call(0, "", `92 01 81 ${str("a")} ${str("b")}`)),
    ],
    [() => client.action("go", []), frame(MSG, NONE, 0, call(0, "go"))],
    [() => client.action("go", ["x"]), frame(MSG, TEXT, 0, call(0, "go", ascii("x")))],
    [() => client.action("go", [Uint8Array.of(9)]), frame(MSG, BYTES, 0, call(0, "go", "09"))],
    [() => client.action("go", [7]), frame(MSG, MSGPACK, 0, call(0, "go", "91 07"))],
    [
      () => client.action("go", ["x", "y"]),
      frame(MSG, MSGPACK, 0, call(0, "go", `92 ${str("x")} ${str("y")}`)),
    ],
    [
      () => client.action("go", [1], { k: true }),
      frame(MSG, MSGPACK, 0, call(0, "go", `82 ${str("args")} 91 01 ${str("kwargs")} 81 ${str("k")} c3`)),
    ],
    [() => client.request("time", [], undefined, timing, 0), frame(REQ, NONE, 1, call(30_000, "time"))],
    [
      () => client.request("t", ["u"], undefined, timing, 0),
      frame(REQ, TEXT, 2, call(30_000, "t", ascii("u"))),
    ],
    [() => client.answer(7, "yes"), frame(RES, TEXT, 7, ascii("yes"))],
    [() => client.answer(0xfffffffe, undefined), frame(RES, NONE, 0xfffffffe)],
    [() => client.answer(8, 5), frame(RES, MSGPACK, 8, "05")],
    [
      () => client.fail(9, "not_found", "no"),
      frame(ERR, MSGPACK, 9, `82 ${str("code")} ${str("not_found")} ${str("message")} ${str("no")}`),
    ],
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

Deno.test("native writes the literal bytes of a request", () => {
  const [client] = talking();
  client.request("add", [1, 2], undefined, { now: 0, timeoutMs: 1000 }, 0);
  assert.equal(
    outputHex(client),
    "00000015 08 01 00000000 00000001 000003e8 03 616464 920102".replaceAll(" ", ""),
  );
});

Deno.test("native reads each kind of frame, one byte at a time", () => {
  const cases: [bytes: string, wanted: string[]][] = [
    [frame(MSG, TEXT, 0, call(0, "", ascii("hi"))), ['message "hi"']],
    [frame(MSG, NONE, 0, call(0, "")), ["message undefined"]],
    [frame(MSG, MSGPACK, 0, call(0, "", "93 01 c0 c3")), ["message [1,null,true]"]],
    [frame(MSG, TEXT, 0, call(0, "go", ascii("x"))), ['action go ["x"]']],
    [frame(REQ, NONE, 5, call(100, "time")), ["request 5 time []"]],
    [
      frame(REQ, MSGPACK, 6, call(0, "t", `82 ${str("args")} 91 01 ${str("kwargs")} 81 ${str("k")} 02`)),
      ['request 6 t [1] {"k":2}'],
    ],
    [frame(RES, NONE, 999), []],
    [frame(PONG, BYTES, 0, "0102030405060708"), []],
    [
      frame(GOAWAY, MSGPACK, 0, `82 ${str("code")} ${str("bye")} ${str("message")} ${str("so long")}`),
      ["goodbye bye: so long"],
    ],
  ];
  for (const [bytes, wanted] of cases) {
    const [, server] = talking();
    assert.deepEqual(told(feedSingly(server, fromHex(bytes))), wanted, bytes);
  }
});

Deno.test("native tells how long the caller of a request still waits", () => {
  const [, server] = talking();
  const [event] = server.receive(fromHex(frame(REQ, NONE, 5, call(0xfedcba98, "t"))), 0);
  assert.ok(event.kind === "request");
  assert.equal(event.remainingMs, 0xfedcba98);
});

Deno.test("native answers PING with PONG of the same body", () => {
  const [client] = talking();
  assert.deepEqual(client.receive(fromHex(frame(PING, BYTES, 0, "1122334455667788")), 0), []);
  assert.equal(outputHex(client), frame(PONG, BYTES, 0, "1122334455667788"));
  client.receive(fromHex(frame(PING, NONE, 0)), 0);
  assert.equal(outputHex(client), frame(PONG, NONE, 0));
  client.receive(fromHex(frame(PING, BYTES, 0, "11".repeat(100))), 0);
  assert.equal(outputHex(client), frame(PONG, BYTES, 0, "11".repeat(8)), "at most the 8 bytes there are");
});

Deno.test("native passes over unknown frame types from 64 on, and refuses those below", () => {
  for (const type of [64, 100, 255]) {
    const [client] = talking();
    const bytes = frame(type, 9, 3, "ffff") + frame(MSG, NONE, 0, call(0, ""));
    assert.deepEqual(told(feedSingly(client, fromHex(bytes))), ["message undefined"]);
  }
  for (const type of [0, 1, 2, 3, 12, 13, 14, 18, 63]) {
    const [client] = talking();
    const bytes = frame(MSG, NONE, 0, call(0, "")) + frame(type, 0, 0) + frame(MSG, NONE, 0, call(0, ""));
    const events = feedSingly(client, fromHex(bytes));
    assert.deepEqual(told(events), ["message undefined", "fault! unknown_type"], `type ${type}`);
    const fault = events[1];
    assert.ok(fault.kind === "fault");
    assert.equal(fault.error.message, `Frame type ${type} was not agreed on in the handshake`);
  }
});

Deno.test("native refuses a frame above the limit from its length field alone", () => {
  const [client] = talking({ limits: { maxFrameBytes: 1000 } });
  const events = client.receive(fromHex("000003e9"), 0);
  assert.deepEqual(told(events), ["fault! too_large"]);
  assert.ok(events[0].kind === "fault");
  assert.equal(
    events[0].error.message,
    "Frame of 1001 bytes exceeds the limit of 1000 bytes (limits.maxFrameBytes)",
  );
  const [largest] = talking({ limits: { maxFrameBytes: 1000 } });
  const body = call(0, "", "00".repeat(1000 - 15));
  assert.equal(largest.receive(fromHex(frame(MSG, BYTES, 0, body)), 0)[0].kind, "message");
});

Deno.test("native refuses a length that is smaller than the head", () => {
  for (const length of [0, 1, 9]) {
    const [client] = talking();
    const events = feedSingly(client, fromHex(length.toString(16).padStart(8, "0")));
    assert.deepEqual(told(events), ["fault! bad_length"]);
    assert.ok(events[0].kind === "fault");
    assert.equal(events[0].error.message, `Frame length ${length} is below 10, the size of its head`);
  }
});

Deno.test("native refuses a name that is longer than its frame", () => {
  for (const body of ["", "00000000", "0000000005", "00000000ff61", "000000000161".slice(0, 10)]) {
    const [client] = talking();
    const name = body === "0000000001" ? "its name is missing" : body;
    assert.deepEqual(
      told(feedSingly(client, fromHex(frame(REQ, NONE, 1, body)))),
      ["fault! bad_frame"],
      name,
    );
  }
});

Deno.test("native answers a request with a bad payload with bad_args, and the link lives on", () => {
  const bad: [kind: number, payload: string][] = [
    [NONE, "00"],
    [MSGPACK, ""],
    [MSGPACK, "c1"],
    [MSGPACK, "dd00ffffff"],
    [MSGPACK, "05"],
    [MSGPACK, "9101 00"],
    [MSGPACK, `81 ${str("args")} 90`],
    [TEXT, "ff"],
    [9, "00"],
  ];
  for (const [kind, payload] of bad) {
    const [client, server] = talking();
    const token = client.request("t", [], undefined, { now: 0, timeoutMs: 1000 }, "asked");
    client.takeOutput();
    assert.equal(token, 1);
    assert.match(
      told(feedSingly(server, fromHex(frame(REQ, kind, 1, call(0, "t", payload)))))[0],
      /^fault bad_(payload|msgpack)$/,
      payload,
    );
    const [failed] = client.receive(server.takeOutput(), 0);
    assert.ok(failed.kind === "failed" && failed.error instanceof RemoteError);
    assert.deepEqual([failed.token, failed.error.code, failed.error.outcome], [
      "asked",
      "bad_args",
      "failed",
    ]);
    assert.deepEqual(told(feedSingly(server, fromHex(frame(REQ, NONE, 2, call(0, "t"))))), [
      "request 2 t []",
    ]);
  }
});

Deno.test("native reports a message or an action with a bad payload, and says nothing", () => {
  for (const name of ["", "go"]) {
    const [, server] = talking();
    assert.deepEqual(told(feedSingly(server, fromHex(frame(MSG, TEXT, 0, call(0, name, "ff"))))), [
      "fault bad_payload",
    ]);
    assert.equal(outputHex(server), "");
    server.receive(fromHex(frame(MSG, NONE, 0, "00000000 02 c3 28")), 0);
    assert.equal(server.counts.faults, 2, "the second one for a name that is not UTF-8");
  }
});

Deno.test("native fails the caller whose answer makes no sense, and nobody else", () => {
  const [client] = talking();
  for (const token of ["a", "b", "c"]) client.request("t", [], undefined, { now: 0, timeoutMs: 1000 }, token);
  const bytes = frame(RES, TEXT, 2, "ff") + frame(RES, TEXT, 1, ascii("x")) + frame(ERR, TEXT, 3, "ff");
  assert.deepEqual(told(feedSingly(client, fromHex(bytes))), [
    "fault bad_payload",
    "failed b bad_answer",
    'answered a "x"',
    "fault bad_payload",
    "failed c bad_answer",
  ]);
});

Deno.test("native reads an error of any shape as an error", () => {
  const cases: [kind: number, body: string, code: string][] = [
    [NONE, "", "unknown"],
    [MSGPACK, "80", "unknown"],
    [MSGPACK, "c0", "unknown"],
    [MSGPACK, `81 ${str("code")} 05`, "unknown"],
    [TEXT, ascii("no"), "unknown"],
    [MSGPACK, `81 ${str("code")} ${str("busy")}`, "busy"],
  ];
  for (const [kind, body, code] of cases) {
    const [client] = talking();
    client.request("t", [], undefined, { now: 0, timeoutMs: 1000 }, "t");
    assert.deepEqual(told(client.receive(fromHex(frame(ERR, kind, 1, body)), 0)), [`failed t ${code}`]);
  }
});

Deno.test("native shortens an error and a goodbye to what the other side takes", () => {
  const [client, server] = talking({ limits: { maxFrameBytes: 100 } });
  client.request("t", [], undefined, { now: 0, timeoutMs: 1000 }, "t");
  client.takeOutput();
  server.fail(1, "handler_failed", "ü".repeat(5000));
  server.close("shutting_down", "half a pair \ud83d" + "ü".repeat(5000));
  assert.deepEqual(told(client.receive(server.takeOutput(), 0)).map((text) => text.split(":")[0]), [
    "failed t handler_failed",
    "goodbye shutting_down",
  ]);
});

Deno.test("native says an error or a goodbye with half a surrogate pair as UTF-8 can", () => {
  const [client, server] = talking();
  client.request("t", [], undefined, { now: 0, timeoutMs: 1000 }, "t");
  client.takeOutput();
  server.fail(1, "handler_failed", "half \ud83d");
  server.close("odd \udc00", "half \ud83d");
  const events = client.receive(server.takeOutput(), 0);
  assert.ok(events[0].kind === "failed" && events[0].error.message.endsWith("half \ufffd"));
  assert.deepEqual(told(events)[1], "goodbye odd \ufffd: half \ufffd");
});

Deno.test("native cuts an error message at 1024 characters", () => {
  const [client, server] = talking();
  client.request("t", [], undefined, { now: 0, timeoutMs: 1000 }, "t");
  client.takeOutput();
  server.fail(1, "x".repeat(100), "m".repeat(2000));
  const [failed] = client.receive(server.takeOutput(), 0);
  assert.ok(failed.kind === "failed");
  assert.equal(failed.error.code, "x".repeat(64));
  assert.ok(failed.error.message.endsWith(`: ${"m".repeat(1024)}`));
});

Deno.test("native closes with GOAWAY also after their bytes have made no sense", () => {
  const [client, server] = talking();
  assert.deepEqual(told(server.receive(fromHex("00000000"), 0)), ["fault! bad_length"]);
  server.close("protocol", "no");
  assert.deepEqual(told(client.receive(server.takeOutput(), 0)), ["goodbye protocol: no"]);
  server.close("bye", "");
  assert.equal(outputHex(server), "", "one goodbye is enough");
});

Deno.test("native refuses a name of an action or a request that cannot travel", () => {
  const [client] = talking();
  assert.throws(() => client.action("", []), {
    name: "TypeError",
    message: 'Cannot call "": the name of an action or a request is a text',
  });
  assert.throws(() => client.action(5 as unknown as string, []), { name: "TypeError" });
  assert.throws(() => client.action("ü".repeat(128), []), {
    name: "RangeError",
    message: "Cannot call a name of 256 bytes: the limit is 255 bytes",
  });
  client.action("ü".repeat(127) + "u", []);
  const bytes = outputHex(client);
  assert.equal(bytes.slice(36, 38), "ff");
});

Deno.test("native reports a stream that ends inside a frame", () => {
  const [client] = talking();
  client.receive(fromHex("0000000a07"), 0);
  const [fault] = client.receiveEnd(0);
  assert.ok(fault.kind === "fault");
  assert.equal(fault.error.message, "Connection ended in mid-frame: 5 bytes of an unfinished frame dropped");
});

Deno.test("native keeps to the smaller frame limit of both sides", () => {
  const [client, server] = talking({ limits: { maxFrameBytes: 500 } }, { limits: { maxFrameBytes: 2000 } });
  for (const session of [client, server]) {
    assert.throws(() => session.send("x".repeat(600)), {
      name: "RangeError",
      message: "Cannot send a message of 600 bytes: the limit of this link is 500 bytes" +
        " (the smaller limits.maxFrameBytes of both sides)",
    });
    session.send("x".repeat(500 - 15));
    assert.throws(() => session.send("x".repeat(500 - 14)), {
      message: /^Cannot send a message of 501 bytes: /,
    });
  }
});

Deno.test("native lets answers to pings pile up no further than 64 KiB", () => {
  const [, server] = talking();
  const pings = fromHex(frame(PING, BYTES, 0, "1122334455667788").repeat(1000));
  for (let i = 0; i < 100; i++) server.receive(pings, 0);
  assert.ok(server.outputBytes < 64 * 1024 + pings.length, `${server.outputBytes} bytes wait`);
  server.takeOutput();
  server.receive(pings.subarray(0, pings.length / 1000), 0);
  assert.equal(server.outputBytes, 22, "and are given again once those have left");
});

Deno.test("native gives up after a thousand frames in a row that make no sense, and not before", () => {
  const bad = frame(MSG, 9, 0, call(0, ""));
  const good = frame(MSG, NONE, 0, call(0, ""));
  const [client] = talking();
  const events = client.receive(fromHex((bad.repeat(999) + good).repeat(2)), 0);
  assert.equal(events.length, 2000);
  assert.ok(events.every((event) => event.kind !== "fault" || !event.error.fatal));
  const [other] = talking();
  const last = other.receive(fromHex(bad.repeat(1000) + good), 0).slice(-2);
  assert.deepEqual(told(last), ["fault bad_payload", "fault! too_many_faults"]);
});
