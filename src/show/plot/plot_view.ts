import { cutToWidth, textWidth } from "../cell_width.ts";
import { escapeCell } from "../escape.ts";
import { label, roundScale, type Scale } from "./scale.ts";
import { panelLines } from "./panel.ts";
import type { TimeSeries } from "./time_series.ts";

/** What a plot shows at one moment. */
export interface PlotPicture {
  readonly series: readonly { readonly name: string; readonly values: TimeSeries }[];
  /** The time that it goes back, in milliseconds. */
  readonly windowMs: number;
  /** Now, on the clock of the series. */
  readonly nowMs: number;
  /** The room there is, in characters. */
  readonly columns: number;
  readonly rows: number;
  /** Where the scale begins and ends; by default where the values do. */
  readonly min?: number;
  readonly max?: number;
  readonly colors: boolean;
}

/**
 * A plot as lines of text: a panel for each series below its name, the latest value and the range; and below them the
 * time. Each series has a scale of its own. What does not fit is left out, the last series first. Pure.
 */
export function plotLines(picture: PlotPicture): string[] {
  const { series, nowMs, windowMs, columns, rows } = picture;
  const shown = series.slice(0, Math.max(1, Math.floor((rows - 1) / (MIN_ROWS + 1))));
  const panelRows = Math.max(2, Math.min(MAX_ROWS, Math.floor((rows - 1) / shown.length) - 1));
  const panels = shown.map(({ name, values }, index) => ({
    name,
    values,
    scale: scaleOf(picture, values),
    color: COLORS[index % COLORS.length],
  }));
  const labelColumns = Math.max(...panels.flatMap(({ scale }) => {
    return [scale.min, scale.max].map((value) => textWidth(label(value, scale)));
  }));
  const width = Math.max(MIN_COLUMNS, columns - labelColumns - 3);
  const color = (text: string, code: number) => picture.colors ? `\x1b[${code}m${text}\x1b[39m` : text;
  const lines = panels.flatMap(({ name, values, scale, color: code }) => {
    const slices = values.columns(width * 2, nowMs);
    const drawn = panelLines({ slices, scale, columns: width, rows: panelRows, labelColumns });
    const axis = labelColumns + 2;
    return [
      `${" ".repeat(axis)}${color(escapeCell(name), code)}  ${legend(values, nowMs, scale)}`,
      ...drawn.map((line) => line.slice(0, axis) + (line.length > axis ? color(line.slice(axis), code) : "")),
    ];
  });
  const left = series.length - shown.length;
  const more = left === 0 ? [] : [`${" ".repeat(labelColumns + 2)}… ${left} more series: no room for them`];
  return [...lines, timeAxis(windowMs, width, labelColumns), ...more].map((line) =>
    cutToWidth(line, columns)
  );
}

function scaleOf({ nowMs, min, max }: PlotPicture, values: TimeSeries): Scale {
  const range = values.range(nowMs) ?? { min: 0, max: 1 };
  const rounded = roundScale(range.min, range.max);
  const scale = { min: min ?? rounded.min, max: max ?? rounded.max };
  return scale.min < scale.max ? scale : roundScale(scale.min, scale.min);
}

function legend(values: TimeSeries, nowMs: number, scale: Scale): string {
  const range = values.range(nowMs);
  if (values.last === undefined) return "no number yet";
  const last = label(values.last, scale);
  return range === undefined
    ? `${last} (long ago)`
    : `${last}  (${label(range.min, scale)} to ${label(range.max, scale)})`;
}

/** `-60 s` on the left, and where there is room `-30 s` in the middle, and `now`. */
function timeAxis(windowMs: number, width: number, labelColumns: number): string {
  const [start, middle, end] = [`-${timeSpan(windowMs)}`, `-${timeSpan(windowMs / 2)}`, "now"];
  const axis = [...`└${"─".repeat(width)}`];
  const put = (text: string, at: number) => axis.splice(at, text.length, ...text);
  put(start, 1);
  const center = Math.floor((width - middle.length) / 2);
  if (center > start.length + 3 && center + middle.length + 3 < width - end.length) put(middle, center);
  if (start.length + end.length + 3 < width) put(end, width + 1 - end.length);
  return `${" ".repeat(labelColumns + 1)}${axis.join("")}`;
}

function timeSpan(ms: number): string {
  const [unit, name] = ms < 1000
    ? [1, "ms"]
    : ms < 120_000
    ? [1000, "s"]
    : ms < 7_200_000
    ? [60_000, "min"]
    : [3_600_000, "h"];
  return `${Number((ms / unit).toFixed(1))} ${name}`;
}

/** Lower panels show nothing. */
const MIN_ROWS = 3;
/** Higher ones are a waste. */
const MAX_ROWS = 12;
const MIN_COLUMNS = 10;
/** Of the series, in order: cyan, yellow, green, magenta, red, blue. */
const COLORS: readonly number[] = Object.freeze([36, 33, 32, 35, 31, 34]);
