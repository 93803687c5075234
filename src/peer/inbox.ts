import type { Limits } from "../limits.ts";

/** A message that has come. */
export interface Entry {
  readonly message: unknown;
  readonly bytes: number;
  /** Tells the sender that it was handled, when it wants to hear that. */
  readonly handled?: () => void;
}

/**
 * Messages that have come and were not pulled yet, the oldest first. Bounded in number and in bytes: it says when
 * it is full, and forgets the oldest when it is told to.
 */
export class Inbox {
  readonly #limits: Pick<Limits, "maxInboxMessages" | "maxInboxBytes">;
  #entries: (Entry | undefined)[] = [];
  #head = 0;
  #size = 0;
  #bytes = 0;
  #dropped = 0;

  constructor(limits: Pick<Limits, "maxInboxMessages" | "maxInboxBytes">) {
    this.#limits = limits;
  }

  get size(): number {
    return this.#size;
  }

  /** Messages that were forgotten because nobody pulled them. */
  get dropped(): number {
    return this.#dropped;
  }

  /** True when no more should be read. */
  get isFull(): boolean {
    return this.#size >= this.#limits.maxInboxMessages || this.#bytes >= this.#limits.maxInboxBytes;
  }

  /** True when it is so empty that reading may go on. */
  get hasRoom(): boolean {
    return this.#size <= this.#limits.maxInboxMessages / 2 && this.#bytes <= this.#limits.maxInboxBytes / 2;
  }

  /** True when reading on, because an answer is waited for, has gone too far. */
  get isOverflowing(): boolean {
    return this.#size >= this.#limits.maxInboxMessages * OVERFLOW_FACTOR ||
      this.#bytes >= this.#limits.maxInboxBytes * OVERFLOW_FACTOR;
  }

  push(entry: Entry): void {
    if (this.#size === this.#entries.length) this.#grow();
    this.#entries[(this.#head + this.#size) & (this.#entries.length - 1)] = entry;
    this.#size++;
    this.#bytes += entry.bytes;
  }

  /** Takes the oldest out. The caller has checked `size`. */
  shift(): Entry {
    const entry = this.#entries[this.#head]!;
    this.#entries[this.#head] = undefined;
    this.#head = (this.#head + 1) & (this.#entries.length - 1);
    this.#size--;
    this.#bytes -= entry.bytes;
    return entry;
  }

  /** Forgets the oldest until at most `messages` and `bytes` are left. */
  trim(messages: number, bytes: number): void {
    while (this.#size > messages || (this.#bytes > bytes && this.#size > 1)) {
      this.shift();
      this.#dropped++;
    }
  }

  #grow(): void {
    const grown: (Entry | undefined)[] = new Array(Math.max(16, this.#entries.length * 2)).fill(undefined);
    for (let i = 0; i < this.#size; i++) {
      grown[i] = this.#entries[(this.#head + i) & (this.#entries.length - 1)];
    }
    this.#entries = grown;
    this.#head = 0;
  }
}

/** How far beyond its limits an inbox may go while reading cannot stop. */
const OVERFLOW_FACTOR = 4;
