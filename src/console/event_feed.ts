import type { CloseReason, LinkEvent, Peer, SerialClient } from "../../mod.ts";
import { HEX_ROW_BYTES } from "../show/hex_row.ts";
import type { RowPiece } from "../show/byte_rows.ts";
import type { Direction } from "../../mod.ts";
import type { Link } from "./link_book.ts";
import { LineBudget } from "./traffic/line_budget.ts";
import { PatternWatchdog } from "./traffic/pattern_watchdog.ts";
import { searchedText } from "./traffic/said.ts";
import type { TrafficEntry } from "./traffic/traffic_book.ts";
import type { ViewSettings } from "./traffic/view_settings.ts";

/** Something that happened on a link, as one line tells it. */
export type FeedEvent =
  & { readonly link: Link }
  & (
    | { readonly kind: "listening" }
    /** A link is up: `replayed` frames were sent again, or a new session has begun and `unknown` calls have failed. */
    | {
      readonly kind: "up";
      readonly peer: Peer;
      readonly first: boolean;
      readonly replayed?: number;
      readonly unknown?: readonly string[];
    }
    /** Something was said. */
    | ({ readonly kind: "traffic" } & Omit<TrafficEntry, "seq" | "at">)
    /** Bytes went over the wire, of a link that is shown in rows of them. */
    | { readonly kind: "bytes"; readonly peer: Peer; readonly piece: RowPiece<Direction> }
    /** Of the text that comes on a serial line, `percent` is none: its rate may be wrong. */
    | { readonly kind: "garbled"; readonly link: SerialClient; readonly percent: number }
    | { readonly kind: "stale"; readonly peer: Peer; readonly ms: number }
    | { readonly kind: "drop"; readonly peer: Peer; readonly count: number }
    | (LinkEvent & { readonly kind: "file" } & { readonly peer: Peer })
    /** `isTold` when an event before this one has told of the reason's error, `gaveUp` after attempts to come back. */
    | {
      readonly kind: "down";
      readonly peer: Peer;
      readonly reason: CloseReason;
      readonly isTold: boolean;
      readonly gaveUp: boolean;
    }
    /** `isNew` when the error is not the one that the attempt before has failed with. */
    | {
      readonly kind: "retry";
      readonly attempt: number;
      readonly inMs: number;
      readonly error: Error;
      readonly isNew: boolean;
    }
    | { readonly kind: "fail"; readonly peer?: Peer; readonly error: Error }
  );

/** An event and when it happened, in milliseconds since 1970. */
export type TimedEvent = FeedEvent & { readonly at: number };

/** What an {@linkcode EventFeed} gives to be shown. */
export interface FeedBatch {
  readonly events: readonly TimedEvent[];
  /** Lines of traffic that were too many to be shown. */
  readonly skipped: number;
  /** Something to be told besides. */
  readonly notes: readonly string[];
}

/** What an {@linkcode EventFeed} works with. */
export interface FeedOptions {
  /** Which traffic is wanted. */
  readonly views: ViewSettings;
  /** Shows what has happened; what is not in a batch is formatted by nobody. */
  show(batch: FeedBatch): void;
}

/**
 * Events on their way to the screen. They are kept as they are and turned into text a moment later, when the variable
 * that a new link is assigned to has its name, and so that a flood costs nothing but a count.
 */
export class EventFeed {
  /** Which traffic is wanted, and how. */
  readonly views: ViewSettings;
  readonly #show: (batch: FeedBatch) => void;
  readonly #budget = new LineBudget();
  readonly #watchdog = new PatternWatchdog();
  #taps: readonly ((event: TimedEvent) => void)[] = [];
  #events: TimedEvent[] = [];
  #notes: string[] = [];
  #timer: ReturnType<typeof setTimeout> | undefined;
  readonly #followers = new Set<EventFeed>();

  constructor({ views, show }: FeedOptions) {
    this.views = views;
    this.#show = show;
  }

  /** Hands everything to `tap` as it happens, also what is not shown. Gives what ends that. */
  tap(tap: (event: TimedEvent) => void): () => void {
    this.#taps = [...this.#taps, tap];
    return () => this.#taps = this.#taps.filter((each) => each !== tap);
  }

  /** Lets another feed have everything as well, for a screen of its own. @returns ends that. */
  follow(other: EventFeed): () => void {
    this.#followers.add(other);
    return () => void this.#followers.delete(other);
  }

