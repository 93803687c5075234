import type { Socket } from "node:net";
import type { SeededRandom } from "../../src/testing/seeded_random.ts";
import { FaultyDirection } from "./faulty_direction.ts";

/** What can happen to one link on its way, and to the links after it. */
export const LINK_FAULTS = Object.freeze(
  ["reset", "cut", "early cut", "refuse", "stall", "slice", "delay", "black hole", "half-open"] as const,
);

/** A word of {@linkcode LINK_FAULTS}. */
export type LinkFault = typeof LINK_FAULTS[number];

/** One connection through the proxy: the client's socket, the server's socket, and what is done to the bytes between. */
export class FaultyLink {
  /** Resolves when both sockets are gone. */
  readonly closed: Promise<void>;
  /** What the client sends. */
  readonly up: FaultyDirection;
  /** What the server sends. */
  readonly down: FaultyDirection;
  readonly #near: Socket;
  readonly #far: Socket;
  #isOpen = true;

  constructor(near: Socket, far: Socket) {
    this.#near = near;
    this.#far = far;
    this.up = new FaultyDirection(near, far);
    this.down = new FaultyDirection(far, near);
    this.closed = Promise.all([
      this.#ended(near, far, this.up, this.down),
      this.#ended(far, near, this.down, this.up),
    ]).then(() => {});
  }

  /** True until one of the two ends is gone, or until nothing gets through any more. */
  get isOpen(): boolean {
    return this.#isOpen;
  }

  /** Both ends get an RST: what was under way is lost, in both directions. */
  reset(): void {
    this.#isOpen = false;
    this.#near.resetAndDestroy();
    this.#far.resetAndDestroy();
  }

  /**
   * Passes `after` more bytes of one direction and some of the chunk they end in, and closes both ends.
   * Resolves with the time when it happened, or with `undefined` when the link ended first.
   */
  async cut(direction: FaultyDirection, after: number, random: SeededRandom): Promise<number | undefined> {
    const happened = await Promise.race([direction.stopWithin(after, random), this.closed]);
    if (happened === undefined) return undefined;
    const at = Date.now();
    this.#isOpen = false;
    this.#near.destroy();
    this.#far.destroy();
    return at;
  }

  /** Nothing gets through any more in the given directions, not even the end of the link, and nobody is told. */
  swallow(...directions: FaultyDirection[]): void {
    this.#isOpen = false;
    for (const direction of directions) direction.swallow();
  }

  /** Ends both sockets at once. */
  destroy(): void {
    this.#isOpen = false;
    this.#near.destroy();
    this.#far.destroy();
  }

  /**
   * When one end is gone the other learns of it in the same way, after what was still under way to it, unless its
   * direction swallows that too.
   */
  #ended(socket: Socket, other: Socket, from: FaultyDirection, to: FaultyDirection): Promise<void> {
    return new Promise((resolve) => {
      let wasReset = false;
      socket.on("error", () => wasReset = true);
      socket.on("close", async () => {
        this.#isOpen = false;
        to.stop();
        resolve();
        if (!wasReset) await from.idle;
        if (from.swallows || other.destroyed) return;
        if (wasReset) other.resetAndDestroy();
        else other.destroySoon();
      });
    });
  }
}
