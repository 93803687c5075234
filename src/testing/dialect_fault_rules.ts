/**
 * The rules of the dialect kit about what is wrong: values that cannot be said, bytes that make no sense, streams
 * that are cut off, frames above the limit. To add a rule: write it, and add it to `DIALECT_FAULT_RULES`.
 *
 * @module
 */
import { isDeepStrictEqual } from "node:util";
import type { Role } from "../dialect/dialect.ts";
import { show } from "./codec_driver.ts";
import { joinBytes } from "../join_bytes.ts";
import {
  beginsWith,
  comparable,
  expectMessages,
  saidIn,
  showEvents,
  showMessages,
} from "./dialect_events.ts";
import { type Cut, DialectPair, singly, whole } from "./dialect_pair.ts";
import {
  type DialectCase,
  type DialectRule,
  DialectRuleError,
  type DialectSubject,
  type SaidMessage,
} from "./dialect_subject.ts";
import { SeededRandom } from "./seeded_random.ts";

/** Every rule about what is wrong. */
export const DIALECT_FAULT_RULES: readonly DialectRule[] = Object.freeze([
  { name: "unsayable", check: checkUnsayable },
  { name: "cut off", check: checkCutOff },
  { name: "frame limit", check: checkFrameLimit },
  { name: "garbage", check: checkGarbage },
]);

/** In how many places a long stream is cut off, about; a short one in all. */
const CUTS = 100;
/** The frame limit that is tried, in bytes. */
const LIMIT = 1000;
/** The most bytes of one garbage input. */
const GARBAGE_BYTES = 96;

function checkUnsayable(subject: DialectSubject): void {
  for (const message of subject.unsayable) {
    for (const role of ["client", "server"] as const) {
      const pair = new DialectPair("unsayable", subject).open();
      expectRefused("unsayable", pair, role, message, [TypeError, RangeError]);
      const sample = subject.cases.find((sample) => sample.role === role && sample.messages !== undefined);
      if (sample === undefined) continue;
      for (const sayable of sample.messages!) pair.end(role).say(sayable);
      pair.exchange();
      expectMessages(
        "unsayable",
        `${sample.where} after ${show(message)}`,
        subject,
        pair.listener(role).events.slice(1),
        sample.arrives,
      );
    }
  }
}

/** The messages before the end, never a wrong one, and at most one fault. */
function checkCutOff(subject: DialectSubject): void {
  for (const sample of subject.cases) {
    const bytes = bytesOf(subject, sample);
    const step = Math.max(1, Math.floor(bytes.length / CUTS));
    for (let length = 0; length < bytes.length; length += step) {
      const { client, server } = new DialectPair("cut off", subject).open();
      const reader = sample.role === "client" ? server : client;
      reader.receive(bytes.subarray(0, length));
      const before = reader.events.slice(1);
      const got = saidIn(before);
      reader.receiveEnd();
      const faults = reader.events.filter((event) => event.kind === "fault").length;
      if (faults <= 1 && got.length === before.length && beginsWith(subject, sample.arrives, got)) continue;
      const where = `${sample.where}, its first ${length} of ${bytes.length} bytes`;
      const wanted = `the beginning of ${showMessages(sample.arrives)} and at most 1 fault`;
      throw new DialectRuleError(
        "cut off",
        `${where}: wanted ${wanted}, got ${showEvents(reader.events.slice(1))}`,
      );
    }
  }
}

function checkFrameLimit(subject: DialectSubject): void {
  const rule = "frame limit";
  const small = { maxFrameBytes: LIMIT };
  for (const role of ["client", "server"] as const) {
    const strict = new DialectPair(rule, subject, { clientLimits: small, serverLimits: small }).open();
    expectRefused(rule, strict, role, subject.sized(2 * LIMIT), [RangeError]);
    const limits = role === "client" ? { serverLimits: small } : { clientLimits: small };
    const pair = new DialectPair(rule, subject, limits).open();
    const [speaker, reader] = [pair.end(role), pair.listener(role)];
    try {
      speaker.say(subject.sized(4 * LIMIT));
    } catch (error) {
      if (error instanceof RangeError) continue; // both sides know the smaller limit
      throw error;
    }
    pair.exchange();
    const events = reader.events.slice(1);
    const fault = events.find((event) => event.kind === "fault");
    if (subject.streaming) {
      if (events.every((event) => event.kind === "message" && event.bytes <= LIMIT)) continue;
    } else if (fault?.kind === "fault" && fault.error.code === "too_large" && events.length === 1) {
      if (fault.error.fatal) continue;
      const next = subject.sized(1);
      speaker.say(next);
      pair.exchange();
      if (saidIn(reader.events).length === 1) continue;
    }
    const got = showEvents(reader.events.slice(1));
    throw new DialectRuleError(
      rule,
      `from the ${role}: a message of ${
        4 * LIMIT
      } bytes has to raise the fault "too_large" with maxFrameBytes ` +
        `${LIMIT}, and the link goes on unless that is fatal; got ${got}`,
    );
  }
}

