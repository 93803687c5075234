import { quantile } from "../../show/quantile.ts";
import { milliseconds } from "../../show/time_span.ts";

/** How long the answers to one input took, for the end of the line with its value; nothing when there were none. */
export function roundTripText(times: readonly number[]): string | undefined {
  if (times.length < 2) return times.length === 0 ? undefined : milliseconds(times[0]);
  return `${times.length.toLocaleString("en-US")} answers, median ${milliseconds(quantile(times, 0.5))}`;
}
