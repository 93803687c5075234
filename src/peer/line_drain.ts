import { CancelledError, TimeoutError } from "../errors.ts";
import type { SerialLine } from "../transport/serial/serial_line.ts";
import { within, type World } from "./world.ts";

/** How long to wait for a line to send what it has. */
export interface DrainWait {
  /** How long it may stand still, in milliseconds. */
  readonly stillMs: number;
  readonly signal: AbortSignal | undefined;
  readonly world: World;
}

/**
 * Waits until everything written has left. However long that takes is no matter, a slow line sends a megabyte in half an
 * hour; only one that stands still is given up, as where a device holds CTS or has sent XOFF.
 *
 * @throws {TimeoutError} code `timeout`: no byte has left for `stillMs`, twice that at most.
 * @throws {CancelledError} code `cancelled`: by the signal. @throws what `drain` of the line throws.
 */
export async function drainLine(line: SerialLine, { stillMs, signal, world }: DrainWait): Promise<void> {
  const what = `Draining ${line.remoteAddress}`;
  if (signal?.aborted) throw new CancelledError(what, signal, "unknown");
  const cancelled = Promise.withResolvers<void>();
  const cancel = () => cancelled.resolve();
  signal?.addEventListener("abort", cancel);
  let isDone = false;
  const draining = line.drain().finally(() => isDone = true);
  try {
    for (let before = leftBytes(line);;) {
      await within(world, Promise.race([draining, cancelled.promise]), stillMs);
      if (isDone) return await draining;
      if (signal?.aborted) throw new CancelledError(what, signal, "unknown");
      const left = leftBytes(line);
      if (left !== undefined && left === before) throw stuck(line, stillMs);
      before = left;
    }
  } finally {
    draining.catch(() => {}); // goes on until the line is closed, and nobody waits for it any more
    signal?.removeEventListener("abort", cancel);
  }
}

/** Bytes that have left so far; `undefined` where nobody can tell. */
function leftBytes({ writtenBytes = 0, unsentBytes }: SerialLine): number | undefined {
  return unsentBytes === undefined ? undefined : writtenBytes - unsentBytes;
}

function stuck({ remoteAddress, settings: { rtscts, xon } }: SerialLine, stillMs: number): TimeoutError {
  const why = rtscts
    ? "does the device hold CTS low (rtscts is on)?"
    : xon
    ? "has the device sent an XOFF (xon is on)?"
    : "does the other side read?";
  const text = `Cannot drain ${remoteAddress}: no byte has left for ${stillMs} ms; ${why}`;
  return new TimeoutError("timeout", text, { outcome: "unknown" });
}
