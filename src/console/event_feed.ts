import type { CloseReason, Peer } from "../../mod.ts";
import type { Link } from "./link_book.ts";

/** Something that happened on a link. */
export type LinkEvent =
  & { readonly link: Link }
  & (
    | { readonly kind: "listening" }
    | { readonly kind: "connect"; readonly peer: Peer }
    | { readonly kind: "receive"; readonly peer: Peer; readonly message: unknown }
    | { readonly kind: "disconnect"; readonly peer: Peer; readonly reason: CloseReason }
    | { readonly kind: "fail"; readonly peer?: Peer; readonly error: Error }
  );

/** An event and when it happened. */
export type TimedEvent = LinkEvent & { readonly at: Date };

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

  push(event: LinkEvent): void {
    if (!this.#watching && event.kind === "receive") return;
    if (this.#events.length >= MAX_WAITING) this.#skipped++;
    else this.#events.push({ ...event, at: new Date() });
    this.#timer ??= setTimeout(() => this.flush(), BATCH_MS);
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
}

/** How long events gather, in milliseconds: less than anybody notices. */
const BATCH_MS = 20;
/** Events shown in one batch; more could not be read anyway and are counted. */
const MAX_WAITING = 200;
