import type { Pattern } from "../pattern.ts";
import { DeviceLines } from "./device_lines.ts";

/** What `--until` and `--count` wait for in what a device sends. Pure. */
export class Goal {
  readonly #lines = new DeviceLines();
  readonly #until: Pattern | undefined;
  readonly #count: number | undefined;
  #seen = 0;
  #isReached = false;

  /** A line that matches, or so many lines; whichever is first. Without either it is never reached. */
  constructor({ until, count }: { readonly until?: Pattern; readonly count?: number }) {
    this.#until = until;
    this.#count = count;
  }

  /** True once it was seen. */
  get isReached(): boolean {
    return this.#isReached;
  }

  /** As the end of the sentence "… did not come". */
  get wanted(): string {
    if (this.#until === undefined) return `${this.#count} lines`;
    return `a line that matches ${this.#until.source}`;
  }

  /** These bytes up to the end of the line that was waited for: all of them while it has not come. */
  take(bytes: Uint8Array): Uint8Array {
    if (this.#until === undefined && this.#count === undefined) return bytes;
    for (const { line, end } of this.#lines.feed(bytes)) {
      this.#seen++;
      this.#isReached = this.#seen === this.#count || this.#until?.matches(line) === true;
      if (this.#isReached) return bytes.subarray(0, end);
    }
    // A prompt such as `login: ` ends no line.
    this.#isReached = this.#until?.matches(this.#lines.rest) === true;
    return bytes;
  }
}
