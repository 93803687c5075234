import type { Measured, Work } from "./row.ts";
import { percentile } from "./statistics.ts";

/** Times one round trip after the other; gives the median and the 99th of a hundred, in microseconds. */
export async function timeRoundTrips(roundTrip: () => Promise<unknown>, work: Work): Promise<Measured> {
  const warmUntil = performance.now() + work.warmUpMs;
  while (performance.now() < warmUntil) await roundTrip();
  const times: number[] = [];
  const until = performance.now() + work.measureMs;
  for (let before = performance.now(); before < until;) {
    await roundTrip();
    const after = performance.now();
    times.push((after - before) * 1000);
    before = after;
  }
  return { value: percentile(times, 0.5), p99: percentile(times, 0.99) };
}
