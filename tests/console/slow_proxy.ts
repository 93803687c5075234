/**
 * Stands between a server on this machine and who connects to it, and lets through only so many bytes a second. It is
 * connected to by a Unix socket: that of a TCP connection would swallow megabytes before anybody had to wait.
 */
export class SlowProxy implements AsyncDisposable {
  readonly #listener: Deno.UnixListener;
  readonly #open = new Set<Deno.Conn<Deno.Addr>>();
  readonly #running: Promise<void>;
  readonly #bytesPerTick: number;

  /** @param port That of the server. */
  constructor(path: string, port: number, bytesPerSecond: number) {
    this.#listener = Deno.listen({ transport: "unix", path });
    this.#bytesPerTick = Math.ceil(bytesPerSecond * TICK_MS / 1000);
    this.#running = this.#accept(port);
  }

  get address(): string {
    return `unix://${this.#listener.addr.path}`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#listener.close();
    for (const connection of this.#open) connection.close();
    await this.#running;
  }

  async #accept(port: number): Promise<void> {
    const ways: Promise<void>[] = [];
    for await (const near of this.#listener) {
      const far = await Deno.connect({ hostname: "127.0.0.1", port });
      this.#open.add(near).add(far);
      ways.push(this.#carry(near, far), this.#carry(far, near));
    }
    await Promise.all(ways);
  }

  async #carry(from: Deno.Conn<Deno.Addr>, to: Deno.Conn<Deno.Addr>): Promise<void> {
    const buffer = new Uint8Array(this.#bytesPerTick);
    try {
      for (let length; (length = await from.read(buffer)) !== null;) {
        for (let at = 0; at < length;) at += await to.write(buffer.subarray(at, length));
        await new Promise((resolve) => setTimeout(resolve, TICK_MS));
      }
      await to.closeWrite();
    } catch {
      // One of the two has closed: the other one hears of it by itself.
    }
  }
}

const TICK_MS = 10;
