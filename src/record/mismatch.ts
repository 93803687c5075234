import { ParleyError } from "../errors.ts";
import { maskOfKnown } from "../secret/known_mask.ts";
import { escapeText, quoteText } from "../show/escape.ts";

/** Where a conversation has left its recording. */
export interface Difference {
  /** Counts the turns of the connection from 1: each begins where the other side begins to speak. */
  readonly step: number;
  /** The line of the recording that tells what was expected. */
  readonly line: number;
  /** What was expected there, from the beginning of the line of text or of the piece; empty when nothing was. */
  readonly expected: Uint8Array;
  /** What came instead, from the same place on; empty when nothing did. */
  readonly received: Uint8Array;
  /** How many bytes of both are equal. */
  readonly offset: number;
  /** Where that cannot be told from the bytes: why they differ. */
  readonly why?: string;
}

/** The other side does not say what the recording has. Its code is `mismatch`. */
export class MismatchError extends ParleyError {
  /** Always `"MismatchError"`. */
  override readonly name = "MismatchError";
  /** Where in the conversation: turns count from 1. */
  readonly step: number;
  /** The line of the recording that tells what was expected. */
  readonly line: number;
  /** What was expected: bytes, or in a comparison by meaning what was to be said. */
  readonly expected: unknown;
  /** What came. */
  readonly received: unknown;

  /** Made by what plays a recording. */
  constructor(
    message: string,
    facts: {
      readonly step: number;
      readonly line: number;
      readonly expected: unknown;
      readonly received: unknown;
    },
  ) {
    super("mismatch", message);
    this.step = facts.step;
    this.line = facts.line;
    this.expected = facts.expected;
    this.received = facts.received;
  }
}

/** Whose conversation it is, for messages. */
export interface PlayNames {
  /** The link. */
  readonly link: string;
  /** The recording. */
  readonly path: string;
  /** Who speaks the other part: `"the script"`, `"the peer"`. */
  readonly other: string;
}

/** A difference of bytes as an error. */
export function mismatchOf(difference: Difference, names: PlayNames): MismatchError {
  const { step, line, offset, why } = difference;
  const mask = maskOfKnown();
  const expected = mask.maskBytes(difference.expected);
  const received = mask.maskBytes(difference.received);
  const there = `${names.link}: mismatch at step ${step} (line ${line} of ${names.path})`;
  const wanted = expected.length === 0
    ? `${names.other} was to say nothing more`
    : `${names.other} was to say ${bytesText(expected, offset)}`;
  const came = received.length === 0 ? "nothing came" : `${bytesText(received, offset)} came`;
  const isSecret = mask.find(difference.expected).some(({ at, length }) =>
    at <= offset && offset < at + length
  );
  const from = why ?? (isSecret ? "it is not the secret" : firstDifference(expected, received, offset));
  const text = `${there}: ${wanted}, and ${came}${from === "" ? "" : `; ${from}`}`;
  return new MismatchError(text, { step, line, expected, received });
}

/** Which byte differs first. Bytes are counted from 1, as people count. */
function firstDifference(expected: Uint8Array, received: Uint8Array, offset: number): string {
  if (expected.length === 0 || received.length === 0) return "";
  if (offset >= received.length) return `byte ${offset + 1} is missing: ${byteText(expected[offset])}`;
  if (offset >= expected.length) return `byte ${offset + 1} is too many: ${byteText(received[offset])}`;
  return `byte ${offset + 1} is ${byteText(received[offset])}, not ${byteText(expected[offset])}`;
}

function byteText(byte: number): string {
  const hex = `0x${byte.toString(16).padStart(2, "0")}`;
  return byte > 0x20 && byte < 0x7f ? `${hex} (${String.fromCharCode(byte)})` : hex;
}

/** Bytes as people read them: text in quotes where it is some, otherwise hexadecimal; what is around `at` when it is long. */
export function bytesText(bytes: Uint8Array, at = 0): string {
  const from = Math.max(0, Math.min(at - SHOWN_BEFORE, bytes.length - SHOWN_BYTES));
  const shown = bytes.subarray(from, from + SHOWN_BYTES);
  const more = bytes.length - from - shown.length;
  const text = textOf(shown);
  const body = text === undefined
    ? Array.from(shown, (byte) => byte.toString(16).padStart(2, "0")).join(" ")
    : quoteText(text);
  return `${from > 0 ? "…" : ""}${body}${more > 0 ? `…(+${more} bytes)` : ""}`;
}

/** Text, when hardly any of it has to be escaped. */
function textOf(bytes: Uint8Array): string | undefined {
  const text = new TextDecoder().decode(bytes);
  const strange = text.replace(/[\r\n\t]/g, "");
  const escaped = escapeText(strange).length - strange.length + 3 * (strange.match(/\ufffd/g)?.length ?? 0);
  return escaped * 4 > bytes.length ? undefined : text;
}

/** How much of a long piece is shown, and how much of it before the place that matters, in bytes. */
const SHOWN_BYTES = 80;
const SHOWN_BEFORE = 40;
