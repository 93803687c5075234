import { ascii, call, frame, fromHex, MAGIC, numbered, str } from "../dialect/native/wire.ts";

/** A frame of the native wire as it came. */
export interface HandFrame {
  readonly type: number;
  readonly kind: number;
  readonly seq: number;
  readonly id: number;
  readonly body: Uint8Array;
}

/** The native wire spoken by hand over TCP, without any code of the library: says only what it is told to say. */
export class HandLink implements Disposable {
  readonly #connection: Deno.Conn;
  #bytes = new Uint8Array(0);
  #lastSeq = 0;
  #closed = false;

  constructor(connection: Deno.Conn) {
    this.#connection = connection;
  }

  /** Connects to a server of this machine, and greets it as a client without the capability to come back. */
  static async dial(port: number): Promise<HandLink> {
    const link = new HandLink(await Deno.connect({ hostname: "127.0.0.1", port }));
    await link.write(MAGIC + frame(0, 1, 0, `81 ${str("v")} 920101`));
    await link.greeted();
    return link;
  }

  /** Writes bytes that are given in hexadecimal. */
  async write(hex: string): Promise<void> {
    let rest = fromHex(hex);
    while (rest.length > 0) rest = rest.subarray(await this.#connection.write(rest));
  }

  /** Writes a request without arguments; `flags` goes into its kind. */
  request(id: number, name: string, remainingMs = 0, flags = 0): Promise<void> {
    return this.write(frame(8, flags, id, call(remainingMs, name)));
  }

  /** Answers these requests in a session that outlives its link: with nothing, or with a text. */
  answer(ids: readonly number[], text = ""): Promise<void> {
    const kind = text === "" ? 0 : 3;
    return this.write(ids.map((id) => numbered(++this.#lastSeq, 9, kind, id, ascii(text))).join(""));
  }

  /** Reads the magic and the greeting of the other side. */
  async greeted(): Promise<HandFrame> {
    await this.#fill(4);
    this.#bytes = this.#bytes.subarray(4);
    return (await this.next())!;
  }

  /** The next frame; `undefined` when the other side has closed the link. */
  async next(): Promise<HandFrame | undefined> {
    if (!await this.#fill(4)) return undefined;
    const view = new DataView(this.#bytes.buffer, this.#bytes.byteOffset);
    const size = 4 + view.getUint32(0);
    if (!await this.#fill(size)) return undefined;
    const bytes = this.#bytes.subarray(0, size);
    this.#bytes = this.#bytes.subarray(size);
    const head = new DataView(bytes.buffer, bytes.byteOffset);
    const [type, kind] = bytes.subarray(4);
    return { type, kind, seq: head.getUint32(6), id: head.getUint32(10), body: bytes.subarray(14) };
  }

  /** The next `count` frames. */
  async take(count: number): Promise<HandFrame[]> {
    const frames: HandFrame[] = [];
    while (frames.length < count) {
      const next = await this.next();
      if (next === undefined) throw new Error(`The link ended after ${frames.length} of ${count} frames`);
      frames.push(next);
    }
    return frames;
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#connection.close();
  }

  [Symbol.dispose](): void {
    this.close();
  }

  /** Reads until `count` bytes are there; false when the link ends before. */
  async #fill(count: number): Promise<boolean> {
    const chunk = new Uint8Array(64 * 1024);
    while (this.#bytes.length < count) {
      const read = await this.#connection.read(chunk).catch(() => null);
      if (read === null) return false;
      const joined = new Uint8Array(this.#bytes.length + read);
      joined.set(this.#bytes);
      joined.set(chunk.subarray(0, read), this.#bytes.length);
      this.#bytes = joined;
    }
    return true;
  }
}

/** A server by hand: greets with the capability to come back, and then says only what it is told to say. */
export class HandServer implements Disposable {
  readonly #listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });

  /** Where it listens. */
  get address(): string {
    return `tcp://127.0.0.1:${(this.#listener.addr as Deno.NetAddr).port}`;
  }

  /** The next link, whose client has greeted and waits for an answer. */
  async dialed(): Promise<HandLink> {
    const link = new HandLink(await this.#listener.accept());
    await link.greeted();
    return link;
  }

  /** The next link, after a greeting that begins a new session. */
  async accept(): Promise<HandLink> {
    const link = await this.dialed();
    const session = `${str("sid")} ${str("5e55")} ${str("epoch")} ${str("first")}`;
    await link.write(
      MAGIC + frame(3, 1, 0, `84 ${str("v")} 01 ${str("caps")} 91 ${str("resume")} ${session}`),
    );
    return link;
  }

  [Symbol.dispose](): void {
    this.#listener.close();
  }
}

/** A name, as the body of a call carries it. */
export function nameOf({ body }: HandFrame): string {
  return new TextDecoder().decode(body.subarray(5, 5 + body[4]));
}

/** All of a body as text: enough to find the code of an error in it. */
export function textOf({ body }: HandFrame): string {
  return new TextDecoder().decode(body);
}
