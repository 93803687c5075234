/**
 * Every error that Parley raises, and whose fault each one is.
 *
 * ```text
 * TypeError, RangeError         your call was wrong        (UsageTypeError, UsageRangeError)
 * ParleyError
 *  ├─ ProtocolError             their bytes are wrong
 *  ├─ ClosedError               our side closed it, or never opened it
 *  ├─ BrokenError               the world broke it: refused, reset, gone
 *  ├─ TimeoutError              nothing came in time
 *  ├─ CancelledError            your signal ended the wait
 *  └─ RemoteError               their handler or their program said no
 * ```
 *
 * @module
 */

/**
 * What is known about a message when the call that carried it fails: it never left (`"not-sent"`), it may
 * or may not have been handled (`"unknown"`), or the other side answered that it failed (`"failed"`).
 */
export type Outcome = "not-sent" | "unknown" | "failed";

/** What every {@linkcode ParleyError} may be given besides its message. */
export interface ParleyErrorOptions extends ErrorOptions {
  /** What became of the message that was under way, where there was one. */
  outcome?: Outcome;
}

/** The common root: `code` is stable and meant for programs, `message` is meant for people. */
export class ParleyError extends Error {
  /** The name of the class, as error output shows it. */
  override readonly name: string = "ParleyError";
  /** A short stable word such as `"refused"`, `"timeout"` or `"not_found"`. */
  readonly code: string;
  /** What became of the message that was under way, where there was one. */
  readonly outcome?: Outcome;

  /** An error with a stable `code` for programs and a `message` for people. */
  constructor(code: string, message: string, options: ParleyErrorOptions = {}) {
    super(message, options);
    this.code = code;
    if (options.outcome !== undefined) this.outcome = options.outcome;
  }
}

/**
 * The other side sent bytes that break the rules of the codec or the dialect.
 *
 * `fatal` tells whether the link can go on: a codec that finds the next frame by itself (lines, COBS, SLIP)
 * raises errors that are not fatal, one that has lost its place (a length prefix) raises fatal ones.
 */
export class ProtocolError extends ParleyError {
  /** Always `"ProtocolError"`. */
  override readonly name = "ProtocolError";
  /** True when the place in the byte stream is lost and the link has to close. */
  readonly fatal: boolean;

  /** An error of their bytes; `fatal` is true unless the options say otherwise. */
  constructor(code: string, message: string, options: ParleyErrorOptions & { fatal?: boolean } = {}) {
    super(code, message, options);
    this.fatal = options.fatal ?? true;
  }
}

/** Our side closed the link, or has not opened it yet. */
export class ClosedError extends ParleyError {
  /** Always `"ClosedError"`. */
  override readonly name = "ClosedError";
}

/** The world broke the link or refused it: nothing listening, reset, gone, no such path. */
export class BrokenError extends ParleyError {
  /** Always `"BrokenError"`. */
  override readonly name = "BrokenError";
}

/** Nothing came within the time limit; the message names the limit. */
export class TimeoutError extends ParleyError {
  /** Always `"TimeoutError"`. */
  override readonly name = "TimeoutError";
}

/** The caller's own `AbortSignal` ended the wait; its reason is the `cause`. */
export class CancelledError extends ParleyError {
  /** Always `"CancelledError"`. */
  override readonly name = "CancelledError";

  /** The error for a wait that `signal` has ended; `what` was waited for. Its code is `cancelled`. */
  constructor(what: string, signal: AbortSignal, outcome?: Outcome) {
    const why = signal.reason instanceof Error ? signal.reason.message : describe(signal.reason);
    super("cancelled", `${what} was cancelled: ${why}`, { cause: signal.reason, outcome });
  }
}

/** The other side answered with an error: no such name, its handler threw, it is full. */
export class RemoteError extends ParleyError {
  /** Always `"RemoteError"`. */
  override readonly name = "RemoteError";
  /** With code `busy`: how long the other side asks to wait before trying again, in milliseconds. */
  readonly retryAfterMs?: number;

  /** An error that came as an answer. */
  constructor(code: string, message: string, options: ParleyErrorOptions & { retryAfterMs?: number } = {}) {
    super(code, message, options);
    if (options.retryAfterMs !== undefined) this.retryAfterMs = options.retryAfterMs;
  }
}

/** A call with a value of the wrong kind. Shows itself as a `TypeError`. */
export class UsageTypeError extends TypeError {
  /** Always `"usage"`. */
  readonly code = "usage";

  /** Always `"not-sent"`: a call that is wrong sends nothing. */
  get outcome(): "not-sent" {
    return "not-sent";
  }
}

/** A call with a value out of range. Shows itself as a `RangeError`. */
export class UsageRangeError extends RangeError {
  /** Always `"usage"`. */
  readonly code = "usage";

  /** Always `"not-sent"`: a call that is wrong sends nothing. */
  get outcome(): "not-sent" {
    return "not-sent";
  }
}

/** Whatever was thrown, as an `Error`, so that callbacks may rely on `message`. */
export function asError(thrown: unknown): Error {
  if (thrown instanceof Error) return thrown;
  return new Error(typeof thrown === "string" ? thrown : `Thrown value: ${describe(thrown)}`, {
    cause: thrown,
  });
}

function describe(value: unknown): string {
  try {
    return String(value);
  } catch {
    return typeof value; // a value whose toString throws must not hide the failure it stands for
  }
}
