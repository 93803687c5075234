import { MAX_WAIT_MS } from "../limits.ts";

/** Resolves after `ms`, or when it is over; `onPause` is told of long ones. */
export async function pause(
  ms: number,
  signal: AbortSignal,
  onPause?: (ms: number) => unknown,
): Promise<void> {
  if (ms < LEAST_MS || signal.aborted) return;
  if (ms >= LONG_MS) onPause?.(ms);
  const { promise, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, Math.min(ms, MAX_WAIT_MS));
  const stop = () => resolve();
  signal.addEventListener("abort", stop);
  await promise;
  clearTimeout(timer);
  signal.removeEventListener("abort", stop);
}

/** What somebody who waits wants to know of, in milliseconds. */
const LONG_MS = 2000;
/** What a timer cannot keep anyway, in milliseconds. */
const LEAST_MS = 0.5;
