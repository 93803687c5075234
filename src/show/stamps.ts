/**
 * When something happened, as lines of traffic are stamped with it.
 *
 * @module
 */

/** How lines are stamped: time of day, time since the start, time since the line before, or date and time. */
export const STAMP_KINDS = Object.freeze(["clock", "start", "delta", "iso"] as const);

/** One of {@linkcode STAMP_KINDS}. */
export type StampKind = typeof STAMP_KINDS[number];

/** The kind of this name, `since` being another one for `start`; `undefined` when there is none. */
export function stampKind(name: string): StampKind | undefined {
  return STAMP_KINDS.find((kind) => kind === (name === "since" ? "start" : name));
}

/** Stamps lines with the time that is passed in. Pure. */
export class Stamps {
  readonly #startMs: number;
  #lastMs: number;

  /** @param startMs When it began, in milliseconds since 1970. */
  constructor(startMs: number) {
    this.#startMs = this.#lastMs = startMs;
  }

  /** The stamp of a line that begins at `nowMs`. */
  next(kind: StampKind, nowMs: number): string {
    const deltaMs = nowMs - this.#lastMs;
    this.#lastMs = nowMs;
    switch (kind) {
      case "clock":
        return clockTime(new Date(nowMs));
      case "start":
        return stopwatch(nowMs - this.#startMs);
      case "delta":
        return `+${stopwatch(deltaMs)}`;
      case "iso":
        return new Date(nowMs).toISOString();
    }
  }
}

/** The time of day with its milliseconds: `10:31:07.114`. */
export function clockTime(at: Date): string {
  const two = (value: number) => String(value).padStart(2, "0");
  const ms = String(at.getMilliseconds()).padStart(3, "0");
  return `${two(at.getHours())}:${two(at.getMinutes())}:${two(at.getSeconds())}.${ms}`;
}

/** Hours only where there are some: `00:01.250`. A clock that was set back is no reason for a sign. */
function stopwatch(ms: number): string {
  const left = Math.max(0, Math.round(ms));
  const two = (value: number) => String(Math.floor(value)).padStart(2, "0");
  const hours = left < 3_600_000 ? "" : `${two(left / 3_600_000)}:`;
  const rest = `${two(left / 60_000 % 60)}:${two(left / 1000 % 60)}`;
  return `${hours}${rest}.${String(left % 1000).padStart(3, "0")}`;
}
