import type { Peer, Traffic } from "../../../mod.ts";
import type { Link } from "../link_book.ts";

/** One thing that was said on a link, and when. */
export interface TrafficEntry {
  /** Counts all entries of the session, from 1: tells those that were forgotten. */
  readonly seq: number;
  /** In milliseconds since 1970. */
  readonly at: number;
  readonly link: Link;
  readonly peer: Peer;
  readonly traffic: Traffic;
  /** True for a request that the input being evaluated makes, and for its answer: its value is shown anyway. */
  readonly isOwn: boolean;
}

/**
 * The latest traffic of all links, received and sent, for those who look back (find, completion) and for those who look
 * on (the screen, a log, the web view, who has attached). Bounded in number and in bytes.
 */
export class TrafficBook {
  #entries: TrafficEntry[] = [];
  #head = 0;
  #bytes = 0;
  #seq = 0;
  readonly #watchers = new Set<(entry: TrafficEntry) => void>();

  /** How many there were in this session. */
  get total(): number {
    return this.#seq;
  }

  /** The latest, the oldest first. */
  entries(): readonly TrafficEntry[] {
    return this.#entries.slice(this.#head);
  }

  /** Calls `watch` with each that follows. @returns ends that. */
  watch(watch: (entry: TrafficEntry) => void): () => void {
    this.#watchers.add(watch);
    return () => this.#watchers.delete(watch);
  }

  /** Something was said. */
  push(said: Omit<TrafficEntry, "seq">): TrafficEntry {
    const entry = { ...said, seq: ++this.#seq };
    this.#entries.push(entry);
    this.#bytes += sizeOf(entry);
    while (
      this.#entries.length - this.#head > MAX_ENTRIES ||
      (this.#bytes > MAX_BYTES && this.#head < this.#entries.length - 1)
    ) this.#forget();
    for (const watch of this.#watchers) watch(entry);
    return entry;
  }

  #forget(): void {
    this.#bytes -= sizeOf(this.#entries[this.#head++]);
    // Half of it at a time, so that each is moved once at most on average.
    if (this.#head * 2 <= this.#entries.length) return;
    this.#entries.splice(0, this.#head);
    this.#head = 0;
  }
}

/** A value in memory is larger than on the wire. */
function sizeOf({ traffic }: TrafficEntry): number {
  return traffic.bytes + ENTRY_BYTES;
}

const ENTRY_BYTES = 200;
/** Entries that are kept: a screen of history many times over. */
const MAX_ENTRIES = 10_000;
/** Bytes that are kept, as counted on the wire: messages may be large. */
const MAX_BYTES = 16 * 1024 * 1024;
