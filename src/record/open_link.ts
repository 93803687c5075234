import type { RecordedBytes, RecordedEnd, RecordedLink, RecordedSaid } from "./recording.ts";

/** A connection while it is read. */
export interface OpenConnection {
  readonly peer?: string;
  readonly ms: number;
  readonly entries: (RecordedBytes | RecordedSaid)[];
  isUp: boolean;
  end?: RecordedEnd;
}

/** A link while it is read. */
export class OpenLink {
  name: string;
  readonly facts: Omit<RecordedLink, "name" | "connections">;
  readonly connections: OpenConnection[] = [];
  readonly #open = new Map<string | undefined, OpenConnection>();

  constructor(name: string, facts: Omit<RecordedLink, "name" | "connections">) {
    this.name = name;
    this.facts = facts;
  }

  /** Something has passed. */
  add(peer: string | undefined, entry: RecordedBytes | RecordedSaid): void {
    this.#at(peer, entry.ms).entries.push(entry);
  }

  /** A handshake comes before it is up: what was said by then belongs to it. */
  up(peer: string | undefined, ms: number): void {
    if (this.#open.get(peer)?.isUp) this.#open.delete(peer);
    this.#at(peer, ms).isUp = true;
  }

  /** A connection has ended. */
  down(peer: string | undefined, end: RecordedEnd): void {
    const connection = this.#open.get(peer);
    if (connection !== undefined) connection.end = end;
    this.#open.delete(peer);
  }

  /** What follows is of other connections. */
  endAll(): void {
    this.#open.clear();
  }

  /** The connections of another link that are open go on here. */
  takeOpen(other: OpenLink): void {
    for (const [peer, connection] of other.#open) this.#open.set(peer, connection);
  }

  #at(peer: string | undefined, ms: number): OpenConnection {
    const open = this.#open.get(peer);
    if (open !== undefined) return open;
    const made: OpenConnection = { ...(peer !== undefined && { peer }), ms, entries: [], isUp: false };
    this.#open.set(peer, made);
    this.connections.push(made);
    return made;
  }
}
