import { AcceptQueue } from "./accept_queue.ts";
import { BrokenError, ClosedError } from "../errors.ts";
import type { Address } from "./address.ts";
import type { Listener, Transport, TransportKind } from "./transport.ts";
import { WriteQueue } from "./write_queue.ts";

/** Options of {@linkcode memoryPair}. */
export interface MemoryPairOptions {
  /** Largest chunk that one `read` returns, in bytes: 1 shows what a slow line does to a decoder. Default 65,536. */
  chunkBytes?: number;
  /** Bytes that may wait unread before a write has to wait, per direction. Default 1,048,576. */
  capacityBytes?: number;
  /** Names of the two ends in messages. Default `memory://a` and `memory://b`. */
  names?: readonly [string, string];
}

/**
 * Two transports that are each other's other end, in memory: for tests, and for programs that talk to themselves.
 *
 * @example
 * ```ts
 * import { memoryPair } from "@parley/parley";
 * import assert from "node:assert/strict";
 *
 * const [a, b] = memoryPair();
 * await a.write(new TextEncoder().encode("hello"));
 * assert.equal(new TextDecoder().decode((await b.read())!), "hello");
 * a.close();
 * assert.equal(await b.read(), null);
 * b.close();
 * ```
 */
export function memoryPair(options: MemoryPairOptions = {}): [Transport, Transport] {
  const { chunkBytes = 65_536, capacityBytes = 1_048_576, names = ["memory://a", "memory://b"] } = options;
  const there = new Pipe(names[1], chunkBytes, capacityBytes);
  const back = new Pipe(names[0], chunkBytes, capacityBytes);
  return [new MemoryTransport(names, back, there), new MemoryTransport([names[1], names[0]], there, back)];
}

/** One direction: bytes that were written and not read yet. */
class Pipe {
  readonly #to: string;
  readonly #chunkBytes: number;
  readonly #capacityBytes: number;
  #chunks: Uint8Array[] = [];
  #bytes = 0;
  #ended = false;
  #reader: (() => void) | undefined;
  #writer: (() => void) | undefined;

  constructor(to: string, chunkBytes: number, capacityBytes: number) {
    this.#to = to;
    this.#chunkBytes = chunkBytes;
    this.#capacityBytes = capacityBytes;
  }

  async read(): Promise<Uint8Array | null> {
    while (this.#chunks.length === 0) {
      if (this.#ended) return null;
      await new Promise<void>((resolve) => this.#reader = resolve);
    }
    const first = this.#chunks[0];
    const taken = first.subarray(0, this.#chunkBytes);
    if (taken.length === first.length) this.#chunks.shift();
    else this.#chunks[0] = first.subarray(taken.length);
    this.#bytes -= taken.length;
    this.#wakeWriter();
    return taken;
  }

  /** Takes as many bytes as there is room for, as a socket does. */
  async write(bytes: Uint8Array): Promise<number> {
    while (this.#bytes >= this.#capacityBytes && !this.#ended) {
      await new Promise<void>((resolve) => this.#writer = resolve);
    }
    if (this.#ended) {
      const why = "the other side has closed the connection";
      throw new BrokenError("broken_pipe", `Cannot write to ${this.#to}: ${why}`);
    }
    const taken = bytes.slice(0, this.#capacityBytes - this.#bytes);
    this.#chunks.push(taken);
    this.#bytes += taken.length;
    this.#wakeReader();
    return taken.length;
  }

  /** No more will be written. */
  end(): void {
    this.#ended = true;
    this.#wakeReader();
    this.#wakeWriter();
  }

  /** Nobody will read any more. */
  break(): void {
    this.#chunks = [];
    this.#bytes = 0;
    this.end();
  }

  #wakeReader(): void {
    const wake = this.#reader;
    this.#reader = undefined;
    wake?.();
  }

  #wakeWriter(): void {
    const wake = this.#writer;
    this.#writer = undefined;
    wake?.();
  }
}

class MemoryTransport implements Transport {
  readonly localAddress: string;
  readonly remoteAddress: string;
  readonly isLocal = true;
  readonly #incoming: Pipe;
  readonly #outgoing: Pipe;
  readonly #queue: WriteQueue;
  #closed = false;

  constructor(names: readonly [string, string], incoming: Pipe, outgoing: Pipe) {
    [this.localAddress, this.remoteAddress] = names;
    this.#incoming = incoming;
    this.#outgoing = outgoing;
    this.#queue = new WriteQueue(outgoing);
  }

  async read(): Promise<Uint8Array | null> {
    if (this.#closed) return null;
    const chunk = await this.#incoming.read();
    return this.#closed ? null : chunk;
  }

  get writtenBytes(): number {
    return this.#queue.written;
  }

  write(bytes: Uint8Array): Promise<void> {
    return this.#queue.write(bytes);
  }

  async closeWrite(): Promise<void> {
    if (this.#closed) return;
    await this.#queue.idle().catch(() => {}); // the other side may be gone: then there is nobody to tell
    this.#outgoing.end();
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#queue.end(
      new ClosedError("closed", `Cannot write to ${this.remoteAddress}: the link was closed here`),
    );
    this.#outgoing.end();
    this.#incoming.break();
  }
}

/** Names that are listened on: the address space of `memory://`, as the system keeps one of ports. */
class MemoryNetwork implements TransportKind {
  readonly about = "inside this process";
  readonly shape = "name";
  readonly example = "memory://name";
  readonly #listeners = new Map<string, MemoryListener>();

  // deno-lint-ignore require-await -- the contract is asynchronous
  async connect(address: Address, { signal }: { signal?: AbortSignal }): Promise<Transport> {
    signal?.throwIfAborted();
    const listener = this.#listeners.get(address.path);
    if (listener !== undefined) return listener.dial();
    const why = "nothing in this process listens there";
    throw new BrokenError("refused", `Cannot connect to ${address.href}: connection refused; ${why}`);
  }

  // deno-lint-ignore require-await -- the contract is asynchronous
  async listen(address: Address): Promise<Listener> {
    if (this.#listeners.has(address.path)) {
      const why = "the name is in use in this process; choose another";
      throw new BrokenError("address_in_use", `Cannot listen on ${address.href}: ${why}`);
    }
    const listener = new MemoryListener(address.href, () => this.#listeners.delete(address.path));
    this.#listeners.set(address.path, listener);
    return listener;
  }
}

class MemoryListener implements Listener {
  readonly address: string;
  readonly port = undefined;
  readonly #forget: () => void;
  readonly #queue = new AcceptQueue();

  constructor(address: string, forget: () => void) {
    this.address = address;
    this.#forget = forget;
  }

  dial(): Transport {
    const [ours, theirs] = memoryPair({ names: [`${this.address}#client`, this.address] });
    this.#queue.push(theirs);
    return ours;
  }

  accept(): Promise<Transport | null> {
    return this.#queue.next();
  }

  close(): void {
    if (this.#queue.close()) this.#forget();
  }
}

/** Links inside this process. The names of one process are one space, wherever in it they are used. */
export const memory: TransportKind = new MemoryNetwork();
