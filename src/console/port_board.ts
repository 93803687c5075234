import { describeSettings, listPorts, ParleyError, type PortInfo, SerialClient } from "../../mod.ts";
import { showError } from "../show/error.ts";
import type { Link, LinkBook } from "./link_book.ts";
import { type PortRow, portTable } from "./port_table.ts";
import { PortWatch } from "./port_watch.ts";
import { repeat } from "./repeat.ts";

/** What a {@linkcode PortBoard} works with. Times in milliseconds. */
export interface PortBoardOptions {
  /** Lists the ports, or tells those that are `known` again with who has them. Default: {@linkcode listPorts}. */
  list?: typeof listPorts;
  /** Between two looks at levels and counts. Default 500. */
  everyMs?: number;
  /** Between two looks at who has the ports. Default 2000. */
  holdersEveryMs?: number;
}

/**
 * All serial ports, which link has each of them, what comes and goes on it, its modem lines, and which other programs
 * have it: as they are when it is asked, or kept up to date while somebody looks.
 */
export class PortBoard {
  readonly #book: Pick<LinkBook, "links" | "nameOf">;
  readonly #list: typeof listPorts;
  readonly #everyMs: number;
  readonly #holdersEveryMs: number;
  readonly #watch: PortWatch;
  #listed: readonly PortInfo[] = [];
  /** The holders of each port, by its path. */
  #heldBy = new Map<string, PortInfo["heldBy"]>();
  #levels = new Map<Link, PortRow["levels"]>();
  #problem: Error | undefined;
  #onChange = () => {};

  /** @param book The links that may have ports. */
  constructor(book: Pick<LinkBook, "links" | "nameOf">, options: PortBoardOptions = {}) {
    this.#book = book;
    this.#list = options.list ?? listPorts;
    this.#everyMs = options.everyMs ?? 500;
    this.#holdersEveryMs = options.holdersEveryMs ?? 2000;
    this.#watch = new PortWatch({
      list: options.list,
      everyMs: Deno.build.os === "linux" ? Math.min(this.#everyMs, LOOK_MS) : this.#everyMs,
      onList: (ports) => this.#relisted(ports),
      onFail: (error) => this.#relisted(this.#listed, error),
    });
  }

  /** Looks once. @throws {BrokenError} code `permission`, code `io`: as `listPorts`. */
  async look(): Promise<void> {
    this.#listed = await this.#list();
    await Promise.all([this.#readHolders(), this.#readLevels()]);
  }

  /** As {@linkcode look}, and goes on until {@linkcode end}; what changes is told to the listener of `start`. */
  async begin(): Promise<void> {
    this.#listed = await this.#watch.start();
    await Promise.all([this.#readHolders(), this.#readLevels()]);
  }

  /** Looks no more. */
  end(): void {
    this.#watch.stop();
  }

  /** Calls `onChange` several times a second, and at once when a device comes or goes. Gives what ends that. */
  start(onChange: () => void): () => void {
    this.#onChange = onChange;
    const timers = [
      repeat(this.#everyMs, () => this.#readLevels().finally(onChange)),
      repeat(this.#holdersEveryMs, () => this.#readHolders()),
    ];
    return () => {
      this.#onChange = () => {};
      for (const stop of timers) stop();
    };
  }

  /** The table as it is now, line by line. */
  lines(): readonly string[] {
    const rows = this.#rows();
    const table = rows.length === 0 ? "No serial port is there." : portTable(rows);
    const problem = this.#problem === undefined ? "" : `\n! ${showError(this.#problem, false)}`;
    return `${table}${problem}`.split("\n");
  }

  #relisted(ports: readonly PortInfo[], problem?: Error): void {
    this.#listed = ports;
    this.#problem = problem;
    this.#onChange();
  }

  /** The ports that are listed, and behind them those that only a link knows, as virtual ones are. */
  #ports(users: ReadonlyMap<string, Link>): PortInfo[] {
    const isListed = (path: string) => this.#listed.some((port) => port.path === path);
    const others = [...users.keys()].filter((path) => !isListed(path));
    return [...this.#listed, ...others.map((path): PortInfo => ({ path }))];
  }

  #rows(): PortRow[] {
    const users = this.#users();
    return this.#ports(users).map((port): PortRow => {
      const heldBy = this.#heldBy.get(port.path);
      const link = users.get(port.path);
      if (link === undefined) return { port: { ...port, heldBy } };
      const { bytesIn, bytesOut } = link.counts;
      const set = link instanceof SerialClient ? describeSettings(link.settings) : "(listening)";
      const name = `${this.#book.nameOf(link)} ${set}`;
      return { port: { ...port, heldBy }, link: name, bytesIn, bytesOut, levels: this.#levels.get(link) };
    });
  }

  /** The links that have a port open, by its path. */
  #users(): Map<string, Link> {
    const users = new Map<string, Link>();
    for (const link of this.#book.links) {
      const path = pathOf(link);
      if (path !== undefined) users.set(path, link);
    }
    return users;
  }

  async #readHolders(): Promise<void> {
    const known = this.#ports(this.#users());
    const held = await this.#list({ known, holders: true });
    this.#heldBy = new Map(held.map(({ path, heldBy }) => [path, heldBy]));
  }

  async #readLevels(): Promise<void> {
    const clients = this.#book.links.filter((link) => link instanceof SerialClient && link.isOpen);
    const read = clients.map(async (link) => [link, await levelsOf(link as SerialClient)] as const);
    this.#levels = new Map(await Promise.all(read));
  }
}

/** Between two looks at the folder of devices, where that is all it takes: soon enough to be at once, and cheap. */
const LOOK_MS = 200;

/** The port that a link has open now. */
function pathOf(link: Link): string | undefined {
  if (link instanceof SerialClient) return link.isOpen ? link.path : undefined;
  const isOpenServer = "peers" in link && link.isListening && link.address.startsWith("serial:");
  return isOpenServer ? link.address.slice("serial:".length) : undefined;
}

/** The levels of the lines; nothing where there are no such lines. */
async function levelsOf(link: SerialClient): Promise<PortRow["levels"]> {
  try {
    return await link.getSignals();
  } catch (error) {
    if (error instanceof ParleyError) return undefined; // that, or it is just going
    throw error;
  }
}
