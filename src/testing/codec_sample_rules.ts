/**
 * The rules of the codec kit about good samples, one function each. To add a rule: write a function, and add it to
 * `CODEC_SAMPLE_RULES`.
 *
 * @module
 */
import { encodeEach } from "./codec_driver.ts";
import { framesOf, isEnding, startsWith } from "./codec_events.ts";
import { brokenRule, expectFrames, run, singly } from "./codec_expect.ts";
import { type CodecSubject, joinBytes } from "./codec_subject.ts";
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
  for (const [index, { frames, bytes }] of subject.samples.entries()) {
    expectFrames(subject, "whole", `sample ${index}`, bytes, [bytes.length], frames);
  }
}

function checkByteByByte<Frame>(subject: CodecSubject<Frame>): void {
  for (const [index, { frames, bytes }] of subject.samples.entries()) {
    expectFrames(subject, "byte by byte", `sample ${index}`, bytes, singly(bytes), frames);
  }
}

function checkRandomSplits<Frame>(subject: CodecSubject<Frame>): void {
  const random = new SeededRandom(subject.seed);
  for (const [index, { frames, bytes }] of subject.samples.entries()) {
    for (let round = 0; round < SPLITS; round++) {
      expectFrames(subject, "random splits", `sample ${index}`, bytes, random.sizes(bytes.length), frames);
    }
  }
}

function checkBackToBack<Frame>(subject: CodecSubject<Frame>): void {
  for (const [index, { frames, bytes }] of subject.samples.entries()) {
    const sizes = [bytes.length, bytes.length];
    const twice = [...frames, ...frames];
    expectFrames(subject, "back to back", `sample ${index}, twice`, joinBytes([bytes, bytes]), sizes, twice);
  }
}

function checkTrailingBytes<Frame>(subject: CodecSubject<Frame>): void {
  for (const [index, { frames, bytes }] of subject.samples.entries()) {
    const twice = [...frames, ...frames];
    for (let more = 1; more < Math.min(bytes.length, MOST_TRAILING_BYTES); more++) {
      const where = `sample ${index}, twice, ${more} bytes of the second with the first`;
      const sizes = [bytes.length + more, bytes.length - more];
      expectFrames(subject, "trailing bytes", where, joinBytes([bytes, bytes]), sizes, twice);
    }
  }
}

function checkCutOff<Frame>(subject: CodecSubject<Frame>): void {
  for (const [index, { frames, bytes }] of subject.samples.entries()) {
    const step = Math.max(1, Math.floor(bytes.length / CUTS));
    for (let length = 0; length < bytes.length; length += step) {
      const where = `sample ${index}, its first ${length} of ${bytes.length} bytes`;
      const start = bytes.subarray(0, length);
      const { events } = run("cut off", where, subject.make(), start, [length], { end: true });
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
      expectFrames(subject, "round trip", where, bytes, [bytes.length], [frame]);
    }
    const all = joinBytes(encodeEach(subject.make(), frames, `sample ${index}`));
    expectFrames(subject, "round trip", `sample ${index}, all frames encoded`, all, [all.length], frames);
  }
}
