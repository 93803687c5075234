import { textWidth } from "../show/cell_width.ts";
import { escapeText } from "../show/escape.ts";
import { Stamps } from "../show/stamps.ts";
import { eventLine } from "./event_line.ts";
import type { TimedEvent } from "./feed_event.ts";
import type { Link, LinkBook } from "./link_book.ts";
import type { ViewSettings } from "./traffic/view_settings.ts";

/** What {@linkcode EventLines} are made of. */
export interface EventLinesOptions {
  readonly book: () => Pick<LinkBook, "links" | "nameOf">;
  readonly views: ViewSettings;
  readonly colors: boolean;
  /** True when nothing may be shown raw, as in a log. Default false. */
  readonly isPlain?: boolean;
  /** The width of the screen at the moment; absent where there is none. */
  columns?(): number;
  placeOf(error: Error): string | undefined;
}

/** Events as lines for one reader, the screen or a log: stamped and in columns. */
export class EventLines {
  readonly #options: EventLinesOptions;
  readonly #stamps = new Stamps(Date.now());
  /** The longest address so far of the peers of each server. */
  readonly #peerColumns = new WeakMap<Link, number>();

  constructor(options: EventLinesOptions) {
    this.#options = options;
  }

  /** One event. */
  readonly line = (event: TimedEvent): string => {
    const { book, views, colors, isPlain = false, placeOf } = this.#options;
    const format = views.formatOf(event.link);
    return eventLine(event, {
      name: book().nameOf(event.link),
      stamp: views.stamps === "off" ? "" : this.#stamps.next(views.stamps, event.at),
      colors,
      format: isPlain && format === "raw" ? "text" : format,
      nameColumns: this.#nameColumns(),
      peerColumns: this.#peerColumnsOf(event),
      columns: this.#options.columns?.(),
      placeOf,
    });
  };

  /** True for what holds the text of a peer as it is, which may drive the terminal: its user wants that. */
  isRaw(event: TimedEvent): boolean {
    const { views, isPlain } = this.#options;
    return isPlain !== true && event.kind === "traffic" && views.formatOf(event.link) === "raw";
  }

  #nameColumns(): number {
    const { links, nameOf } = named(this.#options.book());
    let columns = 0;
    for (const link of links) {
      const name = nameOf(link);
      if (name === link.address) continue; // no variable has it yet: most often one is about to
      columns = Math.max(columns, textWidth(escapeText(name)));
    }
    return Math.min(columns, MAX_NAME_COLUMNS);
  }

  #peerColumnsOf(event: TimedEvent): number {
    if (event.kind !== "traffic" && event.kind !== "bytes") return 0;
    const known = this.#peerColumns.get(event.link) ?? 0;
    const columns = Math.min(Math.max(known, event.peer.address.length), MAX_PEER_COLUMNS);
    if (columns !== known) this.#peerColumns.set(event.link, columns);
    return columns;
  }
}

function named(book: Pick<LinkBook, "links" | "nameOf">) {
  return { links: book.links, nameOf: (link: Link) => book.nameOf(link) };
}

/** Longer names stand out of their column. */
const MAX_NAME_COLUMNS = 16;
/** Longer addresses stand out of theirs. */
const MAX_PEER_COLUMNS = 40;
