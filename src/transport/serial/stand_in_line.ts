import { ClosedError } from "../../errors.ts";
import type { Transport } from "../transport.ts";
import type { FlushWhat, LineSignals, OutputSignals, SerialLine } from "./serial_line.ts";
import type { LineSettings } from "./serial_settings.ts";

/**
 * A serial line without a device: another transport carries its bytes. What only a line can do is taken and has no
 * effect but to be told again; the lines that a device drives are low.
 */
export class StandInLine implements SerialLine {
  readonly isEndless = true;
  readonly isLocal = true;
  readonly #transport: Transport;
  readonly #writes = new Set<Promise<void>>();
  #settings: LineSettings;
  #signals: OutputSignals;
  #isClosed = false;

  constructor(transport: Transport, settings: Readonly<LineSettings>) {
    this.#transport = transport;
    this.#settings = settings;
    const { dtr = true, rts = true } = settings as OutputSignals;
    this.#signals = { dtr, rts };
  }

  get path(): string {
    return this.remoteAddress.replace(/^serial:/, "");
  }

  get settings(): Readonly<LineSettings> {
    return this.#settings;
  }

  get remoteAddress(): string {
    return this.#transport.remoteAddress;
  }

  get localAddress(): string {
    return this.#transport.localAddress;
  }

  get writtenBytes(): number | undefined {
    return this.#transport.writtenBytes;
  }

  read(): Promise<Uint8Array | null> {
    return this.#transport.read();
  }

  write(bytes: Uint8Array): Promise<void> {
    const writing = this.#transport.write(bytes);
    const settled = writing.then(noop, noop).finally(() => this.#writes.delete(settled));
    this.#writes.add(settled);
    return writing;
  }

  closeWrite(): Promise<void> {
    return this.#transport.closeWrite();
  }

  close(): void {
    this.#isClosed = true;
    this.#transport.close();
  }

  async setSignals(signals: OutputSignals): Promise<void> {
    await this.#checkOpen();
    this.#signals = { ...this.#signals, ...signals };
  }

  async getSignals(): Promise<LineSignals> {
    await this.#checkOpen();
    const { dtr = true, rts = true } = this.#signals;
    return { cts: false, dsr: false, dcd: false, ri: false, dtr, rts };
  }

  /** Nothing waits in a system that could be thrown away. */
  flush(_what: FlushWhat): Promise<void> {
    return this.#checkOpen();
  }

  async drain(): Promise<void> {
    await this.#checkOpen();
    await Promise.all(this.#writes);
  }

  async setBaudRate(baudRate: number): Promise<void> {
    await this.#checkOpen();
    this.#settings = { ...this.#settings, baudRate };
  }

  // deno-lint-ignore require-await -- so that it is a rejection
  async #checkOpen(): Promise<void> {
    if (this.#isClosed) throw new ClosedError("closed", `The line ${this.remoteAddress} was closed here`);
  }
}

function noop(): void {}
