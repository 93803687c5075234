import type { Limits } from "../limits.ts";

/** How a request with a key ended: with an answer, or with an error in the words of the wire. */
export type KeyedResult =
  | { readonly value: unknown }
  | { readonly code: string; readonly message: string };

/** What is known of a key. */
export interface KeyEntry {
  /** Stands for the name and the arguments of the call. */
  readonly digest: number;
  /** Absent while its handler runs. */
  result?: KeyedResult;
  /** When it ended, on the clock of the endpoint's alarm. */
  endedAt: number;
  /** Those who ask the same meanwhile. */
  readonly waiting: ((result: KeyedResult) => void)[];
}

/**
 * The keys of requests that an endpoint has seen lately, over all its links: a request that comes again under its
 * key gets the answer of the first one. In memory: a server that is started anew has forgotten them.
 */
export class KeyTable {
  readonly #limits: Pick<Limits, "maxKeys" | "keyMs">;
  /** In the order in which they came. */
  readonly #entries = new Map<string, KeyEntry>();

  constructor(limits: Pick<Limits, "maxKeys" | "keyMs">) {
    this.#limits = limits;
  }

  /** What is known of `key`; `undefined` for one that has not been seen lately. */
  find(key: string, now: number): KeyEntry | undefined {
    const tooOld = now - this.#limits.keyMs;
    for (const [old, { endedAt }] of this.#entries) {
      if (endedAt > tooOld) break; // those behind it came later
      this.#entries.delete(old);
    }
    const entry = this.#entries.get(key);
    if (entry === undefined || entry.endedAt > tooOld) return entry;
    this.#entries.delete(key); // it stood behind one whose handler still runs
    return undefined;
  }

  /** A request with a new key is about to be handled. */
  begin(key: string, digest: number): KeyEntry {
    this.#makeRoom();
    const entry: KeyEntry = { digest, endedAt: Infinity, waiting: [] };
    this.#entries.set(key, entry);
    return entry;
  }

  /** The handler of an entry has ended: those who wait get `result`, those who come later what is `kept` of it. */
  end(entry: KeyEntry, kept: KeyedResult, now: number, result: KeyedResult = kept): void {
    entry.result = kept;
    entry.endedAt = now;
    for (const tell of entry.waiting.splice(0)) tell(result);
  }

  /** The request of an entry has not been handled after all: it may come again. */
  drop(key: string, entry: KeyEntry, result: KeyedResult): void {
    if (this.#entries.get(key) === entry) this.#entries.delete(key);
    for (const tell of entry.waiting.splice(0)) tell(result);
  }

  /** Forgets the oldest of what is too much; never one whose handler runs. */
  #makeRoom(): void {
    for (const [key, entry] of this.#entries) {
      if (this.#entries.size < this.#limits.maxKeys) return;
      if (entry.result !== undefined) this.#entries.delete(key);
    }
  }
}
