/** How many lines of events one that has attached is sent: as many as the console itself shows. */
export class LineBudget {
  #windowStartMs = -Infinity;
  #used = 0;

  /** How many of so many may be made now, on a clock in milliseconds. */
  take(wanted: number, nowMs: number): number {
    if (nowMs - this.#windowStartMs >= WINDOW_MS) {
      this.#windowStartMs = nowMs;
      this.#used = 0;
    }
    const granted = Math.min(wanted, MAX_LINES_A_WINDOW - this.#used);
    this.#used += granted;
    return granted;
  }

  /** In how many milliseconds the next window may begin. */
  leftMs(nowMs: number): number {
    return Math.max(0, this.#windowStartMs + WINDOW_MS - nowMs);
  }
}

const WINDOW_MS = 1000;
const MAX_LINES_A_WINDOW = 1000;
