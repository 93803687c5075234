/**
 * The values of one number, bounded: the latest as they came, and of older ones the lowest and the highest of each moment.
 * How long a moment is grows with the time that they cover, so that no peak is lost however long a plot goes on.
 */
export class Series {
  #times: number[] = [];
  #values: number[] = [];
  /** How many in front are thinned out. */
  #thinned = 0;
  /** In seconds. */
  #moment = FIRST_MOMENT;

  /** How many there are. */
  get length(): number {
    return this.#times.length;
  }

  get latest(): number | undefined {
    return this.#values.at(-1);
  }

  /** Times in seconds, ascending. */
  get times(): readonly number[] {
    return this.#times;
  }

  get values(): readonly number[] {
    return this.#values;
  }

  /** @param time In seconds; one before the last counts as the last. */
  push(time: number, value: number): void {
    this.#times.push(Math.max(time, this.#times.at(-1) ?? -Infinity));
    this.#values.push(value);
    if (this.#times.length - this.#thinned >= MAX_WHOLE * 2) this.#thin();
  }

  #thin(): void {
    const end = this.#times.length - MAX_WHOLE;
    let kept = extremes(this.#times, this.#values, this.#thinned, end, this.#moment);
    kept = [...Array(this.#thinned).keys(), ...kept];
    while (kept.length > MAX_THINNED) {
      this.#moment *= 2;
      kept = extremes(this.#times, this.#values, 0, end, this.#moment);
    }
    this.#times = [...kept.map((at) => this.#times[at]), ...this.#times.slice(end)];
    this.#values = [...kept.map((at) => this.#values[at]), ...this.#values.slice(end)];
    this.#thinned = kept.length;
  }
}

/** Where the lowest and the highest value of each moment stand, from `start` up to `end`. */
function extremes(
  times: readonly number[],
  values: readonly number[],
  start: number,
  end: number,
  moment: number,
): number[] {
  const found: number[] = [];
  for (let at = start; at < end;) {
    const now = Math.floor(times[at] / moment);
    let [low, high] = [at, at];
    for (; at < end && Math.floor(times[at] / moment) === now; at++) {
      if (values[at] < values[low]) low = at;
      if (values[at] > values[high]) high = at;
    }
    found.push(Math.min(low, high));
    if (low !== high) found.push(Math.max(low, high));
  }
  return found;
}

/** What is drawn: the times of all series, and the value of each at that time, or `null`. */
export type Drawn = [times: number[], ...values: (number | null)[][]];

/** Several series on one axis of time, from `since` on. */
export function joined(list: readonly Series[], since: number): Drawn {
  const starts = list.map((series) => {
    const first = series.times.findIndex((time) => time >= since);
    return first === -1 ? series.length : first;
  });
  const times = [...new Set(list.flatMap((series, index) => series.times.slice(starts[index])))]
    .sort((a, b) => a - b);
  const places = new Map(times.map((time, index) => [time, index]));
  const columns = list.map((series, index) => {
    const column: (number | null)[] = new Array(times.length).fill(null);
    for (let at = starts[index]; at < series.length; at++) {
      column[places.get(series.times[at])!] = series.values[at];
    }
    return column;
  });
  return [times, ...columns];
}

/** Values that are kept as they came, at least: half a minute of 50 a second. */
const MAX_WHOLE = 1500;
/** Older values that are kept: two for each point of a wide screen. */
const MAX_THINNED = 4000;
/** Of so many seconds two values are kept, until that is too much. */
const FIRST_MOMENT = 0.25;
