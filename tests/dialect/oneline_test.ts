import assert from "node:assert/strict";
import type { Role } from "../../src/dialect/dialect.ts";
import { oneline, type OnelineOptions } from "../../src/dialect/oneline/oneline.ts";
import { stripped } from "../../src/dialect/oneline/white_space.ts";
import { type Limits, resolveLimits } from "../../src/limits.ts";
import { Session } from "../../src/session.ts";
import type { SessionEvent } from "../../src/session_event.ts";
import { checkDialect, type SaidMessage } from "../../src/testing/check_dialect.ts";
import { feed, feedSingly, fromHex, opened, output, sessionOf, told } from "./conversation.ts";

function say(...values: unknown[]): SaidMessage[] {
  return values.map((value) => ({ kind: "message", value }));
}

function utf8(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

/** A client whose ping is answered. */
function greeted(options: OnelineOptions = {}, limits: Partial<Limits> = {}): Session {
  const client = sessionOf(oneline(options), "client", { limits });
  client.open(0);
  feed(client, "pong\n");
  client.takeOutput();
  return client;
}

/** Messages with what is known of them. */
function heard(events: readonly SessionEvent[]): unknown[] {
  return events.map((event) => event.kind === "message" ? [event.value, event.invalid === true] : event.kind);
}

Deno.test("oneline keeps the contract of dialects", () => {
  for (const encoding of ["utf-8", "ascii"] as const) {
    checkDialect({
      dialect: oneline({ encoding }),
      samples: [
        { messages: say("cmd01", "", "say hi there"), bytes: utf8("cmd01\n\nsay hi there\n") },
        {
          role: "client",
          messages: say(" CR is text\r", 5, true),
          arrives: say(" CR is text\r", "5", "true"),
        },
        { role: "server", messages: say("  ack\r", "grüße 👋"), arrives: say("ack", "grüße 👋") },
        { messages: say(utf8("bytes")), arrives: say("bytes") },
      ],
      unsayable: [
        ...say("two\nlines", "line end\n", {}, null, undefined, utf8("a\nb")),
        { kind: "action", name: "go", args: [] },
        { kind: "request", name: "get", args: [] },
      ],
    });
  }
});

Deno.test("oneline keeps the contract of dialects with payload bytes", () => {
  checkDialect({
    dialect: oneline(),
    payload: "bytes",
    samples: [{
      messages: say(Uint8Array.of(1, 0, 255, 32), utf8("")),
      bytes: Uint8Array.of(1, 0, 255, 32, 10, 10),
    }],
  });
});

// ---- the quirks of the original, by their number; those of sockets are in tests/peer/oneline_test.ts

Deno.test("oneline quirk 5: a server reads the line as UTF-8, or drops bytes as the original with ascii", () => {
  const line = "say héllo ✓\n";
  const modern = opened(oneline(), "server");
  assert.deepEqual(heard(feed(modern, line)), [["say héllo ✓", false]]);
  assert.deepEqual(heard(feedSingly(modern, line)), [["say héllo ✓", false]]);
  const original = opened(oneline({ encoding: "ascii" }), "server");
  assert.deepEqual(heard(feedSingly(original, line)), [["say hllo ", true]]);
  for (const server of [modern, original]) {
    assert.deepEqual(heard(feedSingly(server, fromHex("63 6d ff 64 30 31 0a"))), [["cmd01", true]]);
    server.takeOutput();
    server.send("héllo ✓"); // answers are UTF-8 whatever commands are
    assert.equal(output(server), "héllo ✓\n");
  }
});

Deno.test("oneline quirk 5: a client refuses what an original server would obey without its letters", () => {
  const client = greeted({ encoding: "ascii" });
  assert.throws(() => client.send("delete Müller"), {
    code: "usage",
    message: /"ü" \(U\+00FC, character 8 /,
  });
  assert.equal(output(client), "");
  const modern = greeted();
  modern.send("delete Müller");
  assert.equal(output(modern), "delete Müller\n");
});

Deno.test("oneline quirk 6: built-in words are what is left without invalid bytes", () => {
  const server = opened(oneline(), "server");
  assert.deepEqual(told(feedSingly(server, fromHex("70 69 ff 6e 67 0a"))), []);
  assert.equal(output(server), "pong\n");
  const bytes = opened(oneline(), "server", { payload: "bytes" });
  assert.deepEqual(told(bytes.receive(fromHex("70 69 ff 6e 67 0a 64 69 73 63 6f 6e 6e 65 63 74 ff 0a"), 0)), [
    "goodbye bye: said disconnect (we leave)",
  ]);
});

Deno.test("oneline quirk 7: CR is text of a command, and white space at the ends of an answer is dropped", () => {
  const server = opened(oneline(), "server");
  const events = feed(server, "ping\r\n ping \nPing\n\n");
  assert.deepEqual(told(events), [
    'message "ping\\r"',
    'message " ping "',
    'message "Ping"',
    'message ""',
  ]);
  assert.equal(output(server), "");
  const client = greeted();
  assert.deepEqual(told(feed(client, " \t\x1c ack  it \x85\r\n\n")), ['message "ack  it"', 'message ""']);
});

Deno.test("oneline: a word to leave ends the connection, and what comes behind it is for nobody", () => {
  const server = opened(oneline(), "server");
  assert.deepEqual(told(feed(server, "cmd01\ndisconnect\nping\ncmd02\n")), [
    'message "cmd01"',
    "goodbye bye: said disconnect (we leave)",
  ]);
  assert.deepEqual(told(feed(server, "cmd03\nhalf")), []);
  assert.deepEqual(told(server.receiveEnd(0)), []);
  assert.equal(output(server), "");
});

Deno.test("oneline lets a client end the server only when that is allowed", () => {
  const closed = opened(oneline(), "server");
  const events = feed(closed, "shutdown\ncmd01\n");
  assert.deepEqual(told(events), [
    "fault shutdown_refused",
    "goodbye bye: asked for the end of this server, and was refused (we leave)",
  ]);
  assert.match(
    events[0].kind === "fault" ? events[0].error.message : "",
    /^shutdown was asked for and refused: allowShutdown: true lets/,
  );
  assert.deepEqual(told(feed(opened(oneline({ allowShutdown: true }), "server"), "shutdown\ncmd01\n")), [
    "goodbye shutdown: asked for the end of this server (we leave)",
  ]);
});

Deno.test("oneline quirk 10: a line that is too long is reported and passed over, and the link lives", () => {
  for (const role of ["client", "server"] satisfies Role[]) {
    const limits = { maxFrameBytes: 8 };
    const session = role === "client" ? greeted({}, limits) : opened(oneline(), role, { limits });
    const wanted = ["fault too_large", 'message "12345678"'];
    assert.deepEqual(told(feedSingly(session, "123456789\n12345678\n")), wanted);
    assert.deepEqual(told(feed(session, "123456789\n12345678\n")), wanted);
    assert.throws(() => session.send("123456789"), RangeError);
  }
});

Deno.test("oneline quirk 12: an answer that is no UTF-8 is marked, and the link lives", () => {
  const client = greeted();
  assert.deepEqual(heard(feed(client, "ok\n")), [["ok", false]]);
  const events = client.receive(fromHex("61 ff 62 0a 6f 6b 0a"), 0);
  assert.deepEqual(heard(events), [["a\uFFFDb", true], ["ok", false]]);
});

Deno.test("oneline says which text is no single line", () => {
  const client = greeted();
  assert.throws(() => client.send("one\ntwo"), {
    code: "usage",
    message:
      'Cannot send text with "\\n" at byte 3 in the dialect "oneline": each line is a command or an answer ' +
      "of its own, and gets its line end here; send the lines one by one",
  });
  assert.throws(() => client.send({ a: 1 }), { code: "usage", message: /of type object .* JSON.stringify/ });
  assert.throws(() => client.request("get", [], undefined, { now: 0, timeoutMs: 1 }, 0), {
    message: 'Cannot send request "get" in the dialect "oneline": it has no requests; use ask()',
  });
  assert.equal(output(client), "");
});

// ---- the greeting of a client

Deno.test("a oneline client is connected when its ping is answered, whatever else comes before", () => {
  const client = sessionOf(oneline(), "client");
  assert.deepEqual(told(client.open(0)), []);
  assert.equal(output(client), "ping\n");
  assert.deepEqual(told(feed(client, "for everybody\npo", 5)), []);
  assert.equal(client.nextTickAt, 1005);
  assert.deepEqual(told(feed(client, "ng\r\nmore\n", 6)), [
    "ready",
    'message "for everybody"',
    'message "more"',
  ]);
  assert.equal(client.nextTickAt, Infinity);
  assert.deepEqual(told(feed(client, "pong\n", 7)), ['message "pong"']); // the answer to a ping of the user
});

Deno.test("a oneline client gives a server up that says something else instead of pong", () => {
  const banner = sessionOf(oneline(), "client");
  banner.open(0);
  assert.deepEqual(told(feed(banner, "SSH-2.0-OpenSSH_9.2\r\n", 10)), []);
  assert.deepEqual(told(banner.tick(1009)), []);
  const [fault] = banner.tick(1010);
  assert.equal(
    fault.kind === "fault" && `${fault.error.fatal} ${fault.error.message}`,
    'true it answers ping with "SSH-2.0-OpenSSH_9.2\\r", not with "pong"; is it a oneline server?',
  );
  const ended = sessionOf(oneline(), "client");
  ended.open(0);
  feed(ended, "HTTP/1.1 400");
  assert.deepEqual(told(ended.receiveEnd(0)), ["fault! no_pong"]);
  const flood = sessionOf(oneline(), "client", { limits: { maxHandshakeBytes: 100 } });
  flood.open(0);
  assert.deepEqual(told(feedSingly(flood, "x".repeat(40) + "\n" + "y".repeat(60))), ["fault! no_pong"]);
  const short = sessionOf(oneline(), "client", { limits: { maxFrameBytes: 5 } });
  short.open(0);
  assert.deepEqual(told(feed(short, "123456\npong\n")), ["fault! no_pong"]);
});

Deno.test("a oneline client says disconnect once, and not behind a word of that kind that the user has said", () => {
  const client = greeted();
  client.close("bye", "");
  client.close("bye", "");
  assert.equal(output(client), "disconnect\n");
  for (const word of ["disconnect", "shutdown"]) {
    const told = greeted();
    told.send(word);
    told.close("bye", "");
    assert.equal(output(told), `${word}\n`);
  }
  const waiting = sessionOf(oneline(), "client");
  waiting.open(0);
  waiting.close("handshake", "");
  assert.equal(output(waiting), "ping\ndisconnect\n"); // quirk 1: also where no pong has come
  const asked = greeted();
  asked.send("shutdown");
  assert.deepEqual(told(asked.receiveEnd(0)), ["goodbye bye: "]); // no reason to come back
});

// ---- turns

Deno.test("a oneline server looks at the next line when the last command is handled, where the driver says so", () => {
  const server = new Session(oneline(), { role: "server", limits: resolveLimits(), oneByOne: true });
  server.open(0);
  assert.deepEqual(told(feed(server, "one\nping\ntwo\nthree\ndisconnect\nping\n")), ['message "one"']);
  assert.equal(server.isBusy, true);
  assert.deepEqual(told(feed(server, "late\n")), []);
  assert.equal(output(server), ""); // the pong belongs behind what is said to the first command
  assert.deepEqual(told(server.proceed(0)), ['message "two"']);
  assert.equal(output(server), "pong\n");
  assert.deepEqual(told(server.proceed(0)), ['message "three"']);
  assert.deepEqual(told(server.proceed(0)), ["goodbye bye: said disconnect (we leave)"]);
  assert.equal(server.isBusy, false);
  assert.deepEqual([server.inputBytes, output(server)], [0, ""]);
  const ended = new Session(oneline(), { role: "server", limits: resolveLimits(), oneByOne: true });
  ended.open(0);
  feed(ended, "one\ntwo\nping\nthr");
  assert.deepEqual(told(ended.receiveEnd(0)), ['message "two"', "fault! truncated"]);
  assert.equal(output(ended), "pong\n");
});

Deno.test("oneline strips what Python strips, in one pass", () => {
  const spaces = "\t\n\v\f\r\x1c\x1d\x1e\x1f \x85\xa0\u1680\u2000\u200a\u2028\u2029\u202f\u205f\u3000";
  assert.equal(stripped(`${spaces}a b${spaces}`), "a b");
  assert.equal(stripped(spaces), "");
  for (const kept of ["\uFEFF", "\0", "\b", "\x0e", "\x1b", "\x7f", "\u200b", "\u180e"]) {
    assert.equal(stripped(kept), kept);
  }
  const gap = `a${" ".repeat(1_000_000)}b`;
  assert.equal(stripped(`${gap} `), gap);
});
