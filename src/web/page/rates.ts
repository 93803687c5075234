import type { PageLink } from "./wire.ts";

/** How much a link carries at present. */
export interface Rate {
  /** Messages a second. */
  readonly in: number;
  readonly out: number;
  /** Bytes a second, both ways. */
  readonly bytes: number;
}

/** Rates of links, found from their counts at one time and another. */
export class Rates {
  readonly #before = new Map<number, { at: number; link: PageLink }>();
  readonly #history = new Map<number, number[]>();

  /** @param at When these counts were read, in milliseconds. */
  see(links: readonly PageLink[], at: number): Map<number, Rate> {
    const rates = new Map<number, Rate>();
    for (const link of links) {
      const before = this.#before.get(link.id);
      const seconds = before === undefined ? 0 : (at - before.at) / 1000;
      const perSecond = (now: number, then: number | undefined) =>
        seconds <= 0 ? 0 : Math.max(0, now - (then ?? 0)) / seconds;
      const rate = {
        in: perSecond(link.messagesIn, before?.link.messagesIn),
        out: perSecond(link.messagesOut, before?.link.messagesOut),
        bytes: perSecond(
          link.bytesIn + link.bytesOut,
          before === undefined ? 0 : before.link.bytesIn + before.link.bytesOut,
        ),
      };
      rates.set(link.id, rate);
      this.#before.set(link.id, { at, link });
      if (seconds <= 0) continue;
      this.#history.set(link.id, [...this.historyOf(link.id), rate.in + rate.out].slice(-HISTORY));
    }
    for (const id of this.#before.keys()) {
      if (rates.has(id)) continue;
      this.#before.delete(id);
      this.#history.delete(id);
    }
    return rates;
  }

  /** Messages a second, both ways, the latest last. */
  historyOf(id: number): readonly number[] {
    return this.#history.get(id) ?? [];
  }
}

/** Rates that are kept: of a minute. */
const HISTORY = 60;

/** A count as people read it: `950`, `12.3 k`, `4.5 M`. */
export function countText(count: number): string {
  if (count < 10 && count % 1 !== 0) return count.toFixed(1);
  if (count < 10_000) return Math.round(count).toLocaleString("en-US");
  return count < 1e6 ? `${(count / 1000).toFixed(1)} k` : `${(count / 1e6).toFixed(1)} M`;
}
