import type { Direction, Peer } from "../../mod.ts";
import type { WebLink, WebSource } from "./web_source.ts";

/** Hears a piece of what goes over the wire. */
export type OnPiece = (bytes: Uint8Array, direction: Direction, peer: Peer, link: WebLink["link"]) => void;

/** Looks at the bytes of all links, also of those that are made later: `look` once in a while. */
export class WireTap {
  readonly #source: WebSource;
  readonly #onPiece: OnPiece;
  readonly #taps = new Map<WebLink["link"], () => void>();

  constructor(source: WebSource, onPiece: OnPiece) {
    this.#source = source;
    this.#onPiece = onPiece;
  }

  /** Taps the links that are new, and forgets those that are gone. */
  look(): void {
    const links = new Set(this.#source.links().map(({ link }) => link));
    for (const link of links) {
      if (this.#taps.has(link)) continue;
      this.#taps.set(
        link,
        link.use({ onBytes: (bytes, direction, peer) => this.#onPiece(bytes, direction, peer, link) }),
      );
    }
    for (const [link, end] of this.#taps) {
      if (links.has(link)) continue;
      end();
      this.#taps.delete(link);
    }
  }

  close(): void {
    for (const end of this.#taps.values()) end();
    this.#taps.clear();
  }
}
