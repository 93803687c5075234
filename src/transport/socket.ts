import { ClosedError } from "../errors.ts";
import { broken } from "./failure.ts";
import { ReadMemory } from "./read_memory.ts";
import type { Listener, Transport } from "./transport.ts";
import { WriteQueue } from "./write_queue.ts";

/** What TCP and Unix sockets have in common: one `Deno.Conn` as a transport. */
export class SocketTransport implements Transport {
  readonly remoteAddress: string;
  readonly isLocal: boolean;
  readonly #localAddressOf: (connection: Deno.Conn) => string;
  readonly #connection: Deno.Conn;
  readonly #memory = new ReadMemory();
  readonly #queue: WriteQueue;
  #closed = false;

  constructor(
    connection: Deno.Conn,
    remoteAddress: string,
    isLocal: boolean,
    localAddressOf: (connection: Deno.Conn) => string,
  ) {
    this.#connection = connection;
    this.remoteAddress = remoteAddress;
    this.isLocal = isLocal;
    this.#localAddressOf = localAddressOf;
    this.#queue = new WriteQueue(connection);
  }

  get localAddress(): string {
    return this.#localAddressOf(this.#connection);
  }

  get writtenBytes(): number {
    return this.#queue.written;
  }

  // No asynchronous function: most connections wait in here most of the time, and each would hold one.
  read(): Promise<Uint8Array | null> {
    if (this.#closed) return Promise.resolve(null);
    return this.#connection.read(this.#memory.bytes).then(this.#took, this.#failed);
  }

  readonly #took = (count: number | null): Uint8Array | null => {
    return count === null || this.#closed ? null : this.#memory.took(count);
  };

  readonly #failed = (error: unknown): null => {
    if (this.#closed) return null; // our own close interrupts the read: no news
    throw broken(`Cannot read from ${this.remoteAddress}`, error);
  };

  write(bytes: Uint8Array): Promise<void> {
    return this.#queue.write(bytes).catch((error) => {
      if (error instanceof ClosedError) throw error;
      throw this.#closed ? this.#closedError() : broken(`Cannot write to ${this.remoteAddress}`, error);
    });
  }

  async closeWrite(): Promise<void> {
    if (this.#closed) return;
    try {
      await this.#queue.idle();
      await this.#connection.closeWrite();
    } catch {
      // The other side may be gone already; then there is nobody to tell.
    }
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#queue.end(this.#closedError());
    try {
      this.#connection.close();
    } catch {
      // Closed by the system before us.
    }
  }

  #closedError(): ClosedError {
    return new ClosedError("closed", `Cannot write to ${this.remoteAddress}: the link was closed here`);
  }
}

/** What TCP and Unix sockets have in common when they are listened on. */
export class SocketListener implements Listener {
  readonly address: string;
  readonly port: number | undefined;
  readonly #listener: Deno.Listener;
  readonly #wrap: (connection: Deno.Conn) => Transport;
  #closed = false;

  constructor(
    listener: Deno.Listener,
    address: string,
    port: number | undefined,
    wrap: (connection: Deno.Conn) => Transport,
  ) {
    this.#listener = listener;
    this.address = address;
    this.port = port;
    this.#wrap = wrap;
  }

  async accept(): Promise<Transport | null> {
    for (;;) {
      if (this.#closed) return null;
      try {
        return this.#open(await this.#listener.accept());
      } catch (error) {
        if (this.#closed) return null;
        // Whoever connected was gone before we looked: that says nothing about the next one.
        if (isGone(error)) continue;
        throw broken(`Cannot accept on ${this.address}`, error);
      }
    }
  }

  #open(connection: Deno.Conn): Transport {
    try {
      return this.#wrap(connection);
    } catch (error) {
      connection.close();
      throw error;
    }
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    try {
      this.#listener.close();
    } catch {
      // Closed by the system before us.
    }
  }
}

function isGone(error: unknown): boolean {
  const { code } = error as { code?: string };
  return code === "ENOTCONN" || code === "ECONNABORTED" || code === "ECONNRESET";
}
