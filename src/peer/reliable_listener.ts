import type { Listener, Transport } from "../transport/transport.ts";
import { acceptReliable, type ReliableLine } from "./reliable_line.ts";
import type { World } from "./world.ts";

/** Accepts on noisy lines what cannot bear noise: one connection after the other, on one line after the other. */
export class ReliableListener implements Listener {
  readonly #lines: Listener;
  readonly #world: World;
  #line: ReliableLine | undefined;

  /** @param lines Gives the lines, one at a time. */
  constructor(lines: Listener, world: World) {
    this.#lines = lines;
    this.#world = world;
  }

  get address(): string {
    return this.#lines.address;
  }

  get port(): number | undefined {
    return this.#lines.port;
  }

  async accept(): Promise<Transport | null> {
    for (;;) {
      if (this.#line === undefined) {
        const line = await this.#lines.accept();
        if (line === null) return null;
        const { baudRate, text } = line.line ?? {};
        const address = line.remoteAddress;
        this.#line = acceptReliable(line, { address, baudRate, lineText: text, world: this.#world });
      }
      const transport = await this.#line.accept();
      if (transport !== null) return transport;
      this.#line = undefined; // the line has ended, or we have
    }
  }

  /** Resolves when the line is closed, which outlives its connections. */
  get released(): Promise<void> | undefined {
    return this.#line?.released;
  }

  close(): void {
    this.#lines.close();
    this.#line?.close();
  }
}
