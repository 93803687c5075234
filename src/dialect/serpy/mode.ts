/**
 * The six ways in which a message of serpy travels.
 *
 * | mode | block | acknowledged |
 * | --- | --- | --- |
 * | 0 | the text | no |
 * | 1 | the text, 04 | yes |
 * | 2 | base 85 | no |
 * | 3 | base 85, 04 | yes |
 * | 4 | base 85 of a Python pickle | no |
 * | 5 | base 85 of a Python pickle, 04 | yes |
 *
 * @module
 */
import { UsageRangeError } from "../../errors.ts";

/** One of the six; others can be asked for, and whatever is said in them is lost. */
export type Mode = 0 | 1 | 2 | 3 | 4 | 5;

/** All modes. */
export const MODES: readonly Mode[] = Object.freeze([0, 1, 2, 3, 4, 5]);

/** What a value is to serpy: text and numbers, bytes, or anything else. */
export type ValueKind = "text" | "bytes" | "data";

/** True when each message in this mode is answered. */
export function isAcked(mode: Mode): boolean {
  return mode % 2 === 1;
}

/**
 * The mode in which a value travels: the one that is wanted, unless the value cannot travel in it. Bytes go out in 2
 * or 3 instead of 0 or 4 and of 1 or 5; what is neither text, a number nor bytes in 4 or 5 instead of 0 or 2 and of 1
 * or 3.
 *
 * @param ack True when it is to be acknowledged: then 1, 3 and 5 stand for 0, 2 and 4.
 * @throws {UsageRangeError} code `usage`: there is no such mode.
 */
export function modeFor(kind: ValueKind, wanted: number, ack: boolean): Mode {
  if (!MODES.includes(wanted as Mode)) {
    throw new UsageRangeError(
      `Cannot use ${String(wanted)} as "mode" in the dialect "serpy": 0 to 5 is wanted`,
    );
  }
  const odd = ack ? 1 : wanted % 2;
  const even = wanted - wanted % 2;
  if (kind === "bytes") return 2 + odd as Mode;
  if (kind === "data") return 4 + odd as Mode;
  return even + odd as Mode;
}
