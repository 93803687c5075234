import { textWidth } from "./cell_width.ts";

/** How a {@linkcode histogram} looks. */
export interface HistogramOptions {
  /** How a value is written. */
  show(value: number): string;
  /** The longest bar, in columns. Default 40. */
  columns?: number;
}

/**
 * How often values of each size occur, as lines with bars. The borders are 1, 2 and 5 times powers of ten, so that small
 * values and a few large ones are seen side by side. Values that are not above 0 count as the smallest. Pure.
 *
 * ```text
 * 0.5 ms -  1 ms  ██████████████████ 9
 *   1 ms -  2 ms  ██ 1
 * ```
 */
export function histogram(values: readonly number[], { show, columns = 40 }: HistogramOptions): string[] {
  if (values.length === 0) return [];
  const positive = values.filter((value) => value > 0);
  const least = positive.reduce((a, b) => Math.min(a, b), Infinity);
  const places = values.map((value) => borderBelow(value > 0 ? value : least));
  const first = places.reduce((a, b) => Math.min(a, b));
  const last = places.reduce((a, b) => Math.max(a, b));
  const counts = Array.from({ length: last - first + 1 }, () => 0);
  for (const place of places) counts[place - first]++;
  const most = counts.reduce((a, b) => Math.max(a, b));
  const borders = counts.map((_, index) => [show(border(first + index)), show(border(first + index + 1))]);
  const width = (end: 0 | 1) => borders.reduce((widest, pair) => Math.max(widest, textWidth(pair[end])), 0);
  const [left, right] = [width(0), width(1)];
  return counts.map((count, index) => {
    const [from, to] = borders[index];
    const bar = count === 0 ? "" : `${barOf(count / most * columns)} ${count.toLocaleString("en-US")}`;
    return `${from.padStart(left)} - ${to.padStart(right)}  ${bar}`.trimEnd();
  });
}

/** The number of the border that is not above this value. */
function borderBelow(value: number): number {
  let place = Math.floor(Math.log10(value)) * DIGITS.length - 1;
  if (!Number.isFinite(place)) return 0;
  while (border(place + 1) <= value) place++;
  return place;
}

/** 1, 2, 5, 10, 20, … for 0, 1, 2, 3, 4, …, and 0.5, 0.2, 0.1 for -1, -2, -3. */
function border(place: number): number {
  const power = Math.floor(place / DIGITS.length);
  return Number(`${DIGITS[place - power * DIGITS.length]}e${power}`);
}

const DIGITS = Object.freeze([1, 2, 5]);

/** A bar of eighths of a column, never of none. */
function barOf(columns: number): string {
  const eighths = Math.max(1, Math.round(columns * 8));
  return "█".repeat(Math.floor(eighths / 8)) + (EIGHTHS[eighths % 8] ?? "");
}

const EIGHTHS: readonly string[] = Object.freeze(["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"]);
