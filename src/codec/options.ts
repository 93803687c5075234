/**
 * What every codec factory checks in the same way: its options, and the frames it is asked to encode.
 *
 * @module
 */
import { UsageRangeError, UsageTypeError } from "../errors.ts";
import { checkCount, DEFAULT_LIMITS, MAX_FRAME_BYTES_CEILING } from "../limits.ts";
import type { FrameLimit } from "./codec.ts";

/**
 * Refuses options that the factory does not know, then gives the frame limit in force, in bytes.
 *
 * @param factory Name of the factory, for the error message.
 * @param own Names of the options it knows besides `maxFrameBytes`.
 * @throws {UsageTypeError} code `usage`: no object, or an unknown option; the message lists the known ones.
 * @throws {UsageRangeError} code `usage`: `maxFrameBytes` is not a whole number from 1 to 64 MiB.
 */
export function frameLimit(factory: string, options: FrameLimit, own: readonly string[] = []): number {
  if (typeof options !== "object" || options === null) {
    throw new UsageTypeError(
      `Cannot use ${String(options)} as the options of ${factory}(): an object is wanted`,
    );
  }
  const known = ["maxFrameBytes", ...own];
  for (const name of Object.keys(options)) {
    if (known.includes(name)) continue;
    throw new UsageTypeError(`Unknown option "${name}" of ${factory}(): the options are ${known.join(", ")}`);
  }
  const { maxFrameBytes = DEFAULT_LIMITS.maxFrameBytes } = options;
  checkCount("maxFrameBytes", maxFrameBytes, MAX_FRAME_BYTES_CEILING);
  return maxFrameBytes;
}

/** The longest pause that a codec may wait for, in milliseconds: a minute of silence is no pause between frames. */
const MAX_QUIET_MS = 60_000;

/**
 * The pause that ends a frame, in milliseconds.
 *
 * @throws {UsageTypeError} code `usage`: it is no number.
 * @throws {UsageRangeError} code `usage`: it is not a whole number from 1 to 60,000.
 */
export function quietTime(quietMs: number | undefined, byDefault: number): number {
  if (quietMs === undefined) return byDefault;
  checkCount("quietMs", quietMs, MAX_QUIET_MS);
  return quietMs;
}

/** The longest mark, in bytes. Marks in use are 1 to 4 bytes; the bound is there to catch a mistaken argument. */
const MAX_MARK_BYTES = 64;

/**
 * A mark as bytes: text as UTF-8, a copy of bytes, or one byte given as a number.
 *
 * @throws {UsageTypeError} code `usage`: it is of another kind.
 * @throws {UsageRangeError} code `usage`: it is empty, too long, or no byte.
 */
export function markBytes(mark: string | Uint8Array | number): Uint8Array {
  if (typeof mark === "number") {
    if (Number.isInteger(mark) && mark >= 0 && mark <= 255) return Uint8Array.of(mark);
    throw new UsageRangeError(`Cannot use ${mark} as a mark: a byte from 0 to 255 is wanted`);
  }
  if (typeof mark !== "string" && !(mark instanceof Uint8Array)) {
    throw new UsageTypeError(
      `Cannot use a value of type ${typeof mark} as a mark: text, bytes or a byte are wanted`,
    );
  }
  const bytes = typeof mark === "string" ? new TextEncoder().encode(mark) : new Uint8Array(mark);
  if (bytes.length >= 1 && bytes.length <= MAX_MARK_BYTES) return bytes;
  throw new UsageRangeError(
    `Cannot use a mark of ${bytes.length} bytes: 1 to ${MAX_MARK_BYTES} bytes are wanted`,
  );
}

/**
 * Refuses what is no codec, where one is to be wrapped.
 *
 * @throws {UsageTypeError} code `usage`: it has no `decode` and `encode`.
 */
export function checkCodecGiven(factory: string, codec: unknown): void {
  const { decode, encode } = (codec ?? {}) as { decode?: unknown; encode?: unknown };
  if (typeof decode === "function" && typeof encode === "function") return;
  throw new UsageTypeError(
    `Cannot use a value of type ${typeof codec} as the codec of ${factory}(): one such as lines() is wanted`,
  );
}

/**
 * The value of an option that is on or off.
 *
 * @throws {UsageTypeError} code `usage`: it is neither `true` nor `false`.
 */
export function flag(name: string, value: boolean | undefined): boolean {
  if (value === undefined) return false;
  if (typeof value === "boolean") return value;
  throw new UsageTypeError(`Cannot use ${String(value)} as "${name}": true or false is wanted`);
}

/**
 * Checks a frame of bytes before it is encoded.
 *
 * @throws {UsageTypeError} code `usage`: it is no `Uint8Array`.
 * @throws {UsageRangeError} code `usage`: it is larger than `maxFrameBytes`.
 */
export function checkFrame(frame: Uint8Array, maxFrameBytes: number): void {
  if (!(frame instanceof Uint8Array)) {
    const hint = typeof frame === "string" ? ", such as new TextEncoder().encode(text)" : "";
    throw new UsageTypeError(`Cannot encode a value of type ${typeof frame}: a Uint8Array is wanted${hint}`);
  }
  if (frame.length > maxFrameBytes) throw tooLargeToSend(frame.length, maxFrameBytes);
}

/** The error for a frame of our own that is above the limit. */
export function tooLargeToSend(bytes: number, maxFrameBytes: number): UsageRangeError {
  return new UsageRangeError(
    `Cannot encode a frame of ${bytes} bytes: at most ${maxFrameBytes} bytes are allowed (limits.maxFrameBytes)`,
  );
}
