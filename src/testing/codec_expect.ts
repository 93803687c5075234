/**
 * How the rules of the codec kit run a codec, and say where it did not do what is wanted.
 *
 * @module
 */
import type { Codec } from "../codec/codec.ts";
import { CodecDriver, type CodecEvent, CodecRuleError, show } from "./codec_driver.ts";
import { onlyFrames, showEvents } from "./codec_events.ts";
import type { CodecSubject } from "./codec_subject.ts";
import type { SeededRandom } from "./seeded_random.ts";

/** How a codec is run: see {@linkcode CodecDriver}; `end` ends the stream as well; `pauses` as in `CodecSample`. */
export interface RunOptions {
  overwrite?: boolean;
  end?: boolean;
  pauses?: readonly number[];
}

/** Feeds the bytes from `from` to `to` in one chunk, or more where there is a pause between them. */
export function feedPart<Frame>(
  driver: CodecDriver<Frame>,
  bytes: Uint8Array,
  from: number,
  to: number,
  pauses: readonly number[],
): void {
  let at = from;
  for (const pause of pauses) {
    if (pause <= from || pause > to) continue;
    driver.feed(bytes.subarray(at, at = pause));
    driver.quiet();
  }
  if (at < to || from === to) driver.feed(bytes.subarray(at, to));
}

/** Feeds `bytes` in chunks of these sizes. Rules that the driver finds broken are told where. */
export function run<Frame>(
  rule: string,
  where: string,
  codec: Codec<Frame>,
  bytes: Uint8Array,
  sizes: readonly number[],
  options: RunOptions = {},
): CodecDriver<Frame> {
  try {
    const driver = new CodecDriver(codec, options);
    const { pauses = [] } = options;
    let at = 0;
    for (const size of sizes) feedPart(driver, bytes, at, at += size, pauses);
    if (options.end) driver.end();
    return driver;
  } catch (error) {
    if (!(error instanceof CodecRuleError)) throw error;
    throw new CodecRuleError(error.rule, `${where}, rule "${rule}", cut ${cuts(sizes)}: ${error.detail}`);
  }
}

/** The codec has to give these frames, and nothing else until the stream has ended. */
export function expectFrames<Frame>(
  subject: CodecSubject<Frame>,
  rule: string,
  where: string,
  bytes: Uint8Array,
  sizes: readonly number[],
  frames: readonly Frame[],
  options: RunOptions = {},
): void {
  const { events } = run(rule, where, subject.make(), bytes, sizes, { end: true, ...options });
  if (!onlyFrames(subject, events, frames)) throw brokenRule(rule, where, sizes, events, frames);
}

/** The codec has to give this error, once, and then these frames, however the bytes are cut. */
export function expectError<Frame>(
  subject: CodecSubject<Frame>,
  rule: string,
  where: string,
  make: () => Codec<Frame>,
  bytes: Uint8Array,
  random: SeededRandom,
  wanted: { code: string; fatal: boolean; pauses?: readonly number[] },
  then: readonly Frame[],
): void {
  const ways = [
    [bytes.length],
    singly(bytes),
    ...Array.from({ length: 10 }, () => random.sizes(bytes.length)),
  ];
  for (const sizes of ways) {
    const { events } = run(rule, where, make(), bytes, sizes, { pauses: wanted.pauses });
    const [first, ...rest] = events;
    const matches = first?.kind === "error" && first.code === wanted.code && first.fatal === wanted.fatal;
    if (matches && onlyFrames(subject, rest, then)) continue;
    throw new CodecRuleError(
      rule,
      `${where}, cut ${cuts(sizes)}: wanted ${wanted.code} (${wanted.fatal ? "fatal" : "not fatal"}), then ` +
        `${show(then)}, got ${showEvents(events)}`,
    );
  }
}

/** The sizes that feed one byte at a time. */
export function singly(bytes: Uint8Array): number[] {
  return new Array<number>(bytes.length).fill(1);
}

/** The error for frames that are not as wanted. */
export function brokenRule<Frame>(
  rule: string,
  where: string,
  sizes: readonly number[],
  events: readonly CodecEvent<Frame>[],
  frames: readonly Frame[],
): CodecRuleError {
  return new CodecRuleError(
    rule,
    `${where}, cut ${cuts(sizes)}: wanted ${show(frames)}, got ${showEvents(events)}`,
  );
}

/** Sizes of chunks, for people. */
export function cuts(sizes: readonly number[]): string {
  const shown = sizes.slice(0, 16).join("+");
  return sizes.length > 16 ? `${shown}+… (${sizes.length} chunks)` : shown || "0";
}
