/**
 * Numbers as a row of small bars: `▁▂▅█`. The largest is the highest, or `max` where it is given; 0 and what is no number
 * are blank, and what is above 0 is never blank.
 *
 * @example
 * ```ts
 * import { sparkline } from "./sparkline.ts";
 * import assert from "node:assert/strict";
 *
 * assert.equal(sparkline([0, 1, 2, 4, 8]), " ▁▂▄█");
 * ```
 */
export function sparkline(
  values: readonly number[],
  max: number = Math.max(0, ...values.filter(Number.isFinite)),
): string {
  return values.map((value) => {
    if (!(value > 0) || !(max > 0)) return " ";
    return BARS[Math.min(BARS.length, Math.max(1, Math.round(value / max * BARS.length))) - 1];
  }).join("");
}

const BARS = "▁▂▃▄▅▆▇█";
