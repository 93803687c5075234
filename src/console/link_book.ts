import * as parley from "../../mod.ts";
import type { EventFeed } from "./event_feed.ts";
import { type Interrupt, Interrupted } from "./evaluator/interrupt.ts";
import { LinkNames } from "./link_names.ts";
import { LinkNews } from "./link_news.ts";
import type { LinkStats } from "./traffic/link_stats.ts";
import { TurnBook } from "./saved/turn_book.ts";
import { TrafficBook } from "./traffic/traffic_book.ts";
import { makeWaitsStoppable } from "./stoppable_waits.ts";
import { watchWaits } from "./watched_waits.ts";
import type { TransferBoard } from "./transfer_board.ts";

/** A link that was made at the prompt. */
export type Link = parley.Client | parley.Server;

/** What a link has to do with the input that makes it, or uses it. */
export interface InputScope {
  /** Calls `make` outside of the input that is being evaluated: what it starts outlives the input. */
  detached<Made>(make: () => Made): Made;
  /** Aborted when Ctrl-C stops the input that runs; `undefined` outside of any. */
  stopSignal(): AbortSignal | undefined;
  /** True in code that the input under way calls, if all that comes of it is its value. */
  givesValue(): boolean;
  /** Shows how far files have come; absent where nothing can be written over. */
  readonly transfers?: TransferBoard;
}

/** The functions of `mod.ts` that make links, as the console offers them. */
interface LinkMakers {
  connect(address: string, options?: parley.SerialClientOptions): Promise<parley.Client>;
  serial(port: string, options?: parley.SerialClientOptions): Promise<parley.Client>;
  listen(address: string, options?: parley.ServerOptions<parley.Server>): Promise<parley.Server>;
  createClient(address: string, options?: parley.SerialClientOptions): parley.Client;
  createServer(address: string, options?: parley.ServerOptions<parley.Server>): parley.Server;
}

/**
 * The links that were made at the prompt, in the order of their making. It stands in for the functions of `mod.ts`
 * that make links, with the same behaviour, so that what happens on each link can be shown and all of them can be
 * closed at the end.
 */
export class LinkBook {
  readonly #links: Link[] = [];
  readonly #feed: EventFeed;
  /** What was said on all links lately. */
  readonly traffic: TrafficBook = new TrafficBook();
  /** What each input has said and what came of it, for `.save`. */
  readonly turns: TurnBook = new TurnBook((link) => this.#names.heldBy(link));
  readonly #interrupt: Interrupt;
  readonly #scope: InputScope;
  readonly #names = new LinkNames();
  readonly #news = new Map<Link, LinkNews>();
  readonly #watchers = new Set<(link: Link) => void>();

  /** A book without links, which are made by its {@linkcode LinkBook.makers}. */
  constructor(feed: EventFeed, interrupt: Interrupt, scope: InputScope) {
    this.#feed = feed;
    this.#interrupt = interrupt;
    this.#scope = scope;
    this.traffic.watch((entry) => this.turns.note(entry));
  }

  /** All links that were started or may still be, the oldest first. */
  get links(): readonly Link[] {
    return this.#links;
  }

  /** The link makers for the prompt. */
  get makers(): LinkMakers {
    return {
      connect: async (address, options) => await this.#started(parley.createClient(address, options)),
      serial: async (port, options) => await this.#started(parley.createClient(serialAddress(port), options)),
      listen: async (address, options) => await this.#started(new parley.Server(address, options)),
      createClient: (address, options) => this.#add(parley.createClient(address, options)),
      createServer: (address, options) => this.#add(new parley.Server(address, options)),
    };
  }

  /** Calls `watch` with each link that is made from now on, before it is started. @returns ends that. */
  watchLinks(watch: (link: Link) => void): () => void {
    this.#watchers.add(watch);
    return () => this.#watchers.delete(watch);
  }

  /** The variable that holds a link, or its address while none does. */
  nameOf(link: Link): string {
    return this.#names.of(link);
  }

  /** Whether there is a client that is open and that no variable holds: nobody can close it but the session. */
  get hasNameless(): boolean {
    return this.#links.some((link) =>
      link instanceof parley.Client && isLive(link) && this.#names.heldBy(link) === undefined
    );
  }

  /** How many peers of a link have lost it and may come back. */
  waitingOf(link: Link): number {
    return this.#news.get(link)?.waiting ?? 0;
  }

  /** Calls `say`: what it says on the link before it returns is not shown, nor what is answered. */
  quietly<Value>(link: Link, say: () => Value): Value {
    const news = this.#news.get(link);
    return news === undefined ? say() : news.own.forCommand(say);
  }

