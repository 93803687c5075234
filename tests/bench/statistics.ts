/** The middle of some numbers; `NaN` for none. */
export function median(numbers: readonly number[]): number {
  return percentile(numbers, 0.5);
}

/** The number below which the given part (0 to 1) of the numbers lies, taken between neighbours; `NaN` for none. */
export function percentile(numbers: readonly number[], part: number): number {
  if (numbers.length === 0) return NaN;
  const sorted = Float64Array.from(numbers).sort();
  const place = part * (sorted.length - 1);
  const below = Math.floor(place);
  const above = Math.min(below + 1, sorted.length - 1);
  return sorted[below] + (sorted[above] - sorted[below]) * (place - below);
}

/** A number as people read it: `1.93M`, `266k`, `35.7`. */
export function shortNumber(value: number): string {
  if (Number.isNaN(value)) return "–";
  const size = Math.abs(value);
  if (size >= 999_500) return `${(value / 1e6).toPrecision(3)}M`;
  if (size >= 9_995) return `${Math.round(value / 1e3)}k`;
  if (size >= 999.5) return `${(value / 1e3).toPrecision(3)}k`;
  return size >= 99.95 ? String(Math.round(value)) : value.toFixed(1);
}
