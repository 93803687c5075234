/**
 * How many lines of traffic a screen is given: so many in each window of time as somebody may just follow, and of the
 * rest the count. Pure.
 */
export class LineBudget {
  #windowEndMs = -Infinity;
  #left = 0;
  /** Not shown in this window. */
  #skipped = 0;
  /** Not shown in those before. */
  #over = 0;

  /** Takes room for up to so many lines, and counts those for which there is none. Gives how many there is room for. */
  take(lines: number, nowMs: number): number {
    // A clock that was set back is no reason to show nothing for an hour.
    if (nowMs >= this.#windowEndMs || nowMs < this.#windowEndMs - 2 * WINDOW_MS) {
      this.#over += this.#skipped;
      this.#skipped = 0;
      this.#windowEndMs = nowMs + WINDOW_MS;
      this.#left = MAX_LINES;
    }
    const taken = Math.min(lines, this.#left);
    this.#left -= taken;
    this.#skipped += lines - taken;
    return taken;
  }

  /** Counts lines that are not shown. */
  skip(lines: number): void {
    this.#skipped += lines;
  }

  /** How many lines were not shown in windows that are over. */
  takeSkipped(nowMs: number): number {
    const isOver = nowMs >= this.#windowEndMs;
    const skipped = this.#over + (isOver ? this.#skipped : 0);
    this.#over = 0;
    if (isOver) this.#skipped = 0;
    return skipped;
  }

  /** In how many milliseconds there is something to be told. */
  dueInMs(nowMs: number): number | undefined {
    if (this.#over > 0) return 0;
    return this.#skipped === 0 ? undefined : Math.max(0, this.#windowEndMs - nowMs);
  }
}

/** Half a second, so that a count is told before anybody thinks that the screen stands still. */
const WINDOW_MS = 500;
/** Ten screens a second. */
const MAX_LINES = 250;
