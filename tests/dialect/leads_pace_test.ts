import assert from "node:assert/strict";
import { leads } from "../../src/dialect/leads/leads.ts";
import type { Session } from "../../src/session.ts";
import { checkDialect } from "../../src/testing/check_dialect.ts";
import { feed, opened, output } from "./conversation.ts";

const GAP_MS = 10;

function paced(limits = {}): Session {
  return opened(leads({ gapMs: GAP_MS }), "client", { limits });
}

/** What leaves at once and after each pause, until nothing is held; the clock is asked for what it says. */
function bursts(session: Session): string[] {
  const all: string[] = [];
  for (let now = 0;; now = session.nextTickAt) {
    session.tick(now);
    if (session.outputBytes === 0) return all;
    all.push(output(session));
    session.written(now);
  }
}

Deno.test("leads quirk 1: towards the original a burst leaves in whole messages, 512 bytes at most, with pauses", () => {
  const session = paced();
  const sent = Array.from({ length: 100 }, (_, at) => `${at}:${"x".repeat(at)}`);
  for (const message of sent) session.send(message);
  const parts = bursts(session);
  assert.ok(parts.length > 10);
  for (const part of parts) assert.ok(part.length <= 512 && part.endsWith(";"));
  assert.equal(parts.join(""), sent.map((message) => `${message};`).join(""));
  assert.equal(session.waitingBytes, 0);
});

Deno.test("leads lets a lone message go at once, however long; what follows waits for a pause behind it", () => {
  const session = paced();
  session.send("a".repeat(20_000));
  assert.equal(session.outputBytes, 20_001);
  session.send("b");
  session.send("c".repeat(600));
  session.send("d");
  assert.equal(session.outputBytes, 20_001);
  assert.equal(session.waitingBytes, 2 + 601 + 2);
  assert.deepEqual(bursts(session).map((part) => part.length), [20_001, 2, 601, 2]);
});

Deno.test("leads counts a pause from when the last byte was taken by the system", () => {
  const session = paced();
  session.send("a".repeat(500));
  assert.equal(session.nextTickAt, Infinity); // it may take long until it has left
  session.takeOutput();
  session.written(100);
  assert.equal(session.nextTickAt, 100 + GAP_MS);
  session.send("b".repeat(5)); // it fits, and the pause begins anew
  session.send("c".repeat(50));
  assert.equal(session.nextTickAt, Infinity);
  assert.equal(output(session).length, 6);
  session.written(105);
  session.tick(105 + GAP_MS - 1);
  assert.equal(session.outputBytes, 0);
  session.tick(105 + GAP_MS);
  assert.equal(output(session).length, 51);
  session.written(200);
  session.tick(300);
  assert.equal(session.nextTickAt, Infinity);
  assert.equal(session.outputBytes, 0);
});

Deno.test("leads says disconnect behind what waits, and has left nothing", () => {
  const session = paced();
  for (let i = 0; i < 10; i++) session.send("x".repeat(200));
  session.close("bye", "");
  const parts = bursts(session);
  assert.equal(parts.length, 5);
  assert.ok(parts.at(-1)!.endsWith("disconnect;"));
});

Deno.test("leads hurries at the end when limits.closeMs would not do for the pauses", () => {
  const session = paced({ closeMs: 100 });
  for (let i = 0; i < 100; i++) session.send("x".repeat(200));
  session.close("bye", "");
  const parts = bursts(session);
  const sizes = parts.map((part) => part.length);
  assert.deepEqual(sizes.slice(0, -1), [402, 402, 402, 402, 402], "pauses for half of closeMs");
  assert.equal(parts.join(""), `${"x".repeat(200)};`.repeat(100) + "disconnect;");
  assert.equal(session.waitingBytes, 0);
});

Deno.test("leads holds nothing for one who has said disconnect, and says it at once", () => {
  const session = paced();
  for (let i = 0; i < 10; i++) session.send("x".repeat(200));
  output(session);
  feed(session, "disconnect;");
  assert.equal(session.waitingBytes, 0);
  session.close("bye", "");
  assert.equal(output(session), "disconnect;");
});

Deno.test("leads paces messages that were encoded for several, and encoding sends nothing", () => {
  const session = paced();
  const bytes = session.encode("x".repeat(400));
  assert.equal(session.outputBytes, 0);
  for (let i = 0; i < 3; i++) session.sendEncoded(bytes);
  assert.equal(session.counts.messagesOut, 3);
  assert.deepEqual(bursts(session).map((part) => part.length), [401, 401, 401]);
  assert.throws(() => session.encode("a;b"), { code: "usage" });
});

Deno.test("leads keeps the contract of dialects with its pauses, for what is said by one message", () => {
  checkDialect({
    dialect: leads(),
    samples: [{ messages: [{ kind: "message", value: "hello" }] }],
    unsayable: [{ kind: "message", value: "a;b" }],
    skip: ["frame limit"],
  });
});

Deno.test("leads lets a flood go without pauses until it pauses by itself, unless a pause was asked for", () => {
  const usual = opened(leads());
  const asked = opened(leads({ gapMs: GAP_MS }));
  for (let at = 0; at < 1100; at++) {
    usual.send("x".repeat(63));
    asked.send("x".repeat(63));
  }
  assert.deepEqual(
    [usual.waitingBytes, usual.outputBytes],
    [0, 1100 * 64],
    "64 KiB waited, and more was said",
  );
  assert.deepEqual([asked.waitingBytes, asked.outputBytes], [1092 * 64, 8 * 64]);
  usual.takeOutput();
  usual.written(100);
  usual.send("y".repeat(600));
  usual.send("z");
  assert.equal(usual.waitingBytes, 0, "no pause was long enough yet");
  usual.takeOutput();
  usual.written(200);
  usual.tick(usual.nextTickAt);
  usual.send("y".repeat(600));
  usual.send("z");
  assert.equal(usual.waitingBytes, 2, "and now it is no flood any more");
});
