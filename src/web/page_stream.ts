import type { ObjectIds } from "./object_ids.ts";
import { pageLink } from "./page_link.ts";
import { PageQueue } from "./page_queue.ts";
import { pageBytes, pageSaid } from "./page_said.ts";
import type { PageBatch, PageSaid } from "./page/wire.ts";
import type { Said, WebSource } from "./web_source.ts";
import { WireTap } from "./wire_tap.ts";

/** What a page wants to hear. */
export interface PageWishes {
  /** The last number that it has seen: what came after it and is still known comes first. */
  readonly after: number;
  /** Whether it wants the bytes on the wire as well. */
  readonly wire: boolean;
}

/**
 * What one page is told, one line of JSON for each batch. A batch is made when the page has taken the one before: what
 * happens meanwhile waits, bounded, and a page that does not read costs that bound and nothing more.
 */
export class PageStream {
  readonly body: ReadableStream<Uint8Array>;
  readonly #source: WebSource;
  readonly #ids: ObjectIds;
  readonly #queue = new PageQueue<() => PageSaid>({ perLink: BATCH_PER_LINK, bytes: QUEUE_BYTES });
  readonly #backlog: readonly Said[];
  /** As of when the links were told last: looking for a name takes time in the console. */
  readonly #names = new WeakMap<object, string>();
  readonly #tap: WireTap | undefined;
  readonly #unwatch: () => void;
  readonly #onEnd: () => void;
  readonly #ended = Promise.withResolvers<void>();
  #linksToldAt = -Infinity;
  #isFirst = true;
  #isOver = false;

  constructor(source: WebSource, ids: ObjectIds, wishes: PageWishes, onEnd: () => void) {
    this.#source = source;
    this.#ids = ids;
    this.#onEnd = onEnd;
    this.#backlog = source.entries().slice(-BACKLOG).filter(({ seq }) => seq > wishes.after);
    this.#unwatch = source.watch((said) => {
      this.#queue.push(said.link, () => this.#said(said), said.traffic.bytes);
    });
    if (wishes.wire) {
      this.#tap = new WireTap(source, (bytes, direction, peer, link) => {
        const at = Date.now();
        const make = () => pageBytes(bytes, direction, peer, at, this.#place(link), source.masks);
        this.#queue.push(link, make, bytes.length);
      });
      this.#tap.look();
    }
    // Without a mark above 0 nothing is made in advance: pull is called when the page is written to.
    this.body = new ReadableStream({
      pull: async (controller) => {
        const batch = await this.#next();
        if (batch === undefined) return controller.close();
        controller.enqueue(new TextEncoder().encode(`${JSON.stringify(batch)}\n`));
      },
      cancel: () => this.close(),
    }, { highWaterMark: 0 });
  }

  /** Ends the stream. */
  close(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#unwatch();
    this.#tap?.close();
    this.#queue.take();
    this.#ended.resolve();
    this.#onEnd();
  }

  /** Waits until there is something to tell, but never less than the time between two batches. */
  async #next(): Promise<PageBatch | undefined> {
    for (;;) {
      if (!this.#isFirst) await this.#pause();
      if (this.#isOver) return undefined;
      const areLinksDue = performance.now() - this.#linksToldAt >= LINKS_MS;
      if (this.#isFirst || areLinksDue || !this.#queue.isEmpty) return this.#batch(areLinksDue);
    }
  }

  #batch(areLinksDue: boolean): PageBatch {
    const at = Date.now();
    const known = areLinksDue ? this.#source.links() : undefined;
    for (const { link, name } of known ?? []) this.#names.set(link, name);
    if (areLinksDue) this.#linksToldAt = performance.now();
    this.#tap?.look();
    const backlog = this.#isFirst ? this.#backlog.map((said) => this.#said(said)) : [];
    this.#isFirst = false;
    const { items, skipped } = this.#queue.take();
    const said = [...backlog, ...items.map((make) => make())];
    return {
      at,
      links: known?.slice(0, MAX_LINKS).map((each) => pageLink(each, this.#ids)),
      said: said.length === 0 ? undefined : said,
      skipped: skipped === 0 ? undefined : skipped,
    };
  }

  #said(said: Said): PageSaid {
    return pageSaid(said, this.#place(said.link), this.#source);
  }

  #place(link: Said["link"]): { link: number; linkName: string } {
    let linkName = this.#names.get(link);
    if (linkName === undefined) {
      linkName = this.#source.links().find((each) => each.link === link)?.name ?? link.address;
      this.#names.set(link, linkName);
    }
    return { link: this.#ids.of(link), linkName };
  }

  async #pause(): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, BATCH_MS);
    await Promise.race([promise, this.#ended.promise]);
    clearTimeout(timer);
  }
}

/** Time between two batches, in milliseconds: faster than anybody reads. */
const BATCH_MS = 100;
/** Messages of one link in a batch: more than a screen, and 4,000 a second for plots. */
const BATCH_PER_LINK = 400;
/** Bytes that wait for a page, as counted on the wire. */
const QUEUE_BYTES = 4 * 1024 * 1024;
/** Messages of before that a page is shown. */
const BACKLOG = 1000;
/** How often the links are told, in milliseconds. */
const LINKS_MS = 1000;
/** Links that a page gets to see. */
const MAX_LINKS = 100;
