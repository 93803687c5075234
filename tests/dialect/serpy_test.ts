import assert from "node:assert/strict";
import { float } from "../../src/dialect/float.ts";
import { serpy, type SerpyOptions } from "../../src/dialect/serpy/serpy.ts";
import type { Limits } from "../../src/limits.ts";
import type { Session } from "../../src/session.ts";
import type { SessionEvent } from "../../src/session_event.ts";
import { checkDialect } from "../../src/testing/check_dialect.ts";
import { feed, opened, output, told } from "./conversation.ts";

const UTF8 = new TextEncoder();

function client(options: SerpyOptions = {}, limits: Partial<Limits> = {}): Session {
  return opened(serpy(options), "client", { limits });
}

/** A session whose other end has changed to `mode`. */
function hearing(mode: number, options: SerpyOptions = {}): Session {
  const session = client(options);
  feed(session, `\x01SETMODE${mode}\x1f`);
  output(session);
  return session;
}

/** The texts of the faults among events. */
function faults(events: readonly SessionEvent[]): string[] {
  return events.flatMap((event) => event.kind === "fault" ? [event.error.message] : []);
}

const timing = (timeoutMs: number) => ({ now: 0, timeoutMs });

/** A message above the limit is dropped and so not acknowledged: the next one waits for that. */
const skip = (mode: number) => mode % 2 === 0 ? [] : ["frame limit"];

Deno.test("serpy keeps the contract of dialects in every mode", () => {
  const text = (value: unknown) => ({ kind: "message" as const, value });
  for (const mode of [0, 1] as const) {
    checkDialect({
      dialect: serpy({ mode, encoding: "utf-8" }),
      skip: skip(mode),
      samples: [
        { messages: [text("one"), text("zwei ✓")] },
        {
          messages: [text(42), text(-1.5), text(10n ** 20n)],
          arrives: ["42", "-1.5", `1${"0".repeat(20)}`].map(text),
        },
      ],
      unsayable: [text("a\x1fb"), text("\x01x"), text("\ud800"), text(() => 1), {
        kind: "action",
        name: "go",
        args: [],
      }],
    });
  }
  for (const mode of [2, 3, 4, 5] as const) {
    checkDialect({
      dialect: serpy({ mode }),
      skip: skip(mode),
      samples: [{
        messages: [text(Uint8Array.of(0, 1, 4, 0x1f, 0xff)), text([1, "two", null, true, [2.5]])],
      }],
      unsayable: [text(new Date(0)), text([() => 1]), text(Symbol("s"))],
      sized: (bytes) => text(new Uint8Array(bytes)),
    });
  }
});

Deno.test("values travel in the mode that is wanted, or in the nearest that can carry them", () => {
  const sent = (value: unknown, mode: number) => {
    const session = client();
    session.send(value, mode);
    return output(session).replace("\x01SETMODE", "").slice(0, 1);
  };
  const modes = [0, 1, 2, 3, 4, 5];
  assert.deepEqual(modes.map((mode) => sent("t", mode)), ["t", "1", "2", "3", "4", "5"]);
  assert.deepEqual(modes.map((mode) => sent(7, mode)), ["7", "1", "2", "3", "4", "5"]);
  assert.deepEqual(modes.map((mode) => sent(Uint8Array.of(1), mode)), ["2", "3", "2", "3", "2", "3"]);
  assert.deepEqual(modes.map((mode) => sent([1], mode)), ["4", "5", "4", "5", "4", "5"]);
  assert.deepEqual(modes.map((mode) => sent(true, mode)), ["4", "5", "4", "5", "4", "5"]);
  assert.deepEqual(modes.map((mode) => sent(null, mode)), ["4", "5", "4", "5", "4", "5"]);
  for (const mode of [-1, 6, 1.5, NaN]) {
    assert.throws(() => sent("t", mode), {
      name: "RangeError",
      message: /as "mode" in the dialect "serpy": 0 to 5 is/,
    });
  }
});

Deno.test("numbers are written as Python's str() does", () => {
  const session = client();
  const numbers = [
    42,
    -7,
    1.5,
    1e22,
    1e16,
    123456789012345680,
    0.0001,
    0.00001,
    1e-7,
    -0,
    NaN,
    Infinity,
    -Infinity,
  ];
  for (const number of [...numbers, 2 ** 53, 5e-324, 10n ** 18n, -3n]) session.send(number);
  assert.deepEqual(output(session).split("\x1f"), [
    ...[
      "42",
      "-7",
      "1.5",
      "1e+22",
      "1e+16",
      "1.2345678901234568e+17",
      "0.0001",
      "1e-05",
      "1e-07",
      "-0.0",
      "nan",
    ],
    ...["inf", "-inf", "9007199254740992.0", "5e-324", "1000000000000000000", "-3", ""],
  ]);
  assert.throws(() => session.send(10n ** 4300n), { name: "RangeError", message: /more than 4300 digits/ });
});

