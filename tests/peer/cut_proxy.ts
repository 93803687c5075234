import { Seen } from "./seen.ts";

/**
 * A TCP proxy on this machine that does to links what a test tells it to, and nothing by chance: it cuts them, refuses
 * new ones, holds back what they carry, or swallows it.
 */
export class CutProxy implements AsyncDisposable {
  /** The port of this machine that new links lead to. */
  target: number;
  /** Links as they come, also those that are refused. */
  readonly arrivals: Seen<void> = new Seen();
  readonly #listener: Deno.TcpListener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  readonly #links = new Set<CutLink>();
  readonly #gates: Gates = { up: new Gate(), down: new Gate() };
  readonly #done: Promise<void>;
  #refuses = false;

  constructor(target: number) {
    this.target = target;
    this.#done = this.#accept();
  }

  /** How many links have come. */
  get accepted(): number {
    return this.arrivals.all.length;
  }

  get address(): string {
    return `tcp://127.0.0.1:${this.#listener.addr.port}`;
  }

  /** Ends all links now; both ends find it out. New ones are taken. */
  cut(): void {
    for (const link of this.#links) link.close();
  }

  /** Ends all links now, and new ones as soon as they come. */
  refuse(): void {
    this.#refuses = true;
    this.cut();
  }

  /**
   * Nothing passes in that direction, or in both, until `forward`: links stay, new ones come and wait. What was held
   * when a link is cut is lost.
   */
  hold(...directions: Direction[]): void {
    for (const name of directions.length > 0 ? directions : DIRECTIONS) this.#gates[name].close();
  }

  /** Everything passes again, and new links are taken. */
  forward(): void {
    this.#refuses = false;
    for (const name of DIRECTIONS) this.#gates[name].open();
  }

  /** Nothing that the links of now carry arrives any more, not even their ends. New ones are not concerned. */
  swallow(): void {
    for (const link of this.#links) link.swallows = true;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#listener.close();
    this.refuse();
    for (const name of DIRECTIONS) this.#gates[name].open();
    await this.#done;
  }

  async #accept(): Promise<void> {
    const running: Promise<void>[] = [];
    for await (const client of this.#listener) {
      this.arrivals.add();
      if (this.#refuses) {
        client.close();
        continue;
      }
      const link = new CutLink(client, this.#gates);
      this.#links.add(link);
      running.push(link.run(() => this.target).finally(() => this.#links.delete(link)));
    }
    await Promise.all(running);
  }
}

/** `up` to the server, `down` to the client. */
export type Direction = "up" | "down";
const DIRECTIONS: readonly Direction[] = ["up", "down"];
type Gates = Readonly<Record<Direction, Gate>>;

/** Lets through or makes wait. */
class Gate {
  #closed: PromiseWithResolvers<void> | undefined;

  get passed(): Promise<void> | undefined {
    return this.#closed?.promise;
  }

  close(): void {
    this.#closed ??= Promise.withResolvers();
  }

  open(): void {
    this.#closed?.resolve();
    this.#closed = undefined;
  }
}

/** One link: a connection from the client, and one to the server. */
class CutLink {
  swallows = false;
  readonly #client: Deno.Conn;
  readonly #gates: Gates;
  readonly #cut = Promise.withResolvers<void>();
  #server: Deno.Conn | undefined;
  #closed = false;

  constructor(client: Deno.Conn, gates: Gates) {
    this.#client = client;
    this.#gates = gates;
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#cut.resolve();
    this.#client.close();
    this.#server?.close();
  }

  async run(port: () => number): Promise<void> {
    try {
      await this.#gates.up.passed;
      if (this.#closed) return;
      const server = await Deno.connect({ hostname: "127.0.0.1", port: port() });
      this.#server = server;
      if (this.#closed) return server.close();
      await Promise.all([
        this.#pump(this.#client, server, this.#gates.up),
        this.#pump(server, this.#client, this.#gates.down),
      ]);
    } catch {
      // One of the ends is gone, or the link was cut: then both are.
    } finally {
      this.close();
    }
  }

  async #pump(from: Deno.Conn, to: Deno.Conn, gate: Gate): Promise<void> {
    const chunk = new Uint8Array(64 * 1024);
    for (;;) {
      const read = await from.read(chunk);
      await gate.passed;
      if (this.#closed) return;
      if (this.swallows && read === null) return await this.#cut.promise; // the other end is not to hear of it
      if (this.swallows) continue;
      if (read === null) return await to.closeWrite();
      for (let at = 0; at < read;) at += await to.write(chunk.subarray(at, read));
    }
  }
}
