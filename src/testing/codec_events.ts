/**
 * What a codec gave, compared with what is wanted.
 *
 * @module
 */
import { type CodecEvent, show } from "./codec_driver.ts";
import { joinBytes } from "../join_bytes.ts";
import type { CodecSubject } from "./codec_subject.ts";

/** True for exactly these frames and no error. */
export function onlyFrames<Frame>(
  subject: CodecSubject<Frame>,
  events: readonly CodecEvent<Frame>[],
  frames: readonly Frame[],
): boolean {
  return sameEvents(subject, events, frames.map((frame) => ({ kind: "frame", frame, atEnd: false })));
}

/** True for the same frames and errors in the same order. */
export function sameEvents<Frame>(
  subject: CodecSubject<Frame>,
  some: readonly CodecEvent<Frame>[],
  others: readonly CodecEvent<Frame>[],
): boolean {
  const [one, other] = subject.streaming ? [joinFrames(some), joinFrames(others)] : [some, others];
  return one.length === other.length && one.every((event, at) => sameEvent(subject, event, other[at]));
}

function sameEvent<Frame>(
  subject: CodecSubject<Frame>,
  one: CodecEvent<Frame>,
  other: CodecEvent<Frame>,
): boolean {
  if (one.kind === "frame") return other.kind === "frame" && subject.equal(one.frame, other.frame);
  return other.kind === "error" && one.code === other.code && one.fatal === other.fatal;
}

/** True when `got` is how `frames` begin. */
export function startsWith<Frame>(
  subject: CodecSubject<Frame>,
  frames: readonly Frame[],
  got: readonly Frame[],
): boolean {
  if (!subject.streaming) {
    return got.every((frame, at) => at < frames.length && subject.equal(frame, frames[at]));
  }
  if (got.length === 0) return true;
  const [all, some] = [joinValues(frames), joinValues(got)];
  return subject.equal(all.slice(0, some.length) as Frame, some as Frame);
}

/** The frames among the events. */
export function framesOf<Frame>(events: readonly CodecEvent<Frame>[]): Frame[] {
  return events.flatMap((event) => event.kind === "frame" ? [event.frame] : []);
}

/**
 * True for what only the end of the stream brings: a frame that ends there, or the error for one that does not: bytes
 * left over, a sum that is wrong.
 */
export function isEnding<Frame>(event: CodecEvent<Frame>): boolean {
  return event.atEnd && (event.kind === "frame" || event.code === "truncated" || !event.fatal);
}

/** Frames that follow each other, as one: in a stream it means nothing where they were cut. */
function joinFrames<Frame>(events: readonly CodecEvent<Frame>[]): CodecEvent<Frame>[] {
  const joined: CodecEvent<Frame>[] = [];
  let open: Frame[] = [];
  for (const event of [...events, undefined]) {
    if (event?.kind === "frame") {
      open.push(event.frame);
      continue;
    }
    if (open.length > 0) joined.push({ kind: "frame", frame: joinValues(open) as Frame, atEnd: false });
    open = [];
    if (event !== undefined) joined.push(event);
  }
  return joined;
}

function joinValues(values: readonly unknown[]): Uint8Array | string {
  if (values.some((value) => typeof value === "string")) return values.join("");
  return joinBytes(values as Uint8Array[]);
}

/** Events, for people. */
export function showEvents<Frame>(events: readonly CodecEvent<Frame>[]): string {
  if (events.length === 0) return "nothing";
  const shown = events.slice(0, 8).map((event) =>
    event.kind === "frame" ? show(event.frame) : `${event.code} (${event.fatal ? "fatal" : "not fatal"})`
  );
  return `${events.length}: ${shown.join(", ")}${events.length > 8 ? ", …" : ""}`;
}
