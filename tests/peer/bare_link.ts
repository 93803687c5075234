/** A TCP connection used by hand, without any code of the library: what strangers do to a server. */
export class BareLink implements Disposable {
  readonly #connection: Deno.Conn;
  #closed = false;

  constructor(connection: Deno.Conn) {
    this.#connection = connection;
  }

  /** Connects to a port of this machine. */
  static async dial(port: number): Promise<BareLink> {
    return new BareLink(await Deno.connect({ hostname: "127.0.0.1", port }));
  }

  /** Writes text or bytes, all of it. */
  async write(data: string | Uint8Array): Promise<void> {
    let rest = typeof data === "string" ? new TextEncoder().encode(data) : data;
    while (rest.length > 0) rest = rest.subarray(await this.#connection.write(rest));
  }

  /** No more will be written; reading goes on. */
  closeWrite(): Promise<void> {
    return this.#connection.closeWrite();
  }

  /** Everything until the other side closes or resets the connection. */
  async readToEnd(): Promise<Uint8Array> {
    return await this.#read(Infinity);
  }

  /** As `readToEnd`, as text. */
  async textToEnd(): Promise<string> {
    return new TextDecoder().decode(await this.readToEnd());
  }

  /** Waits for at least `count` bytes, or the end. */
  atLeast(count: number): Promise<Uint8Array> {
    return this.#read(count);
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#connection.close();
  }

  [Symbol.dispose](): void {
    this.close();
  }

  async #read(count: number): Promise<Uint8Array> {
    const chunk = new Uint8Array(64 * 1024);
    const bytes: number[] = [];
    while (bytes.length < count) {
      const read = await this.#connection.read(chunk).catch((error) => {
        if (error instanceof Deno.errors.ConnectionReset) return null;
        throw error;
      });
      if (read === null) break;
      for (const byte of chunk.subarray(0, read)) bytes.push(byte);
    }
    return Uint8Array.from(bytes);
  }
}

/** What both sides of the native wire say first. */
export const MAGIC = Uint8Array.of(0xc1, 0x50, 0x4c, 0x01);

/** One frame of the native wire: length, type, kind, seq, id, body. */
export function frame(type: number, kind: number, id: number, body: ArrayLike<number>): Uint8Array {
  const bytes = new Uint8Array(14 + body.length);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, 10 + body.length);
  bytes[4] = type;
  bytes[5] = kind;
  view.setUint32(10, id);
  bytes.set(body, 14);
  return bytes;
}

/** The magic and a HELLO that takes frames of at most `maxFrameBytes` (up to 65,535). */
export function greeting(maxFrameBytes: number): Uint8Array {
  const key = (name: string) => [0xa0 + name.length, ...new TextEncoder().encode(name)];
  const hello = frame(0, 1, 0, [
    ...[0x82, ...key("v"), 0x92, 1, 1], // { v: [1, 1], limits: { maxFrameBytes } }
    ...[...key("limits"), 0x81, ...key("maxFrameBytes"), 0xcd, maxFrameBytes >> 8, maxFrameBytes & 0xff],
  ]);
  return Uint8Array.from([...MAGIC, ...hello]);
}

/** A REQ frame without arguments and without a deadline. */
export function requestFrame(id: number, name: string): Uint8Array {
  return frame(8, 0, id, [0, 0, 0, 0, name.length, ...new TextEncoder().encode(name)]);
}
