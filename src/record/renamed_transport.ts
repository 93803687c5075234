import type { Transport } from "../transport/transport.ts";

/** A transport within this process that is known by the address of the one it stands in for. */
export class RenamedTransport implements Transport {
  readonly isLocal = true;
  /** The address that it stands in for. */
  readonly remoteAddress: string;
  readonly #transport: Transport;

  /** The same transport, as one to `remoteAddress`. */
  constructor(transport: Transport, remoteAddress: string) {
    this.#transport = transport;
    this.remoteAddress = remoteAddress;
  }

  /** Our end. */
  get localAddress(): string {
    return this.#transport.localAddress;
  }

  /** How many bytes the other end has taken. */
  get writtenBytes(): number | undefined {
    return this.#transport.writtenBytes;
  }

  /** The next bytes of the other side. */
  read(): Promise<Uint8Array | null> {
    return this.#transport.read();
  }

  /** Says something to the other side. */
  write(bytes: Uint8Array): Promise<void> {
    return this.#transport.write(bytes);
  }

  /** We say no more. */
  closeWrite(): Promise<void> {
    return this.#transport.closeWrite();
  }

  /** Ends the link. */
  close(): void {
    this.#transport.close();
  }
}