Deno.test("text is encoded in the encoding of the option, and what is no such text is marked", () => {
  const session = client({ encoding: "latin-1" });
  session.send("é");
  assert.deepEqual(session.takeOutput(), Uint8Array.of(0xe9, 0x1f));
  assert.throws(() => session.send("✓"), {
    name: "TypeError",
    message: /as latin-1: it has no such character/,
  });
  assert.throws(() => client().send("é"), { name: "TypeError", message: /as ascii/ });
  assert.deepEqual(told(session.receive(Uint8Array.of(0xe9, 0x1f), 0)), ['message "é"']);
  const [event] = client().receive(Uint8Array.of(0x61, 0xe9, 0x1f), 0);
  assert(event.kind === "message");
  assert.deepEqual([event.value, event.invalid], ["a\ufffd", true]);
});

Deno.test("send with ack goes out in 1, 3 or 5, and ends with the answer", () => {
  const session = client();
  session.sendAcked("one", timing(100), "a");
  session.sendAcked(Uint8Array.of(1), timing(100), "b", undefined, 2);
  session.sendAcked([], timing(100), "c", undefined, 4);
  assert.equal(output(session), "\x01SETMODE1\x1f");
  assert.deepEqual(feed(session, "\x01ACKMODCG\x1f"), []);
  assert.equal(output(session), "one\x04\x1f");
  assert.deepEqual(told(feed(session, "\x01ACKEOT!!\x1f")), ["answered a undefined"]);
  assert.equal(output(session), "\x01SETMODE3\x1f");
  feed(session, "\x01ACKMODCG\x1f");
  assert.equal(output(session), "0R\x04\x1f");
  assert.deepEqual(told(feed(session, "\x01ACKEOT!!\x1f")), ["answered b undefined"]);
  assert.equal(output(session), "\x01SETMODE5\x1f");
});

Deno.test("messages wait for their turn, count as waiting, and a message without ack in mode 1 consumes its own", () => {
  const session = client({ mode: 1 });
  session.send("one");
  session.send("two");
  assert(session.waitingBytes > 0);
  feed(session, "\x01ACKMODCG\x1f");
  assert.equal(output(session), "\x01SETMODE1\x1fone\x04\x1f");
  assert.deepEqual(feed(session, "\x01ACKEOT!!\x1f"), []);
  assert.equal(output(session), "two\x04\x1f");
  assert.equal(session.waitingBytes, 0);
  assert.deepEqual(feed(session, "\x01ACKEOT!!\x1f"), []);
});

Deno.test("a message that nobody waits for any more is not sent when its turn comes", () => {
  const session = client({ mode: 1 });
  session.sendAcked("first", timing(1000), "first");
  const cancelled = session.sendAcked("cancelled", timing(1000), "cancelled");
  session.sendAcked("late", timing(10), "late");
  session.sendAcked("last", timing(1000), "last");
  assert.equal(session.cancel(cancelled), "not-sent");
  const [failed] = session.tick(10);
  assert(failed.kind === "failed" && failed.error.outcome === "not-sent");
  feed(session, "\x01ACKMODCG\x1f", 20);
  feed(session, "\x01ACKEOT!!\x1f", 20);
  assert.equal(output(session), "\x01SETMODE1\x1ffirst\x04\x1flast\x04\x1f");
});

Deno.test("serpy quirk 1: a pickle that names code is handed over as bytes, and never run", () => {
  const session = hearing(4, { encoding: "utf-8" });
  // pickle.dumps of an object whose __reduce__ says (os.system, ("true",)), protocol 5, in base 85
  const events = feed(session, `${OS_SYSTEM}\x1f`);
  assert.match(
    faults(events)[0],
    /^Pickle names "posix\.system", and only plain data is made of a pickle: it is handed/,
  );
  const [message] = events.filter((event) => event.kind === "message");
  assert.equal((message.value as Uint8Array)[0], 0x80);
  assert.deepEqual(told(feed(session, `${LIST}\x1f`)), ["message [1]"]);
});

