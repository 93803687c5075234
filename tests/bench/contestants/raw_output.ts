/**
 * The hand-written way to write: at once when the connection is idle, otherwise into the other buffer, which leaves
 * with the next write.
 */
export class RawOutput {
  readonly #connection: Deno.Conn;
  readonly #drained: () => void;
  #other = new Uint8Array(FIRST_BYTES);
  #writing = false;
  bytes: Uint8Array<ArrayBuffer> = new Uint8Array(FIRST_BYTES);
  view: DataView = new DataView(this.bytes.buffer);
  /** Bytes that wait. */
  length = 0;

  /** @param drained Called after each write. */
  constructor(connection: Deno.Conn, drained: () => void = () => {}) {
    this.#connection = connection;
    this.#drained = drained;
  }

  /** Makes room for `count` bytes at `length`. */
  reserve(count: number): void {
    if (this.length + count <= this.bytes.length) return;
    const grown = new Uint8Array(Math.max(this.bytes.length * 2, this.length + count));
    grown.set(this.bytes.subarray(0, this.length));
    this.#use(grown);
  }

  append(bytes: Uint8Array): void {
    this.reserve(bytes.length);
    this.bytes.set(bytes, this.length);
    this.length += bytes.length;
  }

  flush(): void {
    if (this.#writing || this.length === 0) return;
    this.#writing = true;
    const taken = this.bytes.subarray(0, this.length);
    const free = this.#other;
    this.#other = this.bytes;
    this.#use(free);
    this.length = 0;
    this.#write(taken);
  }

  async #write(bytes: Uint8Array): Promise<void> {
    for (let at = 0; at < bytes.length;) at += await this.#connection.write(bytes.subarray(at));
    this.#writing = false;
    this.flush();
    this.#drained();
  }

  #use(bytes: Uint8Array<ArrayBuffer>): void {
    this.bytes = bytes;
    this.view = new DataView(bytes.buffer);
  }
}

const FIRST_BYTES = 16 * 1024;
