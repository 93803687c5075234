/**
 * The rules of the dialect kit about good samples. To add a rule: write it, and add it to `DIALECT_SAMPLE_RULES`.
 *
 * @module
 */
import { show } from "./codec_driver.ts";
import { expectMessages, showEvents } from "./dialect_events.ts";
import { type Cut, DialectPair, singly, whole } from "./dialect_pair.ts";
import { type DialectRule, DialectRuleError, type DialectSubject } from "./dialect_subject.ts";
import { SeededRandom } from "./seeded_random.ts";

/** Every rule about good samples, in the order in which a dialect in the making meets them. */
export const DIALECT_SAMPLE_RULES: readonly DialectRule[] = Object.freeze([
  { name: "handshake", check: checkHandshake },
  { name: "whole", check: (subject) => checkSamples("whole", subject, [whole]) },
  { name: "byte by byte", check: (subject) => checkSamples("byte by byte", subject, [singly]) },
  { name: "random splits", check: checkRandomSplits },
  { name: "bytes on the wire", check: checkBytes },
  { name: "broadcast", check: checkBroadcast },
]);

/** How often each sample is cut at random. */
const SPLITS = 12;

function checkHandshake(subject: DialectSubject): void {
  const random = new SeededRandom(subject.seed);
  for (const cut of [whole, singly, (total: number) => random.sizes(total)]) {
    const pair = new DialectPair("handshake", subject, { cut }).open();
    for (const { role, session, events } of [pair.client, pair.server]) {
      if (session.ready && events.length === 1 && events[0].kind === "ready") continue;
      const got = `${showEvents(events)}, ${session.ready ? "ready" : "not ready"}`;
      throw new DialectRuleError(
        "handshake",
        `the ${role} has to get "ready" once and nothing else, got ${got}`,
      );
    }
  }
}

function checkRandomSplits(subject: DialectSubject): void {
  const random = new SeededRandom(subject.seed);
  const cut: Cut = (total) => random.sizes(total);
  checkSamples("random splits", subject, new Array<Cut>(SPLITS).fill(cut));
}

function checkSamples(rule: string, subject: DialectSubject, cuts: readonly Cut[]): void {
  for (const { where, role, messages, arrives, bytes } of subject.cases) {
    for (const cut of cuts) {
      if (messages !== undefined) {
        const pair = new DialectPair(rule, subject, { cut }).open();
        for (const message of messages) sayIt(rule, where, pair, role, message);
        pair.exchange();
        expectMessages(rule, where, subject, pair.listener(role).events.slice(1), arrives);
        expectMessages(rule, `${where}, what came back`, subject, pair.end(role).events.slice(1), []);
      }
      if (bytes !== undefined) {
        const pair = new DialectPair(rule, subject, { cut }).open();
        pair.listener(role).receive(bytes);
        expectMessages(
          rule,
          `${where}, from its bytes`,
          subject,
          pair.listener(role).events.slice(1),
          arrives,
        );
      }
    }
  }
}

function checkBytes(subject: DialectSubject): void {
  const rule = "bytes on the wire";
  for (const { where, role, messages, bytes } of subject.cases) {
    if (messages === undefined || bytes === undefined) continue;
    const pair = new DialectPair(rule, subject).open();
    for (const message of messages) sayIt(rule, where, pair, role, message);
    const written = pair.end(role).session.takeOutput();
    if (same(written, bytes)) {
      continue;
    }
    throw new DialectRuleError(rule, `${where}: wanted ${show(bytes)}, got ${show(written.slice())}`);
  }
}

/** A plain message encoded on one conversation has the bytes that any other writes, and arrives when sent there. */
function checkBroadcast(subject: DialectSubject): void {
  const rule = "broadcast";
  if (subject.dialect.uniform !== true) return;
  for (const { where, role, messages = [], arrives } of subject.cases) {
    if (messages.length === 0 || messages.some(({ kind }) => kind !== "message")) continue;
    const encoder = new DialectPair(rule, subject).open().end(role).session;
    const written = new DialectPair(rule, subject).open();
    const sent = new DialectPair(rule, subject).open();
    // One of them has said more already: what it says may not depend on that.
    for (const message of messages) written.end(role).say(message);
    written.exchange();
    for (const message of messages) {
      if (message.kind !== "message") continue;
      const bytes = encoder.encode(message.value);
      if (encoder.outputBytes > 0) {
        throw new DialectRuleError(rule, `${where}: encode left ${encoder.outputBytes} bytes in the output`);
      }
      written.end(role).session.send(message.value);
      const wanted = written.end(role).session.takeOutput();
      if (!same(bytes, wanted)) {
        throw new DialectRuleError(
          rule,
          `${where}: encode gave ${show(bytes)}, send wrote ${show(wanted.slice())}`,
        );
      }
      sent.end(role).session.sendEncoded(bytes);
    }
    sent.exchange();
    expectMessages(rule, where, subject, sent.listener(role).events.slice(1), arrives);
  }
}

function sayIt(
  rule: string,
  where: string,
  pair: DialectPair,
  role: "client" | "server",
  message: Parameters<DialectPair["client"]["say"]>[0],
): void {
  try {
    pair.end(role).say(message);
  } catch (error) {
    throw new DialectRuleError(rule, `${where}: saying ${show(message)} threw ${show(error)}`, {
      cause: error,
    });
  }
}

function same(one: Uint8Array, other: Uint8Array): boolean {
  return one.length === other.length && one.every((byte, at) => byte === other[at]);
}
