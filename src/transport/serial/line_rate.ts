import { BrokenError } from "../../errors.ts";

/** @throws {BrokenError} code `unsupported`: the driver has made a rate at which no byte would arrive whole. */
export function checkRate(path: string, wanted: number, made: number): void {
  if (made > 0 && Math.abs(made - wanted) > wanted * MAX_RATE_ERROR) {
    throw refusedRate(path, wanted, `its driver makes ${made} of it`);
  }
}

/** The error for a rate that a driver refuses. */
export function refusedRate(path: string, baudRate: number, why: string): BrokenError {
  const text =
    `Cannot set serial:${path} to ${baudRate} baud: ${why}; use a rate that it has, such as 115200`;
  return new BrokenError("unsupported", text);
}

/**
 * A receiver looks at the middle of each bit, the last time in the tenth: at 5 percent off it sees the wrong one, and
 * both ends may be off.
 */
const MAX_RATE_ERROR = 0.025;
