/**
 * The conformance kit for codecs: one call checks a codec of your own against the whole contract.
 *
 * @module
 */
import { CODEC_FAULT_RULES } from "./codec_fault_rules.ts";
import { CODEC_PAUSE_RULES } from "./codec_pause_rules.ts";
import { CODEC_SAMPLE_RULES } from "./codec_sample_rules.ts";
import { CODEC_STATE_RULES } from "./codec_state_rules.ts";
import { type CodecCheck, codecSubject } from "./codec_subject.ts";

export { CodecRuleError } from "./codec_driver.ts";
export type { CodecCheck, CodecSample, MalformedSample, TooLargeSample } from "./codec_subject.ts";

/**
 * Checks a codec against the contract of {@linkcode Codec}, and throws at the first rule that it breaks.
 *
 * - Samples are read the same: whole, byte by byte, cut at random, twice in a row, followed by part of the next
 *   frame.
 * - A stream that ends anywhere gives the frames before that place, and never a wrong one.
 * - Frames and encoded bytes have memory of their own; what is encoded is read as it was.
 * - Two codecs share no state; nor do a codec and its `fresh` one, or two connections of one that has no `fresh`.
 * - Wrong bytes raise {@linkcode ProtocolError} and nothing else, the same however they are cut.
 * - Too large frames are refused before their end has come, and no flood of bytes is kept.
 * - With `quietMs`: the same bytes with the same pauses are read the same, however they are cut between the pauses;
 *   silence before the first byte, or after more silence, means nothing.
 *
 * It needs no test framework: call it in a test of any. It takes well below a second for samples of a few KiB.
 *
 * @throws {CodecRuleError} the codec breaks a rule; the message names the rule, the sample and how it was cut.
 * @throws {UsageTypeError} code `usage`: there is no sample.
 *
 * @example A codec of one's own: frames of three bytes
 * ```ts
 * import type { Codec } from "@parley/parley";
 * import { checkCodec } from "@parley/parley/testing";
 *
 * function triples(): Codec<Uint8Array> {
 *   return {
 *     decode: (buffer) => buffer.length < 3 ? undefined : buffer.take(3),
 *     encode: (frame) => new Uint8Array(frame),
 *   };
 * }
 *
 * checkCodec({
 *   make: triples,
 *   samples: [{ frames: [Uint8Array.of(1, 2, 3), Uint8Array.of(4, 5, 6)], bytes: Uint8Array.of(1, 2, 3, 4, 5, 6) }],
 * });
 * ```
 */
export function checkCodec<Frame>(check: CodecCheck<Frame>): void {
  const subject = codecSubject(check);
  const rules = [...CODEC_PAUSE_RULES, ...CODEC_SAMPLE_RULES, ...CODEC_STATE_RULES, ...CODEC_FAULT_RULES];
  for (const rule of rules) rule(subject);
}
