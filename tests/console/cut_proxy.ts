/** Stands between a client and a server on TCP, so that a test can break or hold up the links that run through it. */
export class CutProxy implements AsyncDisposable {
  readonly #listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  readonly #port: number;
  readonly #connections = new Set<Deno.TcpConn>();
  readonly #pumps = new Set<Promise<void>>();
  readonly #accepting: Promise<void>;
  #held: PromiseWithResolvers<void> | undefined;

  /** @param address Where the links lead, such as `tcp://127.0.0.1:16900`. */
  constructor(address: string) {
    this.#port = Number(address.split(":").at(-1));
    this.#accepting = this.#accept();
  }

  /** What to connect to. */
  get address(): string {
    return `tcp://127.0.0.1:${this.#listener.addr.port}`;
  }

  /** Lets nothing through any more, in either direction, until the links are cut. */
  hold(): void {
    this.#held ??= Promise.withResolvers();
  }

  /** Breaks every link there is; new ones are taken. */
  cut(): void {
    this.#held?.resolve();
    this.#held = undefined;
    for (const connection of this.#connections) close(connection);
    this.#connections.clear();
  }

  /** Ends with all its links. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#listener.close();
    await this.#accepting;
    this.cut();
    await Promise.all(this.#pumps);
  }

  async #accept(): Promise<void> {
    for await (const near of this.#listener) {
      const far = await Deno.connect({ hostname: "127.0.0.1", port: this.#port }).catch(() => undefined);
      if (far === undefined) {
        close(near); // the server is gone, and so is the link
        continue;
      }
      for (const connection of [near, far]) this.#connections.add(connection);
      for (const [from, to] of [[near, far], [far, near]]) {
        const gate = new TransformStream<Uint8Array, Uint8Array>({
          transform: async (bytes, onward) => {
            await this.#held?.promise;
            onward.enqueue(bytes);
          },
        });
        const pump = from.readable.pipeThrough(gate).pipeTo(to.writable).catch(() => {});
        this.#pumps.add(pump);
      }
    }
  }
}

function close(connection: Deno.TcpConn): void {
  try {
    connection.close();
  } catch {
    // The other side was faster.
  }
}
