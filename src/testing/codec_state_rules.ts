/**
 * The rules of the codec kit about the memory and the state that a codec must not share, one function each. To add a
 * rule: write a function, and add it to `CODEC_STATE_RULES`.
 *
 * @module
 */
import type { Codec } from "../codec/codec.ts";
import { CodecDriver, CodecRuleError } from "./codec_driver.ts";
import { onlyFrames } from "./codec_events.ts";
import { brokenRule, expectFrames, feedPart } from "./codec_expect.ts";
import type { CodecSubject } from "./codec_subject.ts";
import { SeededRandom } from "./seeded_random.ts";

/** Every rule about memory and state. */
export const CODEC_STATE_RULES: readonly (<Frame>(subject: CodecSubject<Frame>) => void)[] = Object.freeze([
  checkFrameMemory,
  checkEncodedMemory,
  checkIndependence,
  checkFresh,
]);

/** How often each sample is cut at random. */
const SPLITS = 25;

/** A frame that is a view into the buffer changes when the transport uses its memory again. */
function checkFrameMemory<Frame>(subject: CodecSubject<Frame>): void {
  const random = new SeededRandom(subject.seed);
  for (const [index, { frames, bytes, pauses }] of subject.samples.entries()) {
    for (const sizes of [[bytes.length], random.sizes(bytes.length)]) {
      const where = `sample ${index}, the chunks overwritten afterwards`;
      const how = { overwrite: true, pauses };
      expectFrames(subject, "frames own their memory", where, bytes, sizes, frames, how);
    }
  }
}

function checkIndependence<Frame>(subject: CodecSubject<Frame>): void {
  expectApart(subject, "independent codecs", () => [() => subject.make(), () => subject.make()]);
}

function checkEncodedMemory<Frame>(subject: CodecSubject<Frame>): void {
  const rule = "encoded bytes own their memory";
  for (const [index, { frames }] of subject.samples.entries()) {
    const where = `sample ${index}`;
    const codec = subject.make();
    const encoded: Uint8Array[] = [];
    const copies = frames.map((frame) => {
      const bytes = codec.encode(frame);
      encoded.push(bytes);
      return new Uint8Array(bytes);
    });
    for (const [at, bytes] of encoded.entries()) {
      if (sameBytes(bytes, copies[at])) continue;
      throw new CodecRuleError(rule, `${where}: encoding the next frame changed the bytes of frame ${at}`);
    }
    for (const [at, frame] of frames.entries()) {
      const bytes = subject.make().encode(frame);
      const before = new Uint8Array(bytes);
      invert(bytes);
      const after = new Uint8Array(subject.make().encode(frame));
      invert(bytes); // the sample is the caller's
      if (sameBytes(before, after)) continue;
      throw new CodecRuleError(rule, `${where}: writing to the bytes of frame ${at} changed the frame`);
    }
  }
}

/** One codec may be given to many connections: each takes a fresh one, or the same when it keeps no state. */
function checkFresh<Frame>(subject: CodecSubject<Frame>): void {
  expectApart(subject, "fresh", () => {
    const codec = subject.make();
    return [() => codec, () => freshOf(codec)];
  });
  for (const [index, { frames }] of subject.samples.entries()) {
    for (const [at, frame] of frames.entries()) {
      const codec = subject.make();
      if (sameBytes(freshOf(codec).encode(frame), codec.encode(frame))) continue;
      throw new CodecRuleError(
        "fresh",
        `sample ${index}: the fresh codec encodes frame ${at} in another way`,
      );
    }
  }
}

/** The codec for another connection. */
export function freshOf<Frame>(codec: Codec<Frame>): Codec<Frame> {
  return codec.fresh === undefined ? codec : codec.fresh();
}

/** Two codecs of the pair that `open` gives are fed in turns; the second is made when the first is at work. */
function expectApart<Frame>(
  subject: CodecSubject<Frame>,
  rule: string,
  open: () => (() => Codec<Frame>)[],
): void {
  const random = new SeededRandom(subject.seed);
  for (const [index, { frames, bytes, pauses }] of subject.samples.entries()) {
    for (let round = 0; round < SPLITS; round++) {
      // One early and one anywhere, so that what the two remember differs even in a long sample.
      const firsts = [random.below(Math.min(bytes.length, 16) + 1), random.below(bytes.length + 1)];
      if (round % 2 === 1) firsts.reverse();
      const drivers = open().map((make, at) => {
        const driver = new CodecDriver(make());
        feedPart(driver, bytes, 0, firsts[at], pauses);
        return driver;
      });
      for (const [at, driver] of drivers.entries()) {
        feedPart(driver, bytes, firsts[at], bytes.length, pauses);
      }
      for (const [at, { events }] of drivers.entries()) {
        if (onlyFrames(subject, events, frames)) continue;
        const where = `sample ${index}, the other codec cut after ${firsts[1 - at]} bytes`;
        throw brokenRule(rule, where, [firsts[at], bytes.length - firsts[at]], events, frames);
      }
    }
  }
}

/** Writes to every byte; twice is as before. */
function invert(bytes: Uint8Array): void {
  for (let at = 0; at < bytes.length; at++) bytes[at] ^= 0xff;
}

/** True for the same bytes. */
function sameBytes(one: Uint8Array, other: Uint8Array): boolean {
  return one.length === other.length && one.every((byte, at) => byte === other[at]);
}
