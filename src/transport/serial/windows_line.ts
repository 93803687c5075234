import { BrokenError, ClosedError } from "../../errors.ts";
import type { LineFacts } from "../transport.ts";
import { WriteQueue } from "../write_queue.ts";
import { Naps } from "./naps.ts";
import { Pacer, type Pacing } from "./pacing.ts";
import { checkRate } from "./line_rate.ts";
import type { FlushWhat, LineSignals, OutputSignals, SerialLine } from "./serial_line.ts";
import { describeSettings, type LineSettings } from "./serial_settings.ts";

/** What is used of a port as `@serialport/bindings-cpp` opens it. */
interface PortBinding {
  read(buffer: Uint8Array, offset: number, length: number): Promise<{ bytesRead: number }>;
  write(buffer: Uint8Array): Promise<void>;
  close(): Promise<void>;
  update(options: { baudRate: number }): Promise<void>;
  set(signals: { dtr: boolean; rts: boolean; brk: boolean }): Promise<void>;
  get(): Promise<{ cts: boolean; dsr: boolean; dcd: boolean }>;
  getBaudRate(): Promise<{ baudRate: number }>;
  flush(): Promise<void>;
  drain(): Promise<void>;
}

/** An open serial line on Windows: the npm package `@serialport/bindings-cpp` as it is. Not run yet. */
export class WindowsLine implements SerialLine {
  readonly path: string;
  readonly remoteAddress: string;
  readonly localAddress: string;
  readonly isLocal = true;
  readonly isEndless = true;
  readonly #port: PortBinding;
  readonly #bytes: Uint8Array;
  readonly #queue: WriteQueue;
  readonly #naps = new Naps();
  /** Somebody wants what comes. */
  #isRead = false;
  readonly #pacer: Pacer | undefined;
  #settings: Readonly<LineSettings>;
  #levels: { dtr: boolean; rts: boolean; brk: boolean };
  #closed = false;
  #released: Promise<void> = Promise.resolve();

  /** @throws what the package throws. */
  static async open(path: string, settings: Readonly<LineSettings>, pacing?: Pacing): Promise<WindowsLine> {
    const { autoDetect } = await import("@serialport/bindings-cpp");
    const { dtr: _dtr, rts: _rts, ...options } = settings;
    const port = await autoDetect().open({ path, ...options } as never);
    return new WindowsLine(port as unknown as PortBinding, path, settings, pacing);
  }

  private constructor(port: PortBinding, path: string, settings: Readonly<LineSettings>, pacing?: Pacing) {
    this.path = path;
    this.remoteAddress = this.localAddress = `serial:${path}`;
    this.#port = port;
    this.#settings = settings;
    this.#levels = { dtr: settings.dtr ?? true, rts: settings.rts ?? true, brk: false };
    this.#pacer = pacing && new Pacer(pacing, this.#naps, () => this.#isRead);
    // The package looks at Buffers only.
    this.#bytes = globalThis.Buffer === undefined ? new Uint8Array(READ_BYTES) : Buffer.alloc(READ_BYTES);
    this.#queue = new WriteQueue({ write: (bytes) => this.#writeSome(bytes) });
  }

  get settings(): Readonly<LineSettings> {
    return this.#settings;
  }

  get line(): LineFacts {
    return { baudRate: this.#settings.baudRate, text: describeSettings(this.#settings) };
  }

  get released(): Promise<void> {
    return this.#released;
  }

  get writtenBytes(): number {
    return this.#queue.written;
  }

  async read(): Promise<Uint8Array | null> {
    if (this.#closed) return null;
    this.#isRead = true;
    try {
      const { bytesRead } = await this.#port.read(this.#bytes, 0, this.#bytes.length);
      const bytes = this.#bytes.subarray(0, bytesRead);
      this.#pacer?.heard(bytes);
      return this.#closed ? null : bytes;
    } catch (error) {
      if (this.#closed) return null;
      throw this.#gone("read from", error);
    } finally {
      this.#isRead = false;
    }
  }

  write(bytes: Uint8Array): Promise<void> {
    return this.#queue.write(bytes);
  }

  async closeWrite(): Promise<void> {
    await this.drain().catch(() => {}); // the device is gone: then nothing more leaves
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#queue.end(this.#closedError());
    this.#naps.end();
    this.#released = this.#port.close().catch(() => {}); // gone before us
  }

  async setSignals({ dtr, rts, break: brk }: OutputSignals): Promise<void> {
    const before = this.#levels;
    const levels = { dtr: dtr ?? before.dtr, rts: rts ?? before.rts, brk: brk ?? before.brk };
    await this.#ask("set the lines of", () => this.#port.set(levels));
    this.#levels = levels;
  }

  async getSignals(): Promise<LineSignals> {
    const { cts, dsr, dcd } = await this.#ask("read the modem lines of", () => this.#port.get());
    const { dtr, rts } = this.#levels;
    return { cts, dsr, dcd, ri: false, dtr, rts }; // the package does not tell the ring
  }

  async flush(_what: FlushWhat): Promise<void> {
    await this.#ask("flush", () => this.#port.flush());
  }

  async drain(): Promise<void> {
    await this.#queue.idle();
    await this.#ask("drain", () => this.#port.drain());
  }

  async setBaudRate(baudRate: number): Promise<void> {
    await this.drain();
    await this.#ask("change the rate of", () => this.#port.update({ baudRate }));
    checkRate(this.path, baudRate, (await this.#port.getBaudRate()).baudRate);
    this.#settings = { ...this.#settings, baudRate };
  }

  async #writeSome(bytes: Uint8Array): Promise<number> {
    await this.#pacer?.turn();
    const leaving = bytes.subarray(0, this.#pacer?.allowed(bytes) ?? bytes.length);
    this.#pacer?.left(bytes, leaving.length); // before the write: the prompt may come before that is known to be done
    try {
      await this.#port.write(globalThis.Buffer === undefined ? leaving : Buffer.from(leaving));
    } catch (error) {
      throw this.#closed ? this.#closedError() : this.#gone("write to", error);
    }
    return leaving.length;
  }

  async #ask<T>(doing: string, work: () => Promise<T>): Promise<T> {
    if (this.#closed) throw this.#closedError();
    try {
      return await work();
    } catch (error) {
      if (this.#closed) throw this.#closedError();
      throw new BrokenError("io", `Cannot ${doing} ${this.remoteAddress}: ${(error as Error).message}`);
    }
  }

  #gone(doing: string, error: unknown): BrokenError {
    const text = `Cannot ${doing} ${this.remoteAddress}: the device was unplugged (${
      (error as Error).message
    })`;
    return new BrokenError("unplugged", text);
  }

  #closedError(): ClosedError {
    return new ClosedError("closed", `Cannot use ${this.remoteAddress}: the link was closed here`);
  }
}

const READ_BYTES = 64 * 1024;