Deno.test("serpy quirk 2: text and numbers in mode 4 arrive as the bytes of their text", () => {
  const [there, here] = [client({ mode: 4 }), opened(serpy(), "server")];
  there.send("hello");
  there.send(42);
  here.receive(there.takeOutput(), 0);
  there.receive(here.takeOutput(), 0);
  const events = here.receive(there.takeOutput(), 0);
  const values = events.map((event) => event.kind === "message" && event.value);
  assert.deepEqual(values, [UTF8.encode("hello"), UTF8.encode("42")]);
});

Deno.test("serpy quirk 3: an empty message is delivered in the modes 1 and 3, and refused in 0 and 2", () => {
  const refused = {
    name: "TypeError",
    message: /empty message in mode [02] .* send it with ack: true, or in mode [13]/,
  };
  assert.throws(() => client().send(""), refused);
  assert.throws(() => client().send(new Uint8Array(0)), refused);
  assert.throws(() => client().send("", 2), refused);
  assert.deepEqual(feed(client(), "\x1f\x1fnext\x1f").length, 1);
  for (const [mode, wanted] of [[1, 'message ""'], [3, "message {}"]] as const) {
    const session = hearing(mode);
    assert.deepEqual(told(feed(session, "\x04\x1f")), [wanted]);
    assert.equal(output(session), "\x01ACKEOT!!\x1f");
  }
});

Deno.test("serpy quirk 4: text with 1f is refused in the modes 0 and 1, and travels in 2", () => {
  for (const mode of [0, 1]) {
    const message = new RegExp(
      `mode ${mode} .*: its byte 4 is 1f, which ends a block; send it in mode ${mode + 2}`,
    );
    assert.throws(() => client().send("left\x1fright", mode), { name: "TypeError", message });
  }
  assert.throws(() => client().send("\x01SETMODE9"), { message: /begins with the byte 01/ });
  client().send("left\x1fright", 2);
});

Deno.test("serpy quirk 5: what kills an original is dropped and reported, and the next message arrives", () => {
  const cases: [mode: number, block: string, wanted: RegExp][] = [
    [1, "a\x04b\x04", /two ends of a message, in mode 1/],
    [1, "\x01HELLO", /it begins with 01 and is no command, in mode 1/],
    [3, "\x01HELLO", /it begins with 01 and is no command, in mode 3/],
    [5, "\x01HELLO", /it begins with 01 and is no command, in mode 5/],
    [0, "\x01SETMODE", /SETMODE does not end with a digit/],
    [0, "\x01SETMODEx", /SETMODE does not end with a digit/],
    [0, "\x01é", /a command is no text in ascii/],
    [2, 'a"b', /byte 0x22 at byte 1 is no digit/],
    [2, "~~~~~", /the group at byte 0 is above 0xffffffff/],
    [3, 'a"b\x04', /byte 0x22 at byte 1 is no digit/],
    [4, "(", /Cannot read a pickle: it is empty: it is handed over as bytes/],
    [5, "00000\x04", /0x00 at byte 0 is no instruction.*: it is handed over as bytes/],
  ];
  for (const [mode, block, wanted] of cases) {
    const session = hearing(mode);
    const events = feed(session, `${block}\x1f`);
    assert.equal(faults(events).length, 1);
    assert.match(faults(events)[0], wanted);
    assert(events.every((event) => event.kind !== "fault" || !event.error.fatal));
    // Only what was handed over is acknowledged.
    assert.equal(
      output(session),
      events.some(({ kind }) => kind === "message") && mode === 5 ? "\x01ACKEOT!!\x1f" : "",
    );
    const next = mode % 2 === 0 ? "next" : "next\x04";
    const [event] = feed(
      session,
      mode < 2 ? `${next}\x1f` : `${mode < 4 ? "" : LIST}${next.slice(mode < 4 ? 0 : 4)}\x1f`,
    );
    assert.equal(event.kind, "message");
  }
});

Deno.test("serpy quirk 5: text that ends a message is refused in mode 1, and none of it is written", () => {
  const session = client();
  assert.throws(() => session.send("a\x04", 1), {
    name: "TypeError",
    message: /its byte 1 is 04, which ends a message/,
  });
  assert.equal(session.outputBytes, 0);
  session.send("a\x04b"); // in mode 0 it means nothing
  assert.equal(output(session), "a\x04b\x1f");
});

Deno.test("serpy quirk 6: in mode 0 a block that begins with 01 and is no command arrives without the 01", () => {
  assert.deepEqual(told(feed(client(), "\x01hello\x1f")), ['message "hello"']);
  const session = opened(serpy(), "server", { payload: "bytes" });
  assert.deepEqual(feed(session, "\x01hello\x1f").map((event) => event.kind === "message" && event.value), [
    UTF8.encode("hello"),
  ]);
});

