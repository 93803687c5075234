/** An end of a TCP connection that speaks the LEADS wire byte by byte. */
export class BareLeads implements AsyncDisposable {
  readonly #conn: Deno.TcpConn;
  readonly #memory = new Uint8Array(64 * 1024);
  #text = "";

  constructor(conn: Deno.TcpConn) {
    this.#conn = conn;
  }

  /** Calls the one who listens on `port`. */
  static async call(port: number): Promise<BareLeads> {
    return new BareLeads(await Deno.connect({ hostname: "127.0.0.1", port }));
  }

  /** Writes text as it is. */
  async say(text: string): Promise<void> {
    const bytes = new TextEncoder().encode(text);
    for (let at = 0; at < bytes.length;) at += await this.#conn.write(bytes.subarray(at));
  }

  /** Reads until the text ends with `end`; everything that has come since the last call. */
  async until(end: string): Promise<string> {
    while (!this.#text.endsWith(end)) {
      if (!await this.#read()) throw new Error(`The stream has ended behind ${JSON.stringify(this.#text)}`);
    }
    return this.#take();
  }

  /** Reads until the other side ends the stream; everything that has come since the last call. */
  async end(): Promise<string> {
    while (await this.#read());
    return this.#take();
  }

  /** Ends our half of the stream. */
  async finish(): Promise<void> {
    await this.#conn.closeWrite();
  }

  // deno-lint-ignore require-await -- what is disposed of so may be awaited
  async [Symbol.asyncDispose](): Promise<void> {
    this.#conn.close();
  }

  async #read(): Promise<boolean> {
    const count = await this.#conn.read(this.#memory);
    if (count === null) return false;
    this.#text += new TextDecoder().decode(this.#memory.subarray(0, count));
    return true;
  }

  #take(): string {
    const text = this.#text;
    this.#text = "";
    return text;
  }
}
