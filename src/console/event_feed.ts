import type { CloseReason, LinkEvent, Peer, SerialClient, Traffic } from "../../mod.ts";
import type { Link } from "./link_book.ts";

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
    /** Something was said. `isOwn`: by the input that is being evaluated, which shows what comes of it. */
    | { readonly kind: "traffic"; readonly peer: Peer; readonly traffic: Traffic; readonly isOwn: boolean }
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

/** An event and when it happened. */
export type TimedEvent = FeedEvent & { readonly at: Date };

/**
 * Events on their way to the screen. They are kept as they are and turned into text a moment later, when the variable
 * that a new link is assigned to has its name, and so that a flood costs nothing but a count.
 */
export class EventFeed {
  readonly #show: (events: readonly TimedEvent[], skipped: number) => void;
  #events: TimedEvent[] = [];
  #skipped = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #watching = true;
  readonly #followers = new Set<EventFeed>();

  /** @param show Shows a batch of events, and how many more there were that are not in it. */
  constructor(show: (events: readonly TimedEvent[], skipped: number) => void) {
    this.#show = show;
  }

  /** False when messages are not shown; what goes wrong is shown always. */
  get watching(): boolean {
    return this.#watching;
  }

  set watching(on: boolean) {
    this.#watching = on;
  }

  /** Lets another feed have everything as well, for a screen of its own. @returns ends that. */
  follow(other: EventFeed): () => void {
    this.#followers.add(other);
    return () => void this.#followers.delete(other);
  }

  push(event: FeedEvent): void {
    for (const follower of this.#followers) follower.push(event);
    if (event.kind === "traffic" && (!this.#watching || event.isOwn)) return;
    if (event.kind === "drop" && this.#addDrops(event)) return;
    if (this.#events.length >= MAX_WAITING) this.#skipped++;
    else this.#events.push({ ...event, at: new Date() });
    this.#timer ??= setTimeout(() => this.flush(), BATCH_MS);
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
  flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#events.length === 0) return;
    const events = this.#events;
    const skipped = this.#skipped;
    this.#events = [];
    this.#skipped = 0;
    this.#show(events, skipped);
  }

  /** A link that is too slow drops thousands of messages, one after another: one line counts them. */
  #addDrops(event: FeedEvent & { kind: "drop" }): boolean {
    const last = this.#events.at(-1);
    if (last?.kind !== "drop" || last.peer !== event.peer) return false;
    this.#events[this.#events.length - 1] = { ...last, count: last.count + event.count };
    return true;
  }
}

/** How long events gather, in milliseconds: less than anybody notices. */
const BATCH_MS = 20;
/** Events shown in one batch; more could not be read anyway and are counted. */
const MAX_WAITING = 200;
