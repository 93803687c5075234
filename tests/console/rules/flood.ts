/** A server that sends numbered lines, 20,000 of them a second, until it is stopped. */
export class Flood implements AsyncDisposable {
  readonly #listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  readonly #sending: Promise<void>;
  #stopped = false;
  #sent = 0;
  #connection: Deno.Conn | undefined;
  /** Resolves when the last line was sent. */
  readonly #over = Promise.withResolvers<void>();

  constructor() {
    this.#sending = this.#send();
  }

  get address(): string {
    return `tcp://127.0.0.1:${this.#listener.addr.port}`;
  }

  /** How many lines were sent. */
  get sent(): number {
    return this.#sent;
  }

  /** Whether there is more to come. */
  get isRunning(): boolean {
    return !this.#stopped;
  }

  /** Sends no more, says `over` in a line of its own, and resolves when all of it was taken. */
  async stop(): Promise<void> {
    this.#stopped = true;
    await this.#over.promise;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stopped = true;
    this.#connection?.close();
    this.#listener.close();
    await this.#sending;
  }

  async #send(): Promise<void> {
    try {
      this.#connection = await this.#listener.accept();
      const startedAt = performance.now();
      while (!this.#stopped) {
        const due = Math.floor((performance.now() - startedAt) * 20) - this.#sent;
        if (due > 0) await this.#write(Array.from({ length: due }, () => `line ${++this.#sent}\n`).join(""));
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
      await this.#write("over\n");
    } catch {
      // It is closed: the test is over.
    }
    this.#over.resolve();
  }

  async #write(text: string): Promise<void> {
    const bytes = new TextEncoder().encode(text);
    for (let at = 0; at < bytes.length;) at += await this.#connection!.write(bytes.subarray(at));
  }
}
