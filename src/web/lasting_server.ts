/** How a {@linkcode LastingServer} is started. */
export interface LastingServerOptions {
  readonly hostname: string;
  /** 0: the system chooses. */
  readonly port: number;
  answer(request: Request): Promise<Response>;
  onError(): Response;
  /** Every connection has been closed, since no more could be opened. */
  onBreak(): void;
}

/**
 * An HTTP server that goes on when it could not take a connection: the system's limit of open files is reached by whoever
 * on this machine opens enough of them, and `Deno.serve` ends for good then. All connections are closed, so that there is
 * room again, and the port is opened anew.
 */
export class LastingServer {
  readonly port: number;
  readonly #options: LastingServerOptions;
  #server: Deno.HttpServer<Deno.NetAddr>;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #isClosed = false;

  /** @throws it cannot listen there. */
  constructor(options: LastingServerOptions) {
    this.#options = options;
    this.#server = this.#serve(options.port);
    this.port = this.#server.addr.port;
  }

  /** Ends it, when the answers that are under way have left. */
  async close(): Promise<void> {
    this.#isClosed = true;
    clearTimeout(this.#timer);
    await this.#server.shutdown();
  }

  #serve(port: number): Deno.HttpServer<Deno.NetAddr> {
    const { hostname, answer, onError } = this.#options;
    const server = Deno.serve({ hostname, port, onListen: () => {}, onError }, (request) => answer(request));
    server.finished.catch(() => this.#mend(server));
    return server;
  }

  async #mend(broken: Deno.HttpServer<Deno.NetAddr>): Promise<void> {
    this.#options.onBreak();
    await broken.shutdown().catch(() => {}); // it has ended already
    this.#again();
  }

  #again(): void {
    if (this.#isClosed) return;
    try {
      this.#server = this.#serve(this.port);
    } catch {
      this.#timer = setTimeout(() => this.#again(), AGAIN_MS);
    }
  }
}

/** How long until the port is tried again, in milliseconds: whoever took all there was may be gone by then. */
const AGAIN_MS = 500;
