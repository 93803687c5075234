/** The latest values of one number, bounded. */
export class Series {
  #times: number[] = [];
  #values: number[] = [];

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
    if (this.#times.length < MAX_POINTS * 2) return;
    this.#times = this.#times.slice(-MAX_POINTS);
    this.#values = this.#values.slice(-MAX_POINTS);
  }
}

/** What is drawn: the times of all series, and the value of each at that time, or `null`. */
export type Drawn = [times: number[], ...values: (number | null)[][]];

/** Several series on one axis of time, from `since` on; of more points than can be drawn, the newest. */
export function joined(list: readonly Series[], since: number): Drawn {
  const starts = list.map((series) => {
    const first = series.times.findIndex((time) => time >= since);
    return first === -1 ? series.length : Math.max(first, series.length - MAX_POINTS);
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

/** Points that are kept of one series at least, and drawn at most. */
const MAX_POINTS = 3000;
