import type { TrafficEntry } from "./traffic_book.ts";

/** What came and went in one second. */
export interface SecondCounts {
  messagesIn: number;
  messagesOut: number;
  bytesIn: number;
  bytesOut: number;
}

/** How much has come and gone on one link lately, second by second, and how long answers took. Bounded. Pure. */
export class LinkStats {
  readonly #seconds: SecondCounts[] = Array.from({ length: KEPT_SECONDS }, emptySecond);
  #second = 0;
  readonly #roundTrips: number[] = [];
  #next = 0;

  /** Something was said. */
  add({ traffic, at }: TrafficEntry): void {
    const now = this.#at(at);
    const { direction, kind, bytes } = traffic;
    now[direction === "in" ? "messagesIn" : "messagesOut"]++;
    now[direction === "in" ? "bytesIn" : "bytesOut"] += bytes;
    const isAnswer = direction === "in" && (kind === "answer" || kind === "failure");
    if (isAnswer && traffic.ms !== undefined) this.addRoundTrip(traffic.ms);
  }

  /** An answer took so long. */
  addRoundTrip(ms: number): void {
    this.#roundTrips[this.#next % KEPT_ROUND_TRIPS] = ms;
    this.#next++;
  }

  /** How long the latest answers took, in milliseconds, the last one last. */
  get roundTrips(): readonly number[] {
    const from = this.#next > KEPT_ROUND_TRIPS ? this.#next % KEPT_ROUND_TRIPS : 0;
    return [...this.#roundTrips.slice(from), ...this.#roundTrips.slice(0, from)];
  }

  /** The last `count` whole seconds before `nowMs`, the latest last. */
  seconds(count: number, nowMs: number): readonly Readonly<SecondCounts>[] {
    this.#at(nowMs);
    const now = this.#second;
    return Array.from(
      { length: count },
      (_, index) => this.#seconds[(now - count + index) % KEPT_SECONDS] ?? emptySecond(),
    );
  }

  /** The counts of the second in which `atMs` lies; forgets those that are too old. */
  #at(atMs: number): SecondCounts {
    const second = Math.floor(atMs / 1000);
    // A clock that was set back counts in the second that it was.
    const from = Math.max(this.#second + 1, second - KEPT_SECONDS + 1);
    for (let each = from; each <= second; each++) this.#seconds[each % KEPT_SECONDS] = emptySecond();
    this.#second = Math.max(this.#second, second);
    return this.#seconds[this.#second % KEPT_SECONDS];
  }
}

function emptySecond(): SecondCounts {
  return { messagesIn: 0, messagesOut: 0, bytesIn: 0, bytesOut: 0 };
}

/** More than is ever shown. */
const KEPT_SECONDS = 64;
/** Enough for a median that follows. */
const KEPT_ROUND_TRIPS = 128;
