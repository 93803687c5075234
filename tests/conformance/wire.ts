/** A TCP connection used by hand, without any code of the library: the other side of a side under test. */
export class Wire {
  readonly #connection: Deno.TcpConn;
  readonly #reading: Promise<void>;
  /** True once nothing more will come. */
  isEnded = false;
  #isClosed = false;

  /** `heard` gets every chunk that comes, and `undefined` at the end. */
  constructor(connection: Deno.TcpConn, heard: (chunk: Uint8Array | undefined) => void) {
    this.#connection = connection;
    connection.setNoDelay(true); // two small writes in a row would wait for each other
    this.#reading = this.#read(heard);
  }

  /** Writes all of it; what cannot be written any more is no matter, since the end will be read. */
  async write(bytes: Uint8Array): Promise<void> {
    try {
      for (let rest = bytes; rest.length > 0;) rest = rest.subarray(await this.#connection.write(rest));
    } catch (error) {
      if (!isGone(error)) throw error;
    }
  }

  /** No more will be written; reading goes on. */
  async closeWrite(): Promise<void> {
    await this.#connection.closeWrite().catch(() => {});
  }

  /** Ends the connection, and waits until nothing is read any more. */
  async close(): Promise<void> {
    if (!this.#isClosed) this.#connection.close();
    this.#isClosed = true;
    await this.#reading;
  }

  async #read(heard: (chunk: Uint8Array | undefined) => void): Promise<void> {
    const chunk = new Uint8Array(64 * 1024);
    try {
      for (;;) {
        const count = await this.#connection.read(chunk);
        if (count === null) break;
        heard(chunk.slice(0, count));
      }
    } catch (error) {
      if (!isGone(error)) throw error;
    } finally {
      this.isEnded = true;
      heard(undefined);
    }
  }
}

function isGone(error: unknown): boolean {
  return error instanceof Deno.errors.ConnectionReset || error instanceof Deno.errors.BrokenPipe ||
    error instanceof Deno.errors.BadResource || error instanceof Deno.errors.Interrupted ||
    error instanceof Deno.errors.NotConnected;
}
