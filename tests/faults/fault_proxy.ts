import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";
import type { SeededRandom } from "../../src/testing/seeded_random.ts";
import { FaultyLink, type LinkFault } from "./faulty_link.ts";
import type { Way } from "./way.ts";

/**
 * A TCP proxy on 127.0.0.1 that does to its links what networks do. It stands between one client and one server, so
 * the newest link is the one that matters. Made of `node:net`, since `resetAndDestroy` is the only way to send an RST
 * with Deno 2.9.6: `Deno.Conn` always says goodbye with a FIN, even with unread bytes.
 */
export class FaultProxy implements Way {
  readonly #server: Server;
  readonly #links = new Set<FaultyLink>();
  readonly #random: SeededRandom;
  #newest: FaultyLink | undefined;
  #refusals = 0;
  /** The bytes of one direction after which the next link is cut. */
  #early: { bytes: number; ofServer: boolean; happened: (at: number | undefined) => void } | undefined;

  private constructor(server: Server, target: () => number, random: SeededRandom) {
    this.#server = server;
    this.#random = random;
    server.on("connection", (near) => this.#accept(near, target()));
  }

  /**
   * Listens on a free port.
   *
   * @param target The port of the server on 127.0.0.1, asked for each connection: it may have moved.
   * @param random Chooses where and for how long.
   */
  static async open(target: () => number, random: SeededRandom): Promise<FaultProxy> {
    const server = createServer({ allowHalfOpen: true, noDelay: true });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return new FaultProxy(server, target, random);
  }

  /** Where clients connect to. */
  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  get address(): string {
    return `tcp://127.0.0.1:${this.port}`;
  }

  /** How many links have not ended yet, those that are dead without knowing it among them. */
  get links(): number {
    return this.#links.size;
  }

  /**
   * Does that to the newest link. Resolves when it has happened with the time in milliseconds since 1970, or with
   * `undefined` when there was no link, or when it ended first.
   */
  async inject(fault: LinkFault): Promise<number | undefined> {
    const link = this.#newest;
    if (link === undefined || !link.isOpen) return undefined;
    const random = this.#random;
    const direction = random.below(2) === 0 ? link.up : link.down;
    switch (fault) {
      case "reset":
        link.reset();
        return Date.now();
      case "cut":
        return await link.cut(direction, random.below(4096), random);
      case "early cut":
        return await this.#cutNext(link);
      case "refuse":
        this.#refusals = 1 + random.below(4);
        link.destroy();
        return Date.now();
      case "stall":
        direction.stall(stallMs(random));
        return Date.now();
      case "slice":
        direction.slice(1 + random.below(8));
        return Date.now();
      case "delay":
        direction.delay(1 + random.below(8), 1 + random.below(30));
        return Date.now();
      case "black hole":
        link.swallow(link.up, link.down);
        return Date.now();
      case "half-open":
        link.swallow(direction);
        return Date.now();
    }
  }

  /** Ends all links and stops listening. */
  async [Symbol.asyncDispose](): Promise<void> {
    const stopped = new Promise((resolve) => this.#server.close(resolve));
    const ended = [...this.#links].map((link) => {
      link.destroy();
      return link.closed;
    });
    this.#early?.happened(undefined);
    await Promise.all([stopped, ...ended]);
  }

  #accept(near: Socket, port: number): void {
    if (this.#refusals > 0) {
      this.#refusals--;
      near.on("error", () => {});
      near.resetAndDestroy();
      return;
    }
    const far = connect({ port, host: "127.0.0.1", allowHalfOpen: true, noDelay: true });
    const link = new FaultyLink(near, far);
    this.#links.add(link);
    this.#newest = link;
    link.closed.then(() => this.#links.delete(link));
    const early = this.#early;
    if (early === undefined) return;
    this.#early = undefined;
    link.cut(early.ofServer ? link.down : link.up, early.bytes, this.#random).then(early.happened);
  }

  /** The link ends, and so does the next one, within its handshake: whoever was greeted last does not know it. */
  #cutNext(link: FaultyLink): Promise<number | undefined> {
    const { promise, resolve } = Promise.withResolvers<number | undefined>();
    this.#early?.happened(undefined);
    this.#early = { bytes: this.#random.below(80), ofServer: this.#random.below(2) === 0, happened: resolve };
    link.destroy();
    return promise;
  }
}

/** Most of them are short, the others outlast the heartbeat, so that bytes come when nobody expects them any more. */
export function stallMs(random: SeededRandom): number {
  return random.below(4) > 0 ? random.below(200) : 1000 + random.below(3000);
}
