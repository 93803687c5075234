/**
 * What a transport is: one open pipe of bytes, and what opens one.
 *
 * @module
 */
import type { Address, AddressShape } from "./address.ts";

/**
 * One open byte pipe. It knows nothing of frames, messages or reconnecting.
 *
 * **The contract.**
 *
 * - `read` returns the bytes that have arrived, at least one; they are only good until the next `read`. `null`
 *   means that the other side will send no more, or that we closed: both end the read loop quietly, and only they
 *   do. One `read` at a time.
 * - `write` resolves when all bytes were handed to the system, which is what back-pressure is made of. Writes that
 *   are started while one is under way keep their order, never mix, and leave together in one piece. The bytes must
 *   stay as they are until it resolves. After a failure or a close every write rejects.
 * - `closeWrite` tells the other side that no more will come, and leaves reading open.
 * - `close` ends both directions at once: what is not written yet is lost, a `read` under way resolves with `null`,
 *   a `write` under way rejects with `ClosedError`. It never throws and may be called again.
 * - Whatever else goes wrong rejects with `BrokenError`, its `code` one of `refused`, `reset`, `broken_pipe`,
 *   `unreachable`, `unknown_host`, `timeout`, `no_such_path`, `permission`, `address_in_use`, `too_many_files`, `io`.
 *
 * `checkTransport` in `@parley/parley/testing` checks all of this on a transport of your own.
 */
export interface Transport {
  /** The other end as people read it, such as `tcp://127.0.0.1:50012`. */
  readonly remoteAddress: string;
  /** Our end of it. */
  readonly localAddress: string;
  /** True when the other end is on this machine and nobody in between can listen. */
  readonly isLocal: boolean;
  /**
   * How many bytes were handed to the system so far, also those of a write under way: tells a link that is slow from
   * one that stands still. Absent where that is not known.
   */
  readonly writtenBytes?: number;
  /** The next bytes that arrived; `null` at the end. See the contract. */
  read(): Promise<Uint8Array | null>;
  /** Hands all of `bytes` to the system. See the contract. */
  write(bytes: Uint8Array): Promise<void>;
  /** Tells the other side that no more will come. See the contract. */
  closeWrite(): Promise<void>;
  /** Ends both directions at once. See the contract. */
  close(): void;
}

/** Something that accepts transports. */
export interface Listener {
  /** Where it can be reached, with the port that the system chose. */
  readonly address: string;
  /** The port, where there are ports. */
  readonly port: number | undefined;
  /**
   * The next one that connects; `null` once closed. One `accept` at a time.
   *
   * @throws {BrokenError} the system refused, for example for want of file descriptors. It may be called again.
   */
  accept(): Promise<Transport | null>;
  /** Accepts no more; what was accepted lives on. It never throws and may be called again. */
  close(): void;
}

/** How one kind of transport is opened. */
export interface TransportKind {
  /** One line for help texts. */
  readonly about: string;
  /** What follows the scheme in its addresses. */
  readonly shape: AddressShape;
  /** An example of an address. */
  readonly example: string;
  /** Opens a pipe to `address`. @throws {BrokenError} the world refused. @throws the signal's reason when it is aborted. */
  connect(address: Address, options: { signal?: AbortSignal }): Promise<Transport>;
  /** Absent for kinds that cannot be listened on. @throws {BrokenError} the world refused. */
  listen?(address: Address): Promise<Listener>;
}