/** Whatever arrives, nothing throws, and it means the same however it is cut. */
function checkGarbage(subject: DialectSubject): void {
  const random = new SeededRandom(subject.seed);
  const valid = { client: validBytes(subject, "server"), server: validBytes(subject, "client") };
  for (let round = 0; round < subject.garbageInputs; round++) {
    const role: Role = round % 2 === 0 ? "client" : "server";
    const greeted = round % 4 < 2;
    const bytes = garbage(random, valid[role]);
    const cut: Cut = random.below(2) === 0 ? singly : (total) => random.sizes(total);
    const [first, second] = [whole, cut].map((cut) => {
      const pair = new DialectPair("garbage", subject, { cut });
      if (greeted) pair.open();
      else pair.end(role).open();
      pair.end(role).receive(bytes);
      pair.end(role).receiveEnd();
      return pair.end(role).events;
    });
    if (subject.streaming || isDeepStrictEqual(comparable(first), comparable(second))) continue;
    throw new DialectRuleError(
      "garbage",
      `input ${round} (${show(bytes)}, read by the ${role} ${
        greeted ? "after" : "before"
      } the handshake) gives ` +
        `${showEvents(first)} whole, and ${showEvents(second)} in pieces`,
    );
  }
}

/** Saying it has to throw, and to leave nothing behind. */
function expectRefused(
  rule: string,
  pair: DialectPair,
  role: Role,
  message: SaidMessage,
  wanted: readonly (abstract new (...args: never[]) => Error)[],
): void {
  const end = pair.end(role);
  let thrown: unknown;
  try {
    end.say(message);
  } catch (error) {
    thrown = error;
  }
  const where = `${show(message)} said by the ${role}`;
  if (!wanted.some((kind) => thrown instanceof kind)) {
    const kinds = wanted.map(({ name }) => name).join(" or ");
    throw new DialectRuleError(rule, `${where} has to throw a ${kinds}, got ${show(thrown)}`);
  }
  if (end.session.outputBytes > 0) {
    throw new DialectRuleError(
      rule,
      `${where} threw, but left ${end.session.outputBytes} bytes in the output`,
    );
  }
  if (end.session.pendingRequests > 0) {
    throw new DialectRuleError(rule, `${where} threw, but is pending`);
  }
}

/** The bytes of a sample after the handshake. */
function bytesOf(subject: DialectSubject, { role, messages, bytes }: DialectCase): Uint8Array {
  if (messages === undefined) return bytes!;
  const speaker = new DialectPair("cut off", subject).open().end(role);
  for (const message of messages) speaker.say(message);
  return speaker.session.takeOutput().slice();
}

/** Everything that `role` says in the greeting and in the samples. */
function validBytes(subject: DialectSubject, role: Role): Uint8Array {
  const fresh = new DialectPair("garbage", subject).end(role);
  fresh.open();
  const samples = subject.cases.filter((sample) => sample.role === role).map((sample) =>
    bytesOf(subject, sample)
  );
  return joinBytes([fresh.session.takeOutput().slice(), ...samples]);
}

/** Bytes of every value, or good bytes that were damaged. */
function garbage(random: SeededRandom, valid: Uint8Array): Uint8Array {
  const length = random.below(GARBAGE_BYTES + 1);
  if (valid.length === 0 || random.below(3) === 0) return random.bytes(length);
  const from = random.below(3) === 0 ? random.below(valid.length) : 0;
  const bytes = [...valid.subarray(from, from + 2 * length)];
  for (let damage = random.below(4); damage > 0; damage--) {
    bytes.splice(random.below(bytes.length), random.below(3), ...random.bytes(random.below(3)));
  }
  return Uint8Array.from(bytes);
}
