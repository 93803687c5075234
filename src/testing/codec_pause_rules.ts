/**
 * The rules of the codec kit about codecs that mind pauses, one function each. To add a rule: write a function, and
 * add it to `CODEC_PAUSE_RULES`. That frames are the same with the same pauses is checked by all the other rules.
 *
 * @module
 */
import type { Codec } from "../codec/codec.ts";
import { CodecDriver, CodecRuleError, show } from "./codec_driver.ts";
import { onlyFrames, showEvents } from "./codec_events.ts";
import { feedPart } from "./codec_expect.ts";
import { freshOf } from "./codec_state_rules.ts";
import type { CodecSubject } from "./codec_subject.ts";

/** Every rule about pauses. */
export const CODEC_PAUSE_RULES: readonly (<Frame>(subject: CodecSubject<Frame>) => void)[] = Object.freeze([
  checkQuietTime,
  checkSilence,
]);

/** A link asks for `quietMs` once, and calls `decodeQuiet` after it: one without the other is of no use. */
function checkQuietTime<Frame>(subject: CodecSubject<Frame>): void {
  const codec = subject.make();
  expectQuietTime("a new codec", codec);
  const { quietMs } = freshOf(codec);
  if (quietMs === codec.quietMs) return;
  throw new CodecRuleError(
    "quiet time",
    `the fresh codec has a quietMs of ${show(quietMs)}, it is made from one with ${show(codec.quietMs)}`,
  );
}

function expectQuietTime(which: string, { quietMs, decodeQuiet }: Codec<unknown>): void {
  const isTime = typeof quietMs === "number" && Number.isInteger(quietMs) && quietMs >= 1;
  const isRight = decodeQuiet === undefined ? quietMs === undefined : isTime;
  if (isRight) return;
  const has = decodeQuiet === undefined ? "no decodeQuiet" : "decodeQuiet";
  throw new CodecRuleError(
    "quiet time",
    `${which} has ${has} and a quietMs of ${show(quietMs)}: both or neither are wanted, quietMs from 1 on`,
  );
}

/** Silence after silence, and before the first byte, ends no frame. */
function checkSilence<Frame>(subject: CodecSubject<Frame>): void {
  if (!subject.mindsPauses) return;
  for (const [index, { frames, bytes, pauses }] of subject.samples.entries()) {
    const driver = new CodecDriver(subject.make());
    driver.quiet();
    if (driver.events.length > 0) {
      throw new CodecRuleError("silence", `before any byte came ${showEvents(driver.events)}`);
    }
    let from = 0;
    for (const to of [...pauses, bytes.length]) {
      if (to > from) feedPart(driver, bytes, from, to, pauses);
      if (pauses.includes(to)) driver.quiet();
      from = to;
    }
    if (onlyFrames(subject, driver.events, frames)) continue;
    throw new CodecRuleError(
      "silence",
      `sample ${index}, each pause twice: wanted ${show(frames)}, got ${showEvents(driver.events)}`,
    );
  }
}
