// deno-lint-ignore-file explicit-module-boundary-types -- commander infers the option types, which cannot be written down
import { Option } from "@commander-js/extra-typings";
import type { Ending } from "./ending.ts";
import { parseCount } from "./parse_count.ts";
import { parseTime } from "./parse_time.ts";

/** The options of what is done more than once. */
export interface RepeatFlags {
  count?: number;
  interval?: number;
}

/** `--count` */
export const countOption = () =>
  new Option(
    "-n, --count <times>",
    "do it so many times (default: 1; with --interval until Ctrl-C); lines of a pipe: so many at most",
  )
    .argParser(parseCount("--count"));

/** `--interval` */
export const intervalOption = () =>
  new Option("-i, --interval <time>", "between the beginnings of two of them, such as 1s").argParser(
    parseTime,
  );

/** How often it is to be done. */
export function timesOf({ count, interval }: RepeatFlags): number {
  return count ?? (interval === undefined ? 1 : Infinity);
}

/** Waits so that things begin `interval` apart, however long each of them takes. */
export class Pace {
  readonly #interval: number | undefined;
  readonly #ending: Ending;
  #next: number | undefined;

  /** Without an interval nothing waits. */
  constructor({ interval }: RepeatFlags, ending: Ending) {
    this.#interval = interval;
    this.#ending = ending;
  }

  /** Resolves when the next may begin: the first at once. */
  async turn(): Promise<void> {
    this.#ending.signal.throwIfAborted();
    if (this.#interval === undefined) return;
    const now = performance.now();
    if (this.#next !== undefined && this.#next > now) await this.#ending.pause(this.#next - now);
    // One that took longer than the interval is not made up for by a burst.
    this.#next = Math.max(this.#next ?? now, performance.now() - this.#interval) + this.#interval;
  }
}
