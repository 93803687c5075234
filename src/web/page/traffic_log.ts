import type { Passes } from "./filter.ts";
import { textOf } from "./said_text.ts";
import type { PageSaid } from "./wire.ts";

/** A line of the list. */
export interface Line {
  /** Counts all lines of this page: tells a line from every other. */
  readonly id: number;
  readonly said: PageSaid;
  readonly text: string;
}

/**
 * What the page keeps of the traffic, and what of it is to be seen. Bounded; while it is paused nothing that is seen
 * moves, and what comes waits.
 */
export class TrafficLog {
  #lines: Line[] = [];
  #shown: Line[] = [];
  /** What came while it was paused. */
  #held: Line[] | undefined;
  #heldCount = 0;
  #passes: Passes = () => true;
  #id = 0;
  #total = 0;
  #skipped = 0;

  /** What is to be seen, the oldest first. */
  get shown(): readonly Line[] {
    return this.#shown;
  }

  /** How many lines are kept, those that are not to be seen included. */
  get kept(): number {
    return this.#lines.length;
  }

  /** How much has come to this page in all. */
  get total(): number {
    return this.#total;
  }

  /** How much was said that has not come to this page. */
  get skipped(): number {
    return this.#skipped;
  }

  get isPaused(): boolean {
    return this.#held !== undefined;
  }

  /** How many have come since it was paused. */
  get heldCount(): number {
    return this.#heldCount;
  }

  add(list: readonly PageSaid[], skipped = 0): void {
    this.#skipped += skipped;
    this.#total += list.length;
    const lines = list.map((said) => ({ id: ++this.#id, said, text: textOf(said) }));
    if (this.#held === undefined) return this.#append(lines);
    this.#heldCount += lines.length;
    this.#held.push(...lines);
    this.#held = latest(this.#held);
  }

  filter(passes: Passes): void {
    this.#passes = passes;
    this.#shown = this.#lines.filter(({ said, text }) => passes(said, text));
  }

  pause(): void {
    this.#held ??= [];
  }

  resume(): void {
    const held = this.#held ?? [];
    this.#held = undefined;
    this.#heldCount = 0;
    this.#append(held);
  }

  clear(): void {
    this.#lines = [];
    this.#shown = [];
    this.#skipped = this.#total = this.#heldCount = 0;
    if (this.#held !== undefined) this.#held = [];
  }

  #append(lines: readonly Line[]): void {
    this.#lines.push(...lines);
    this.#shown.push(...lines.filter(({ said, text }) => this.#passes(said, text)));
    const kept = latest(this.#lines);
    if (kept === this.#lines) return;
    this.#lines = kept;
    const first = this.#shown.findIndex((line) => line.id >= kept[0].id);
    this.#shown = first === -1 ? [] : this.#shown.slice(first);
  }
}

/**
 * The latest of these lines, or all of them while there are not too many: then a part goes at once, so that each is
 * moved only a few times.
 */
function latest(lines: Line[]): Line[] {
  const chars = lines.reduce((sum, { text }) => sum + text.length, 0);
  if (lines.length <= MAX_LINES && chars <= MAX_CHARS) return lines;
  let first = lines.length;
  let room = MAX_CHARS * KEPT_PART;
  while (first > 1 && lines.length - first < MAX_LINES * KEPT_PART && room > 0) {
    room -= lines[--first].text.length;
  }
  return lines.slice(first);
}

/** Lines that a page keeps: enough to look back. */
const MAX_LINES = 10_000;
/** Characters of all these lines: messages may be long. */
const MAX_CHARS = 8 * 1024 * 1024;
/** What is left when there was too much. */
const KEPT_PART = 0.8;
