/** What waits, and when it came. */
interface Waiting<Item> {
  readonly item: Item;
  readonly bytes: number;
  readonly order: number;
}

/** How much a {@linkcode PageQueue} keeps. */
export interface PageQueueLimits {
  /** Items that are kept of each link. */
  readonly perLink: number;
  /** Bytes that are kept in all, counted as on the wire. */
  readonly bytes: number;
}

/**
 * What waits for a page to take it. Bounded: of what is too much, the oldest is left out and counted, each link for
 * itself, so that a flood on one does not hide what the others say.
 */
export class PageQueue<Item> {
  readonly #limits: PageQueueLimits;
  readonly #byLink = new Map<object, Waiting<Item>[]>();
  #order = 0;
  #bytes = 0;
  #skipped = 0;

  constructor(limits: PageQueueLimits) {
    this.#limits = limits;
  }

  /** True when there is nothing to take. */
  get isEmpty(): boolean {
    return this.#byLink.size === 0;
  }

  push(link: object, item: Item, bytes: number): void {
    let list = this.#byLink.get(link);
    if (list === undefined) this.#byLink.set(link, list = []);
    list.push({ item, bytes, order: ++this.#order });
    this.#bytes += bytes;
    if (list.length > this.#limits.perLink) this.#skip(list);
    while (this.#bytes > this.#limits.bytes && this.#skipOldest());
  }

  /** All that waits, in the order in which it came, and how much was left out since the last time. */
  take(): { items: Item[]; skipped: number } {
    const waiting = [...this.#byLink.values()].flat().sort((a, b) => a.order - b.order);
    const skipped = this.#skipped;
    this.#byLink.clear();
    this.#bytes = this.#skipped = 0;
    return { items: waiting.map(({ item }) => item), skipped };
  }

  /** False when only one is left, which may be as large as it likes. */
  #skipOldest(): boolean {
    const lists = [...this.#byLink.values()].filter((list) => list.length > 0);
    const oldest = lists.reduce((a, b) => a[0].order < b[0].order ? a : b);
    if (lists.length === 1 && oldest.length === 1) return false;
    this.#skip(oldest);
    return true;
  }

  #skip(list: Waiting<Item>[]): void {
    this.#bytes -= list.shift()!.bytes;
    this.#skipped++;
  }
}
