/**
 * The rules of the codec kit about bytes that are wrong, too many, or without an end, one function each. To add a
 * rule: write a function, and add it to `CODEC_FAULT_RULES`.
 *
 * @module
 */
import type { Codec } from "../codec/codec.ts";
import { CodecDriver, CodecRuleError, show } from "./codec_driver.ts";
import { sameEvents, showEvents } from "./codec_events.ts";
import { cuts, expectError, run, singly } from "./codec_expect.ts";
import { freshOf } from "./codec_state_rules.ts";
import { joinBytes } from "../join_bytes.ts";
import type { CodecSubject } from "./codec_subject.ts";
import { SeededRandom } from "./seeded_random.ts";

/** Every rule about bad input. */
export const CODEC_FAULT_RULES: readonly (<Frame>(subject: CodecSubject<Frame>) => void)[] = Object.freeze([
  checkMalformed,
  checkTooLarge,
  checkFreshLimit,
  checkGarbage,
  checkBounded,
]);

/** The frame limit of every second garbage input, in bytes: small enough to be exceeded often. */
const SMALL_LIMIT = 24;
/** The most bytes of one garbage input. */
const GARBAGE_BYTES = 96;
/** The frame limit of the flood, in bytes, and how many times that much is sent. */
const FLOOD_LIMIT = 256;
const FLOOD_ROUNDS = 64;

function checkMalformed<Frame>(subject: CodecSubject<Frame>): void {
  const random = new SeededRandom(subject.seed);
  for (const [index, { bytes, code, fatal, then = [], pauses }] of subject.malformed.entries()) {
    const where = `malformed sample ${index}`;
    expectError(
      subject,
      "malformed",
      where,
      () => subject.make(),
      bytes,
      random,
      { code, fatal, pauses },
      then,
    );
  }
}

function checkTooLarge<Frame>(subject: CodecSubject<Frame>): void {
  const random = new SeededRandom(subject.seed);
  for (const [index, sample] of subject.tooLarge.entries()) {
    const { maxFrameBytes, bytes, fatal = false, then = [], pauses } = sample;
    const where = `too large sample ${index}, maxFrameBytes ${maxFrameBytes}`;
    const make = () => subject.make({ maxFrameBytes });
    expectError(subject, "too large", where, make, bytes, random, { code: "too_large", fatal, pauses }, then);
    const early = bytes.subarray(0, maxFrameBytes + subject.overheadBytes + 1);
    const { events } = run("refused early", where, make(), early, [early.length]);
    if (!events.some((event) => event.kind === "error")) {
      throw new CodecRuleError(
        "refused early",
        `${where}: no error after ${early.length} bytes of the frame`,
      );
    }
    if (sample.frame !== undefined) expectRefused(where, make(), sample.frame);
  }
}

function checkFreshLimit<Frame>(subject: CodecSubject<Frame>): void {
  const random = new SeededRandom(subject.seed);
  for (const [index, sample] of subject.tooLarge.entries()) {
    const { maxFrameBytes, bytes, fatal = false, then = [], pauses } = sample;
    const where = `too large sample ${index}, maxFrameBytes ${maxFrameBytes}, a fresh codec`;
    const make = () => freshOf(subject.make({ maxFrameBytes }));
    expectError(subject, "fresh", where, make, bytes, random, { code: "too_large", fatal, pauses }, then);
  }
}

function checkGarbage<Frame>(subject: CodecSubject<Frame>): void {
  const random = new SeededRandom(subject.seed);
  const valid = joinBytes(subject.samples.map(({ bytes }) => bytes));
  for (let round = 0; round < subject.garbageInputs; round++) {
    const bytes = garbage(random, valid);
    const options = round % 2 === 0 ? undefined : { maxFrameBytes: SMALL_LIMIT };
    const where = `garbage ${round} (${show(bytes)}, limit ${options?.maxFrameBytes ?? "as made"})`;
    const pauses = subject.mindsPauses ? randomPauses(random, bytes.length) : [];
    const how = { end: true, pauses };
    const whole = run("garbage", where, subject.make(options), bytes, [bytes.length], how);
    for (const sizes of [singly(bytes), random.sizes(bytes.length)]) {
      const cut = run("garbage", where, subject.make(options), bytes, sizes, how);
      if (sameEvents(subject, whole.events, cut.events)) continue;
      throw new CodecRuleError(
        "garbage",
        `${where}${pauses.length > 0 ? `, pauses behind ${pauses.join(", ")}` : ""}: whole it gives ${
          showEvents(whole.events)
        }, cut ${cuts(sizes)} ${showEvents(cut.events)}`,
      );
    }
  }
}

function checkBounded<Frame>(subject: CodecSubject<Frame>): void {
  const driver = new CodecDriver(subject.make({ maxFrameBytes: FLOOD_LIMIT }));
  const piece = joinBytes(
    Array.from({ length: Math.ceil(FLOOD_LIMIT / subject.flood.length) }, () => subject.flood),
  );
  const most = FLOOD_LIMIT + subject.overheadBytes;
  for (let round = 1; round <= FLOOD_ROUNDS; round++) {
    driver.feed(piece);
    if (driver.waitingBytes <= most) continue;
    throw new CodecRuleError(
      "bounded",
      `${driver.waitingBytes} bytes wait after ${round * piece.length} bytes without the end of a frame:` +
        ` at most ${most} are wanted with maxFrameBytes ${FLOOD_LIMIT}, which make is given and has to pass on`,
    );
  }
}

function expectRefused<Frame>(where: string, codec: Codec<Frame>, frame: Frame): void {
  try {
    codec.encode(frame);
  } catch (error) {
    if (error instanceof RangeError) return;
    throw new CodecRuleError(
      "encode refuses",
      `${where}: a RangeError is wanted for the frame, got ${show(error)}`,
    );
  }
  throw new CodecRuleError("encode refuses", `${where}: encode took the frame`);
}

/** Behind how many bytes the line is quiet: nowhere, or in up to four places. */
function randomPauses(random: SeededRandom, length: number): number[] {
  const places = Array.from({ length: random.below(5) }, () => 1 + random.below(Math.max(length, 1)));
  return [...new Set(places)].sort((one, other) => one - other);
}

/** Bytes of every value, good bytes that were damaged, or the bytes of good samples in any order. */
function garbage(random: SeededRandom, valid: Uint8Array): Uint8Array {
  const length = random.below(GARBAGE_BYTES + 1);
  const kind = random.below(3);
  if (kind === 0 || valid.length === 0) return random.bytes(length);
  if (kind === 1) return Uint8Array.from({ length }, () => random.pick(valid));
  const from = random.below(valid.length);
  const bytes = [...valid.subarray(from, from + length)];
  for (let damage = 1 + random.below(4); damage > 0; damage--) {
    bytes.splice(random.below(bytes.length), random.below(3), ...random.bytes(random.below(3)));
  }
  return Uint8Array.from(bytes);
}