Deno.test("serpy quirk 7: of SETMODE the last character counts; mode 9 is answered, reported, and what it says dropped", () => {
  const session = client();
  assert.deepEqual(feed(session, "\x01SETMODE is 12\x1f"), []);
  assert.deepEqual(told(feed(session, "Xk~0{Zv\x1f")).length, 1);
  assert.deepEqual(told(feed(session, "\x01SETMODE9\x1flost\x1f\x01lost\x1flost\x04\x1f")), [
    "fault bad_mode",
  ]);
  assert.equal(output(session), "\x01ACKMODCG\x1f\x01ACKMODCG\x1f");
  assert.deepEqual(told(feed(session, "\x01SETMODE0\x1fback\x1f")), ['message "back"']);
});

Deno.test("serpy quirk 8: a change of mode that is not answered ends the link, with the reason", () => {
  const session = client({}, { ackMs: 100 });
  session.send("x", 1);
  assert.deepEqual(session.tick(1000), []); // the first look at the clock
  assert.equal(session.nextTickAt, 1100);
  assert.deepEqual(session.tick(1099), []);
  const [lost] = session.tick(1100);
  assert(lost.kind === "lost");
  assert.equal(lost.code, "no_mode");
  assert.match(lost.message, /^No answer to the change to mode 1 within 100 ms \(limits\.ackMs\)/);
  assert.equal(session.nextTickAt, Infinity);
  assert.deepEqual(feed(session, "\x01ACKMODCG\x1flate\x1f"), []);
});

Deno.test("serpy quirk 8: while nothing is read no answer can come, and no time passes", () => {
  const session = client({}, { ackMs: 100 });
  session.send("x", 1);
  session.tick(0);
  assert.deepEqual(session.tick(100, false), []);
  assert.deepEqual(session.tick(199), []);
  assert.deepEqual(told(session.tick(200)).length, 1);
});

Deno.test("serpy quirk 9: a late acknowledgement is that of its own message, and none is taken for another", () => {
  const session = client({}, { ackMs: 1000 });
  session.sendAcked("slow", timing(50), "slow");
  session.sendAcked("next", timing(5000), "next");
  feed(session, "\x01ACKMODCG\x1f", 0);
  const [failed] = session.tick(50);
  assert(failed.kind === "failed" && failed.error.outcome === "unknown");
  assert.equal(output(session), "\x01SETMODE1\x1fslow\x04\x1f"); // nothing else leaves
  assert.deepEqual(feed(session, "\x01ACKEOT!!\x1f", 900), []);
  assert.equal(session.counts.lateAnswers, 1);
  assert.equal(output(session), "next\x04\x1f");
  assert.deepEqual(told(feed(session, "\x01ACKEOT!!\x1f", 950)), ["answered next undefined"]);
  assert.deepEqual(
    told(feed(session, "\x01ACKEOT!!\x1f\x01ACKMODCG\x1f", 950)),
    Array(2).fill("fault stray_answer"),
  );
});

Deno.test("serpy quirk 9: an acknowledgement that never comes ends the link, which is unsure", () => {
  const session = client({}, { ackMs: 100 });
  session.sendAcked("lost", timing(300), "lost");
  session.sendAcked("kept back", timing(10_000), "kept back");
  feed(session, "\x01ACKMODCG\x1f", 0);
  assert.deepEqual(told(session.tick(299)), []);
  const events = session.tick(300); // not before the caller's own time is up
  assert.deepEqual(told(events), [
    "failed lost timeout",
    "lost unsure: No acknowledgement of a message in mode 1 within 300 ms (limits.ackMs): acknowledgements carry no " +
    "number, so a late one would be taken for that of the next message; connect anew",
  ]);
  const outcomes = session.drain((what, outcome) =>
    Object.assign(new Error(what), { outcome, code: "x" }) as never
  );
  assert.deepEqual(outcomes.map((event) => event.kind === "failed" && event.error.outcome), ["not-sent"]);
});

Deno.test("serpy quirk 10: a message that waits for its acknowledgement when the link ends has failed", () => {
  const session = client({ mode: 1 });
  session.sendAcked("one", timing(1000), "one");
  feed(session, "\x01ACKMODCG\x1f");
  session.sendAcked("two", timing(1000), "two");
  assert(session.waitingBytes > 0);
  session.receiveEnd(0);
  assert.equal(session.waitingBytes, 0); // no answer can come any more
  const outcomes = session.drain((what, outcome) =>
    Object.assign(new Error(what), { outcome, code: "x" }) as never
  );
  assert.deepEqual(
    outcomes.map((event) => event.kind === "failed" && [event.token, event.error.outcome]),
    [["one", "unknown"], ["two", "not-sent"]],
  );
});

