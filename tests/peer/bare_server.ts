import { Seen } from "./seen.ts";

/** One frame as it came. */
export interface BareFrame {
  readonly type: number;
  readonly seq: number;
  readonly id: number;
  readonly body: Uint8Array;
}

/** The types of frames that these tests look for. */
export const PING = 4;
export const PONG = 5;
export const ACK = 6;
export const REQ = 8;
export const RES = 9;

/**
 * A server of the native wire by hand, for one session over any number of links: it greets, agrees to resume, and then
 * says and acknowledges nothing of itself.
 */
export class BareServer implements AsyncDisposable {
  /** Frames that came, without greetings. */
  readonly frames: Seen<BareFrame> = new Seen();
  /** Told to a client that comes back. */
  rx = 0;
  readonly #listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  readonly #links = new Set<Deno.Conn>();
  readonly #done: Promise<void>;

  constructor() {
    this.#done = this.#accept();
  }

  get address(): string {
    return `tcp://127.0.0.1:${this.#listener.addr.port}`;
  }

  /** Says one frame on the newest link. */
  async say(type: number, id: number, seq = 0, kind = 0, body: ArrayLike<number> = []): Promise<void> {
    const bytes = new Uint8Array(14 + body.length);
    const view = new DataView(bytes.buffer);
    view.setUint32(0, 10 + body.length);
    bytes[4] = type;
    bytes[5] = kind;
    view.setUint32(6, seq);
    view.setUint32(10, id);
    bytes.set(body, 14);
    await this.sayBytes(bytes);
  }

  /** Says bytes as they are, on the newest link. */
  async sayBytes(bytes: ArrayLike<number>): Promise<void> {
    await [...this.#links].at(-1)!.write(Uint8Array.from(bytes));
  }

  /** Ends all links. */
  cut(): void {
    for (const link of this.#links) this.#end(link);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#listener.close();
    this.cut();
    await this.#done;
  }

  async #accept(): Promise<void> {
    const running: Promise<void>[] = [];
    for await (const link of this.#listener) {
      this.#links.add(link);
      running.push(this.#run(link).catch(() => {}));
    }
    await Promise.all(running);
  }

  async #run(link: Deno.Conn): Promise<void> {
    const chunk = new Uint8Array(64 * 1024);
    let rest = new Uint8Array(0);
    let isGreeted = false;
    for (;;) {
      const read = await link.read(chunk);
      if (read === null) return this.#end(link);
      rest = Uint8Array.from([...rest, ...chunk.subarray(0, read)]);
      for (let from = isGreeted ? 0 : 4;;) {
        const view = new DataView(rest.buffer);
        const size = rest.length - from < 4 ? Infinity : 4 + view.getUint32(from);
        if (from + size > rest.length) break;
        const frame = {
          type: rest[from + 4],
          seq: view.getUint32(from + 6),
          id: view.getUint32(from + 10),
          body: rest.slice(from + 14, from + size),
        };
        rest = rest.slice(from + size);
        from = 0;
        if (isGreeted) this.frames.add(frame);
        else await this.#welcome(link, new TextDecoder("latin1").decode(frame.body).includes("sid"));
        isGreeted = true;
      }
    }
  }

  #end(link: Deno.Conn): void {
    if (this.#links.delete(link)) link.close();
  }

  async #welcome(link: Deno.Conn, resumed: boolean): Promise<void> {
    const text = (value: string) => [0xa0 + value.length, ...new TextEncoder().encode(value)];
    const body = [
      ...[0x86, ...text("v"), 1, ...text("resumed"), resumed ? 0xc3 : 0xc2, ...text("rx"), this.rx],
      ...[...text("caps"), 0x91, ...text("resume"), ...text("sid"), ...text("abcd"), ...text("epoch")],
      ...text("ef"),
    ];
    const head = [0, 0, 0, 10 + body.length, 3, 1, 0, 0, 0, 0, 0, 0, 0, 0];
    await link.write(Uint8Array.from([0xc1, 0x50, 0x4c, 1, ...head, ...body]));
  }
}
