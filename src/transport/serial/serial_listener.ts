import type { LineFacts, Listener, Transport } from "../transport.ts";
import { pauseUnless, type SerialDialer } from "./serial_dialer.ts";
import type { SerialLine } from "./serial_line.ts";

/**
 * A serial line as something that is listened on: its one peer is whatever is at the other end. When the device is
 * unplugged and comes back, that is the next peer.
 */
export class SerialListener implements Listener {
  readonly port = undefined;
  readonly #dialer: SerialDialer;
  readonly #stop = new AbortController();
  readonly #stopped = new Promise<void>((resolve) => {
    this.#stop.signal.addEventListener("abort", () => resolve());
  });
  #first: SerialLine | undefined;
  /** Why it did not open the last time, as it was told. */
  #told: string | undefined;
  /** Settles when the line that was accepted last has ended. */
  #ended: Promise<void> = Promise.resolve();

  /** @param first The line, open already: so that starting to listen tells what is wrong with it. */
  constructor(dialer: SerialDialer, first: SerialLine) {
    this.#dialer = dialer;
    this.#first = first;
  }

  get address(): string {
    return this.#dialer.line!.remoteAddress;
  }

  async accept(): Promise<Transport | null> {
    const { signal } = this.#stop;
    await Promise.race([this.#ended, this.#stopped]);
    if (signal.aborted) return null;
    const line = this.#first ?? await this.#open(signal);
    this.#first = undefined;
    if (line === undefined) return null;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#ended = promise;
    return new AcceptedLine(line, resolve);
  }

  close(): void {
    this.#stop.abort();
    this.#first?.close();
    this.#first = undefined;
  }

  /**
   * Opens the line when it is there, `undefined` once closed. Another program may have it for hours: so it is tried now
   * and then, and told once. Each try is felt by the device, whose DTR is raised.
   *
   * @throws what opening throws, unless that is what was thrown before.
   */
  async #open(signal: AbortSignal): Promise<SerialLine | undefined> {
    for (;;) {
      if (this.#told !== undefined) await pauseUnless(signal, this.#dialer.retryMs);
      if (!signal.aborted) await this.#dialer.available(signal);
      if (signal.aborted) return undefined;
      try {
        const line = await this.#dialer.connect({ signal });
        this.#told = undefined;
        return line;
      } catch (error) {
        if (signal.aborted) return undefined;
        const text = String(error);
        if (text === this.#told) continue;
        this.#told = text;
        throw error;
      }
    }
  }
}

/** A line that tells when it is closed. */
class AcceptedLine implements Transport {
  readonly isLocal = true;
  readonly isEndless = true;
  readonly #line: SerialLine;
  readonly #ended: () => void;

  constructor(line: SerialLine, ended: () => void) {
    this.#line = line;
    this.#ended = ended;
  }

  get remoteAddress(): string {
    return this.#line.remoteAddress;
  }

  get localAddress(): string {
    return this.#line.localAddress;
  }

  get line(): LineFacts | undefined {
    return this.#line.line;
  }

  get lost(): Promise<void> | undefined {
    return this.#line.lost;
  }

  get released(): Promise<void> | undefined {
    return this.#line.released;
  }

  get writtenBytes(): number {
    return this.#line.writtenBytes ?? 0;
  }

  read(): Promise<Uint8Array | null> {
    return this.#line.read();
  }

  write(bytes: Uint8Array): Promise<void> {
    return this.#line.write(bytes);
  }

  closeWrite(): Promise<void> {
    return this.#line.closeWrite();
  }

  close(): void {
    this.#line.close();
    this.#ended();
  }
}
