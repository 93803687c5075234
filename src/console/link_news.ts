import {
  type Callbacks,
  Client,
  type CloseReason,
  describeSettings,
  type LinkEvent,
  type Peer,
  SerialClient,
  type Traffic,
} from "../../mod.ts";
import type { EventFeed } from "./event_feed.ts";
import { GarbleMeter } from "./garble_meter.ts";
import { LinkStats } from "./traffic/link_stats.ts";
import { OwnTraffic } from "./traffic/own_traffic.ts";
import { WireRows } from "./traffic/wire_rows.ts";
import type { Link } from "./link_book.ts";
import type { TrafficBook } from "./traffic/traffic_book.ts";

type Retry = LinkEvent & { kind: "retry" };

/**
 * What happens on one link, told to the feed. The library tells the same thing to several callbacks: here each thing
 * becomes one event.
 */
export class LinkNews {
  readonly #link: Link;
  readonly #feed: EventFeed;
  /** Those whose link is lost and may come back. */
  readonly #waiting = new Set<Peer>();
  /** Errors that the feed has been told. */
  readonly #told = new WeakSet<Error>();
  /** What became of the session, until the link that it is about is up. */
  #session: { replayed?: number; unknown?: readonly string[] } = {};
  /** What the attempt before has failed with. */
  #lastFailure: string | undefined;
  readonly #traffic: TrafficBook;
  /** What the input being evaluated asks, and is answered. */
  readonly own: OwnTraffic;
  /** What is carried lately, and how long answers take. */
  readonly stats = new LinkStats();
  readonly #wireRows: WireRows;
  readonly #meter = new GarbleMeter();
  /** The settings that were told to be doubtful: once for each is enough. */
  #doubted: string | undefined;

  /** @param givesValue True in code of an input that is shown as its value: what is said then was asked for by it. */
  constructor(link: Link, parts: { feed: EventFeed; traffic: TrafficBook; givesValue: () => boolean }) {
    this.#link = link;
    this.#feed = parts.feed;
    this.#traffic = parts.traffic;
    this.own = new OwnTraffic(parts.givesValue, (ms) => this.stats.addRoundTrip(ms));
    this.#wireRows = new WireRows(link, this.#feed);
  }

  /** How many peers have lost their link and may come back. */
  get waiting(): number {
    return this.#waiting.size;
  }

  /** The callbacks that hear what happens. */
  get callbacks(): Callbacks & Required<Pick<Callbacks, "onFail" | "onEvent">> {
    const link = this.#link;
    const feed = this.#feed;
    return {
      onInitialize: () => link instanceof Client || feed.push({ kind: "listening", link }),
      onReceive: () => {}, // nobody has to receive what is shown anyway, or a link would stand still for want of it
      onTraffic: (traffic, peer) => {
        const isOwn = this.own.see(traffic, peer) || isListing(traffic);
        const at = Date.now();
        this.stats.add(this.#traffic.push({ at, link, peer, traffic, isOwn }));
        feed.push({ kind: "traffic", link, peer, traffic, isOwn }, at);
        const { direction, kind } = traffic;
        if (direction === "out" || kind !== "message" || typeof traffic.value !== "string") return;
        if (link instanceof SerialClient) this.#measure(traffic.value, link);
      },
      onEvent: (event, peer) => this.#on(event, peer),
      onFail: (error, peer) => {
        this.#told.add(error);
        feed.push({ kind: "fail", link, peer, error });
      },
    };
  }

  /** Looks at the bytes on the wire while the link is shown in rows of them, and only then. */
  followFormat(): void {
    this.#wireRows.follow();
  }

  /** Shows the bytes whose row is not full yet. */
  endRows(): void {
    this.#wireRows.end();
  }

  #measure(text: string, link: SerialClient): void {
    const percent = this.#meter.add(text);
    if (percent === undefined) return;
    const settings = describeSettings(link.settings);
    if (settings === this.#doubted) return;
    this.#doubted = settings;
    this.#feed.push({ kind: "garbled", link, percent });
  }

  #on(event: LinkEvent, peer: Peer): void {
    switch (event.kind) {
      case "resumed":
        this.#session = { replayed: event.replayed };
        return;
      case "reset":
        this.#session = { unknown: event.unknown };
        return;
      case "up":
        this.#waiting.delete(peer);
        this.#lastFailure = undefined;
        this.#meter.reset();
        this.#feed.push({ kind: "up", link: this.#link, peer, first: event.first, ...this.#session });
        this.#session = {};
        return;
      case "down":
        return this.#down(peer, event.reason);
      case "retry":
        return this.#retry(event);
      case "stale":
        return this.#feed.push({ kind: "stale", link: this.#link, peer, ms: event.ms });
      case "drop":
        return this.#feed.push({ kind: "drop", link: this.#link, peer, count: event.count });
      case "file":
        return this.#feed.push({ ...event, link: this.#link, peer });
    }
  }

  #down(peer: Peer, reason: CloseReason): void {
    const wasWaiting = this.#waiting.delete(peer);
    const gaveUp = wasWaiting && !reason.willRetry && !reason.byUs;
    const { error } = reason;
    // The line of an attempt that was the last one would say the same as this one.
    if (gaveUp && error !== undefined && this.#feed.withdraw(error)) this.#told.delete(error);
    const isTold = error !== undefined && this.#told.has(error);
    if (reason.willRetry) this.#waiting.add(peer);
    this.#feed.push({ kind: "down", link: this.#link, peer, reason, isTold, gaveUp });
  }

  #retry({ attempt, inMs, error }: Retry): void {
    if (error === undefined) return; // the first attempt: that the link is down has been told
    this.#feed.withdraw(error);
    const failure = String((error as { code?: unknown }).code ?? error.name);
    const isNew = failure !== this.#lastFailure;
    this.#lastFailure = failure;
    if (!isNew && attempt > ATTEMPTS_TOLD && attempt % ATTEMPTS_TOLD !== 0) return;
    this.#feed.push({ kind: "retry", link: this.#link, attempt, inMs, error, isNew });
  }
}

/** Which handlers there are, asked and answered by `describe`, for Tab as a rule: nobody wants to see that in passing. */
function isListing(traffic: Traffic): boolean {
  if (!("name" in traffic) || traffic.name !== "") return false;
  return traffic.kind === "request" || (traffic.kind === "answer" && Array.isArray(traffic.value));
}

/** So many attempts are told one by one, and then one in so many: an outage of a night is not to fill the screen. */
const ATTEMPTS_TOLD = 10;
