/** Milliseconds since `performance.now()` was that, to a hundredth. */
export function elapsed(since: number): number {
  return Math.round((performance.now() - since) * 100) / 100;
}
