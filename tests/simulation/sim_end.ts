import { type BrokenError, ClosedError } from "../../src/errors.ts";
import type { Transport } from "../../src/transport/transport.ts";
import type { Machine } from "./machine.ts";
import type { SimPipe } from "./sim_pipe.ts";

/** One end of a link, as the library sees it. */
export class SimEnd implements Transport {
  readonly machine: Machine;
  readonly localAddress: string;
  readonly remoteAddress: string;
  readonly isLocal = true;
  readonly #incoming: SimPipe;
  readonly #outgoing: SimPipe;
  /** Settles with the last write. */
  #lastWrite: Promise<unknown> = Promise.resolve();
  #isClosed = false;
  #isBroken = false;

  constructor(machine: Machine, names: readonly [string, string], incoming: SimPipe, outgoing: SimPipe) {
    this.machine = machine;
    [this.localAddress, this.remoteAddress] = names;
    this.#incoming = incoming;
    this.#outgoing = outgoing;
  }

  get isClosed(): boolean {
    return this.#isClosed;
  }

  /** The system has learned that the link is broken. */
  broke(error: BrokenError): void {
    this.#isBroken = true;
    this.#incoming.failReading(error);
    this.#outgoing.breakWriting(error);
  }

  async read(): Promise<Uint8Array | null> {
    if (this.#isClosed) return null;
    const chunk = await this.#incoming.read();
    return this.#isClosed ? null : chunk;
  }

  write(bytes: Uint8Array): Promise<void> {
    const written = this.#lastWrite.then(() => this.#writeAll(bytes));
    this.#lastWrite = written.catch(() => {});
    return written;
  }

  async closeWrite(): Promise<void> {
    if (this.#isClosed) return;
    await this.#lastWrite;
    this.#outgoing.end();
  }

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    if (!this.#isBroken && this.#incoming.unreadBytes > 0) this.#outgoing.reset();
    else this.#outgoing.end();
    this.#incoming.stopReading();
  }

  async #writeAll(bytes: Uint8Array): Promise<void> {
    for (let at = 0; at < bytes.length;) {
      if (this.#isClosed) throw this.#closed();
      try {
        at += await this.#outgoing.writeSome(bytes.subarray(at));
      } catch (error) {
        throw this.#isClosed ? this.#closed() : error;
      }
    }
  }

  #closed(): ClosedError {
    return new ClosedError("closed", `Cannot write to ${this.remoteAddress}: the link was closed here`);
  }
}
