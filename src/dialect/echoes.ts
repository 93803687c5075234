/**
 * The lines that were sent to a device that says every line back, in order, until they have come: so that an echo is
 * told from an answer.
 */
export class Echoes {
  readonly #awaited: string[] = [];

  /** A line was sent. */
  sent(line: string): void {
    if (this.#awaited.length === MAX_AWAITED) this.#awaited.shift(); // the device does not echo after all
    this.#awaited.push(line);
  }

  /** True when a line that came is an echo: the first that is awaited, or one after it whose own was lost. */
  takes(line: string): boolean {
    const at = this.#awaited.indexOf(line);
    if (at === -1) return false;
    this.#awaited.splice(0, at + 1);
    return true;
  }
}

/** Lines whose echo has not come. A device that answers at all is never that far behind. */
const MAX_AWAITED = 64;