  /** What a link has carried lately. */
  statsOf(link: Link): LinkStats | undefined {
    return this.#news.get(link)?.stats;
  }

  /** The input has been evaluated: gives how long each answer took that it has got, in milliseconds. */
  inputEnded(): number[] {
    return [...this.#news.values()].flatMap((news) => [...news.own.end()]);
  }

  /** Shows the bytes whose rows are not full yet. */
  endRows(): void {
    for (const news of this.#news.values()) news.endRows();
  }

  /** The formats in which links are shown have changed. */
  followFormats(): void {
    for (const news of this.#news.values()) news.followFormat();
  }

  /** Closes all links, clients first, so that servers still answer their last words. */
  async closeAll(): Promise<string[]> {
    const clients = this.#links.filter((link) => link instanceof parley.Client);
    const servers = this.#links.filter((link) => link instanceof parley.Server);
    const closed: string[] = [];
    for (const group of [clients, servers]) {
      const open = group.filter(isLive);
      closed.push(...open.map((link) => this.nameOf(link)));
      await Promise.all(group.map((link) => link.close()));
    }
    return closed;
  }

  /** Resolves when no request and no ask made at the prompt waits for its answer; their own time limits bound it. */
  async settled(): Promise<void> {
    while (this.#links.some((link) => pendingOf(link) > 0)) {
      await new Promise((resolve) => setTimeout(resolve, SETTLE_POLL_MS));
    }
  }

  async #started<Made extends Link>(link: Made): Promise<Made> {
    this.#add(link);
    // One that has attached stops its own input, and not the console's.
    const stopSignal = this.#scope.stopSignal();
    const stopped = Promise.withResolvers<never>();
    const stop = () => stopped.reject(stopSignal!.reason);
    stopSignal?.addEventListener("abort", stop);
    try {
      await this.#interrupt.race<unknown>(
        Promise.race([this.#scope.detached(() => link.start()), stopped.promise]),
      );
      return link;
    } catch (error) {
      this.#links.splice(this.#links.indexOf(link), 1);
      this.#news.delete(link);
      // Nobody has the link that could stop it, and one that reconnects would go on for ever.
      if (error instanceof Interrupted) void link.close();
      throw error;
    } finally {
      stopSignal?.removeEventListener("abort", stop);
    }
  }

  #add<Made extends Link>(link: Made): Made {
    const stopSignal = () => this.#scope.stopSignal();
    const givesValue = () => this.#scope.givesValue();
    const news = new LinkNews(link, { feed: this.#feed, traffic: this.traffic, givesValue });
    const { callbacks } = news;
    const prepare = (peer: parley.Peer) => {
      makeWaitsStoppable(peer, stopSignal);
      const ask = peer.ask.bind(peer);
      const value = (...args: Parameters<typeof ask>) => news.own.ask(peer, () => ask(...args));
      Object.defineProperty(peer, "ask", { value, configurable: true, writable: true });
      this.#scope.transfers?.watch(peer, () => peer === link ? this.nameOf(link) : peer.address);
    };
    if (link instanceof parley.Client) {
      prepare(link);
      watchWaits(link, {
        onAsk: (answer) => this.turns.asks(link, answer),
        onPull: () => this.turns.goesItsOwnWay(link),
      });
    }
    this.turns.opened(link);
    link.use({
      ...callbacks,
      onEvent: (event, peer) => {
        if (event.kind === "up" && event.first && peer !== link) prepare(peer);
        callbacks.onEvent(event, peer);
      },
      onFail: (error, peer) => {
        if (error instanceof Interrupted) this.#interrupt.clear(); // Ctrl-C has found the callback it was meant for
        callbacks.onFail(error, peer);
      },
    });
    this.#news.set(link, news);
    news.followFormat();
    this.#links.push(link);
    for (const watch of this.#watchers) watch(link);
    return link;
  }
}

/** How often pending answers are looked at while the program waits to leave, in milliseconds. */
const SETTLE_POLL_MS = 5;

/** As `serial` has it: the scheme may be left out. Anything that is no text is refused with the address. */
function serialAddress(port: string): string {
  return typeof port !== "string" || /^\s*serial:/i.test(port) ? port : `serial:${port.trim()}`;
}

/** True while a link carries or accepts something, or is about to. */
function isLive(link: Link): boolean {
  if (link instanceof parley.Client) return link.state !== "idle" && link.state !== "closed";
  return link.isListening || link.peers.size > 0;
}

function pendingOf(link: Link): number {
  if (link instanceof parley.Client) return link.pending;
  let pending = 0;
  for (const peer of link.peers) pending += peer.pending;
  return pending;
}
