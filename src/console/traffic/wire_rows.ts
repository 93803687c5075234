import type { Direction, Peer } from "../../../mod.ts";
import { ByteRows, type RowPiece } from "../../show/byte_rows.ts";
import type { EventFeed } from "../event_feed.ts";
import type { Link } from "../link_book.ts";

/** The bytes of one link as they come and go, gathered to rows, while it is shown like that. */
export class WireRows {
  readonly #link: Link;
  readonly #feed: EventFeed;
  /** Of each peer whose rows are not full, with the time of its latest bytes. */
  #open = new Map<Peer, { readonly rows: ByteRows<Direction>; atMs: number }>();
  #untap: (() => void) | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(link: Link, feed: EventFeed) {
    this.#link = link;
    this.#feed = feed;
  }

  /** Begins to look on or ends that, as the format of the link says. */
  follow(): void {
    const isWanted = this.#feed.wantsBytes(this.#link);
    if (isWanted === (this.#untap !== undefined)) return;
    if (isWanted) {
      this.#untap = this.#link.use({
        onBytes: (bytes, direction, peer) => this.#add(bytes, direction, peer),
      });
      return;
    }
    this.#untap?.();
    this.#untap = undefined;
    this.end();
  }

  /** Shows what is there, full row or not. */
  end(): void {
    this.#flush(Infinity);
  }

  #add(bytes: Uint8Array, direction: Direction, peer: Peer): void {
    const atMs = Date.now();
    const open = this.#open.get(peer) ?? { rows: new ByteRows<Direction>(), atMs };
    open.atMs = atMs;
    this.#open.set(peer, open);
    this.#show(open.rows.add(direction, bytes, atMs), peer);
    this.#timer ??= setTimeout(() => this.#flush(Date.now() - GATHER_MS), GATHER_MS);
  }

  /** Shows what is there of peers that have been quiet since then; their next byte begins a new run. */
  #flush(sinceMs: number): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    for (const [peer, { rows, atMs }] of this.#open) {
      if (atMs > sinceMs) continue;
      this.#open.delete(peer);
      this.#show(rows.flush(), peer);
    }
    if (this.#open.size === 0) return;
    this.#timer = setTimeout(() => this.#flush(Date.now() - GATHER_MS), GATHER_MS);
  }

  #show(pieces: readonly RowPiece<Direction>[], peer: Peer): void {
    for (const piece of pieces) this.#feed.push({ kind: "bytes", link: this.#link, peer, piece }, piece.atMs);
  }
}

/** How long bytes wait for others to fill their row, in milliseconds: USB adapters hand them over every 16. */
const GATHER_MS = 25;