Deno.test("serpy quirk 11: a link stays open for what an original has to handle, and not for what it has answered", () => {
  assert.equal(serpy().lingerMs, 300);
  const session = client();
  for (let i = 0; i < 100; i++) session.send("burst");
  assert.equal(Math.floor(session.handlingMs(session.takeOutput())), 550);
  assert.equal(session.handlingMs(session.takeOutput()), 0);
  session.send(new Uint8Array(400 * 1024));
  assert.equal(session.handlingMs(session.takeOutput()), 0); // it waits here
  feed(session, "\x01ACKMODCG\x1f");
  assert.equal(Math.floor(session.handlingMs(session.takeOutput())), 130);
  session.send("x", 1);
  feed(session, "\x01ACKMODCG\x1f");
  assert.equal(session.handlingMs(session.takeOutput()), 0); // it will be answered
});

Deno.test("a block or a message above the limit is dropped, and the next one arrives", () => {
  const session = client({}, { maxFrameBytes: 100 });
  assert.deepEqual(told(feed(session, `${"x".repeat(101)}\x1fnext\x1f`)), [
    "fault too_large",
    'message "next"',
  ]);
  feed(session, "\x01SETMODE1\x1f");
  output(session);
  const parts = `${"x".repeat(60)}\x1f`.repeat(2);
  const rest = "rest\x1fend\x04\x1f"; // of the message that was dropped: neither handed over nor acknowledged
  assert.deepEqual(told(feed(session, `${parts}${rest}next\x04\x1f`)), [
    "fault too_large",
    'message "next"',
  ]);
  assert.equal(output(session), "\x01ACKEOT!!\x1f");
  assert.throws(() => session.send("x".repeat(101)), {
    name: "RangeError",
    message: /101 bytes .* at most 100 are allowed/,
  });
});

Deno.test("a block above the limit is dropped as it comes, and reported once", () => {
  const session = client({}, { maxFrameBytes: 100 });
  const pieces = ["x".repeat(80), "x".repeat(80), "x".repeat(80), "x\x1fne", "xt\x1f"];
  assert.deepEqual(pieces.flatMap((piece) => told(feed(session, piece))), [
    "fault too_large",
    'message "next"',
  ]);
  assert.equal(session.inputBytes, 0);
});

Deno.test("in the modes 1, 3 and 5 a message goes on over blocks until its 04, as with an original", () => {
  const session = hearing(1);
  assert.deepEqual(told(feed(session, "one \x1ftwo\x04rest\x1f of\x1f it\x04\x1f")), [
    'message "one two"',
    'message "rest of it"',
  ]);
  assert.equal(output(session), "\x01ACKEOT!!\x1f".repeat(2));
  feed(session, "cut");
  assert.deepEqual(told(session.receiveEnd(0)), ["fault! truncated"]);
});

Deno.test("rubbish is reported once in a while, not block by block", () => {
  const session = hearing(2);
  const events = feed(session, '"\x1f'.repeat(10_000));
  assert(faults(events).length < 200);
  const [rest] = faults(feed(session, `${"0".repeat(500)}\x1f`));
  assert.match(
    rest,
    /^Frames passed over, too close to each other to report each: \d+ blocks that make no sense$/,
  );
});

Deno.test("who asks for acknowledgements and does not read them is heard no further", () => {
  const session = client({}, { maxOutboxBytes: 1000, outboxHighBytes: 1000, maxFrameBytes: 1000 });
  feed(session, "\x01SETMODE1\x1f");
  const events = feed(session, "\x04\x1f".repeat(300));
  const last = events.at(-1)!;
  assert(last.kind === "fault" && last.error.fatal && last.error.code === "slow");
  assert.match(last.error.message, /not read: \d+ bytes wait to be written, at most 2000 may/);
});

Deno.test("a pickle that is handed over as its bytes can be told from bytes", () => {
  const events = feed(hearing(4), `${OS_SYSTEM}\x1f${LIST}\x1f`);
  const details = events.flatMap((event) => event.kind === "message" ? [event] : []);
  assert.deepEqual(details.map(({ invalid }) => invalid ?? false), [true, false]);
});

Deno.test("float() writes whole numbers as Python's floats", () => {
  const session = client();
  session.send(float(3));
  assert.equal(output(session), "3.0\x1f");
});

/** `pickle.dumps([1])` */
const LIST = "fCZHX0000000018luH3&E&";
const OS_SYSTEM = "fCZHw000000001t1#oY3X?T>326K6HbY*Rnla!1EbaHiNl!cU1lr8";
