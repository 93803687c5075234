// Not from mod.ts, which would load everything for the help of a one-shot.
import { BrokenError, CancelledError, ProtocolError, RemoteError, TimeoutError } from "../errors.ts";

/** Exit codes of the program; they are part of its interface. */
export const ExitCode = Object.freeze({
  OK: 0,
  /** A script or an evaluation failed. */
  ERROR: 1,
  /** The command line is wrong. */
  USAGE: 2,
  /** No link: nothing listens there, the address is in use, it is not the right dialect. */
  CANNOT_CONNECT: 3,
  /** Nothing came in time. */
  TIMEOUT: 4,
  /** The peer answered with an error. */
  REMOTE: 5,
  /** An assertion failed. */
  ASSERTION: 6,
  /** Ended by Ctrl-C. */
  INTERRUPTED: 130,
});

/** The exit code that tells what went wrong. */
export function exitCodeOf(error: unknown): number {
  if (error instanceof CancelledError) return exitCodeOf(error.cause);
  if (error instanceof TimeoutError) return ExitCode.TIMEOUT;
  if (error instanceof RemoteError) return ExitCode.REMOTE;
  if ((error as { code?: unknown } | null)?.code === "unsupported") return ExitCode.ERROR; // the link lives on
  if (error instanceof BrokenError || error instanceof ProtocolError) return ExitCode.CANNOT_CONNECT;
  const { name } = (error ?? {}) as { name?: unknown };
  if (name === "TimeoutError") return ExitCode.TIMEOUT; // what AbortSignal.timeout() aborts with
  if (name === "AssertionError" || name === "MismatchError") return ExitCode.ASSERTION;
  if (name === "Interrupted") return ExitCode.INTERRUPTED;
  return ExitCode.ERROR;
}
