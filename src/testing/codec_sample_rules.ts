/**
 * The rules of the codec kit about good samples, one function each. To add a rule: write a function, and add it to
 * `CODEC_SAMPLE_RULES`.
 *
 * @module
 */
import { joinBytes } from "../join_bytes.ts";
import { encodeEach } from "./codec_driver.ts";
import { framesOf, isEnding, startsWith } from "./codec_events.ts";
import { brokenRule, expectFrames, run, singly } from "./codec_expect.ts";
import { type CodecSample, type CodecSubject, endsOf } from "./codec_subject.ts";
import { SeededRandom } from "./seeded_random.ts";

/** Every rule about good samples, in the order in which a codec in the making meets them. */
export const CODEC_SAMPLE_RULES: readonly (<Frame>(subject: CodecSubject<Frame>) => void)[] = Object.freeze([
  checkWhole,
  checkByteByByte,
  checkRandomSplits,
  checkBackToBack,
  checkTrailingBytes,
  checkCutOff,
  checkRoundTrip,
]);

/** How often each sample is cut at random. */
const SPLITS = 25;
/** In how many places a stream is cut off, at least, when it is long; a short one in all. */
const CUTS = 250;
/** With how many bytes of the next frame a frame arrives, at most. */
const MOST_TRAILING_BYTES = 32;

function checkWhole<Frame>(subject: CodecSubject<Frame>): void {
  for (const [index, { frames, bytes, pauses }] of subject.samples.entries()) {
    expectFrames(subject, "whole", `sample ${index}`, bytes, [bytes.length], frames, { pauses });
  }
}

function checkByteByByte<Frame>(subject: CodecSubject<Frame>): void {
  for (const [index, { frames, bytes, pauses }] of subject.samples.entries()) {
    expectFrames(subject, "byte by byte", `sample ${index}`, bytes, singly(bytes), frames, { pauses });
  }
}

function checkRandomSplits<Frame>(subject: CodecSubject<Frame>): void {
  const random = new SeededRandom(subject.seed);
  for (const [index, { frames, bytes, pauses }] of subject.samples.entries()) {
    for (let round = 0; round < SPLITS; round++) {
      const sizes = random.sizes(bytes.length);
      expectFrames(subject, "random splits", `sample ${index}`, bytes, sizes, frames, { pauses });
    }
  }
}

function checkBackToBack<Frame>(subject: CodecSubject<Frame>): void {
  for (const [index, sample] of subject.samples.entries()) {
    const { length } = sample.bytes;
    const { frames, bytes, pauses } = twice(sample);
    expectFrames(subject, "back to back", `sample ${index}, twice`, bytes, [length, length], frames, {
      pauses,
    });
  }
}

function checkTrailingBytes<Frame>(subject: CodecSubject<Frame>): void {
  for (const [index, sample] of subject.samples.entries()) {
    const { length } = sample.bytes;
    const { frames, bytes, pauses } = twice(sample);
    for (let more = 1; more < Math.min(length, MOST_TRAILING_BYTES); more++) {
      const where = `sample ${index}, twice, ${more} bytes of the second with the first`;
      const sizes = [length + more, length - more];
      expectFrames(subject, "trailing bytes", where, bytes, sizes, frames, { pauses });
    }
  }
}

/** The sample two times in a row. */
function twice<Frame>({ frames, bytes, pauses }: Required<CodecSample<Frame>>): Required<CodecSample<Frame>> {
  return {
    frames: [...frames, ...frames],
    bytes: joinBytes([bytes, bytes]),
    pauses: [...pauses, ...pauses.map((at) => at + bytes.length)],
  };
}

function checkCutOff<Frame>(subject: CodecSubject<Frame>): void {
  for (const [index, { frames, bytes, pauses }] of subject.samples.entries()) {
    const step = Math.max(1, Math.floor(bytes.length / CUTS));
    for (let length = 0; length < bytes.length; length += step) {
      const where = `sample ${index}, its first ${length} of ${bytes.length} bytes`;
      const start = bytes.subarray(0, length);
      const { events } = run("cut off", where, subject.make(), start, [length], { end: true, pauses });
      const before = events.filter((event) => !isEnding(event));
      const got = framesOf(before);
      if (before.length === got.length && startsWith(subject, frames, got)) continue;
      throw brokenRule("cut off", where, [length], events, frames);
    }
  }
}

function checkRoundTrip<Frame>(subject: CodecSubject<Frame>): void {
  for (const [index, { frames }] of subject.samples.entries()) {
    for (const [at, frame] of frames.entries()) {
      const [bytes] = encodeEach(subject.make(), [frame], `sample ${index}`);
      const where = `sample ${index}, frame ${at} encoded`;
      const pauses = subject.mindsPauses ? [bytes.length] : [];
      expectFrames(subject, "round trip", where, bytes, [bytes.length], [frame], { pauses });
    }
    const encoded = encodeEach(subject.make(), frames, `sample ${index}`);
    const all = joinBytes(encoded);
    const pauses = subject.mindsPauses ? endsOf(encoded) : [];
    const where = `sample ${index}, all frames encoded`;
    expectFrames(subject, "round trip", where, all, [all.length], frames, { pauses });
  }
}
