/** Numbers that fell into one slice of time. */
export interface Slice {
  readonly min: number;
  readonly max: number;
}

/**
 * Numbers over the last so many seconds. However many there are, it keeps no more than the least and the greatest of
 * each of 480 slices of that time. Pure.
 */
export class TimeSeries {
  readonly #sliceMs: number;
  readonly #slices: (Slice | undefined)[] = Array.from({ length: SLICES }, () => undefined);
  /** The number of the newest slice. */
  #newest = -Infinity;
  #last: number | undefined;
  #count = 0;

  /** @param windowMs How far back it goes, in milliseconds. */
  constructor(windowMs: number) {
    this.#sliceMs = windowMs / SLICES;
  }

  /** The latest number. */
  get last(): number | undefined {
    return this.#last;
  }

  /** How many numbers there were, also those that are forgotten. */
  get count(): number {
    return this.#count;
  }

  /** @param atMs When it was, in milliseconds on any clock that does not go back. */
  add(value: number, atMs: number): void {
    const slice = Math.floor(atMs / this.#sliceMs);
    this.#forget(slice);
    const index = slice % SLICES;
    const { min = Infinity, max = -Infinity } = this.#slices[index] ?? {};
    this.#slices[index] = { min: Math.min(min, value), max: Math.max(max, value) };
    this.#last = value;
    this.#count++;
  }

  /** The window that ends at `nowMs` in `columns` parts, the latest last; nothing where no number was. */
  columns(columns: number, nowMs: number): (Slice | undefined)[] {
    const now = Math.floor(nowMs / this.#sliceMs);
    this.#forget(now);
    const parts: (Slice | undefined)[] = Array.from({ length: columns }, () => undefined);
    for (let age = 0; age < SLICES; age++) {
      const slice = this.#slices[(now - age + SLICES) % SLICES];
      if (slice === undefined || now - age < 0) continue;
      const column = columns - 1 - Math.floor(age / SLICES * columns);
      const part = parts[column];
      parts[column] = part === undefined
        ? slice
        : { min: Math.min(part.min, slice.min), max: Math.max(part.max, slice.max) };
    }
    return parts;
  }

  /** The least and the greatest in the window that ends at `nowMs`; nothing when there is no number in it. */
  range(nowMs: number): Slice | undefined {
    return this.columns(1, nowMs)[0];
  }

  #forget(slice: number): void {
    if (slice <= this.#newest) return;
    const from = Math.max(this.#newest + 1, slice - SLICES + 1);
    for (let each = from; each <= slice; each++) this.#slices[each % SLICES] = undefined;
    this.#newest = slice;
  }
}

/** More than there are dots in a row of most terminals. */
const SLICES = 480;
