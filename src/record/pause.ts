import { MAX_WAIT_MS } from "../limits.ts";

/** Resolves after `ms`, or when it is over. */
export async function pause(ms: number, signal: AbortSignal): Promise<void> {
  if (ms < LEAST_MS || signal.aborted) return;
  const { promise, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, Math.min(ms, MAX_WAIT_MS));
  const stop = () => resolve();
  signal.addEventListener("abort", stop);
  await promise;
  clearTimeout(timer);
  signal.removeEventListener("abort", stop);
}

/** What a timer cannot keep anyway, in milliseconds. */
const LEAST_MS = 0.5;