  /** True when somebody wants to see the bytes of this link on the wire. */
  wantsBytes(link: Link): boolean {
    return this.views.formatOf(link) === "hex" || [...this.#followers].some((each) => each.wantsBytes(link));
  }

  push(happened: FeedEvent, at: number = Date.now()): void {
    if (this.#taps.length > 0) {
      const event = { ...happened, at };
      for (const tap of this.#taps) tap(event);
    }
    for (const follower of this.#followers) follower.push(happened, at);
    const shown = happened.kind === "traffic" || happened.kind === "bytes"
      ? this.#admit(happened, at)
      : happened;
    if (shown === undefined) return;
    const event = { ...shown, at };
    if (event.kind === "drop" && this.#addDrops(event)) return;
    const isTraffic = shown.kind === "traffic" || shown.kind === "bytes";
    if (!isTraffic && this.#events.length >= MAX_WAITING) this.#budget.skip(1);
    else this.#events.push(event);
    this.#flushIn(BATCH_MS);
  }

  /** Takes back that `error` has happened, for whoever tells of it better; false when it is shown already. */
  withdraw(error: unknown): boolean {
    for (const follower of this.#followers) follower.withdraw(error);
    const others = this.#events.filter((event) => event.kind !== "fail" || event.error !== error);
    if (others.length === this.#events.length) return false;
    this.#events = others;
    return true;
  }

  /** Shows at once what waits. */
  flush(now: number = Date.now()): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const events = this.#events;
    this.#events = [];
    const shown = this.views.filter?.wantsText ? this.#withText(events, now) : events;
    const skipped = this.#budget.takeSkipped(now);
    const notes = this.#notes;
    this.#notes = [];
    if (shown.length + skipped + notes.length > 0) this.#show({ events: shown, skipped, notes });
    const waitMs = this.#budget.dueInMs(now);
    if (waitMs !== undefined) this.#flushIn(waitMs);
  }

  /** Shows no more: what waits is shown, and no timer is left. */
  close(): void {
    this.flush();
    this.flush(Infinity);
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #flushIn(ms: number): void {
    this.#timer ??= setTimeout(() => this.flush(), ms);
  }

  /** What of this traffic is to be shown, as far as that is known before its text is looked at; the rest is counted. */
  #admit(event: FeedEvent & { kind: "traffic" | "bytes" }, now: number): FeedEvent | undefined {
    const { views } = this;
    const { link, peer } = event;
    const isBytes = event.kind === "bytes";
    // Of a link that is shown in hexadecimal the bytes are shown, and of another one what is said.
    if (isBytes !== (views.formatOf(link) === "hex")) return undefined;
    const lines = isBytes ? Math.ceil(event.piece.bytes.length / HEX_ROW_BYTES) : 1;
    const shown = isBytes
      ? { link, peer, direction: event.piece.way, isOwn: false }
      : { link, peer, direction: event.traffic.direction, kind: event.traffic.kind, isOwn: event.isOwn };
    if (!views.shows(shown, lines, now)) {
      this.#remind(now);
      return undefined;
    }
    if (!isBytes && views.filter?.wantsText === true) {
      if (this.#events.length < MAX_WAITING) return event;
      this.#budget.skip(1);
      return undefined;
    }
    const taken = this.#budget.take(lines, now);
    this.#flushIn(BATCH_MS); // to tell how many there was no room for
    if (taken === lines || !isBytes) return taken === 0 ? undefined : event;
    if (taken === 0) return undefined;
    const bytes = event.piece.bytes.subarray(0, taken * HEX_ROW_BYTES);
    return { ...event, piece: { ...event.piece, bytes } };
  }

  /** Those that have the text that is wanted. All at once, since the time that this may take is bounded. */
  #withText(events: readonly TimedEvent[], now: number): TimedEvent[] {
    const filter = this.views.filter!;
    const texts = new Map<TimedEvent, string>();
    for (const event of events) {
      if (event.kind === "traffic") texts.set(event, searchedText(event.traffic));
    }
    const wanted = new Set([...texts].filter(([, text]) => filter.hasText(text)).map(([event]) => event));
    for (const { pattern, isWanted } of filter.patterns) {
      const left = [...wanted];
      const found = this.#watchdog.test(pattern, left.map((event) => texts.get(event)!), MAX_PATTERN_MS);
      if (found === undefined) {
        this.views.filter = undefined;
        this.#notes.push(
          `.filter is off: ${pattern} has taken more than ${MAX_PATTERN_MS} ms; write it without a repetition in a repetition`,
        );
        break;
      }
      left.forEach((event, index) => found[index] === isWanted || wanted.delete(event));
    }
    return events.filter((event) => {
      if (event.kind !== "traffic") return true;
      if (wanted.has(event)) return this.#budget.take(1, now) === 1;
      this.views.hide(1, now);
      this.#remind(now);
      return false;
    });
  }

  #remind(now: number): void {
    const reminder = this.views.reminder(now);
    if (reminder === undefined) return;
    this.#notes.push(reminder);
    this.#flushIn(BATCH_MS);
  }

  /** A link that is too slow drops thousands of messages, one after another: one line counts them. */
  #addDrops(event: TimedEvent & { kind: "drop" }): boolean {
    const last = this.#events.at(-1);
    if (last?.kind !== "drop" || last.peer !== event.peer) return false;
    this.#events[this.#events.length - 1] = { ...last, count: last.count + event.count };
    return true;
  }
}

/** How long events gather, in milliseconds: less than anybody notices. */
const BATCH_MS = 20;
/** Events that wait to be shown, or for a filter to look at their text: more than comes in a batch of any flood. */
const MAX_WAITING = 5000;
/** How long a regular expression may take for a batch, in milliseconds: a pause that is felt, and no more. */
const MAX_PATTERN_MS = 250;
