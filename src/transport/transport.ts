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
 *   `unreachable`, `unknown_host`, `timeout`, `no_such_path`, `permission`, `address_in_use`, `too_many_files`, `io`;
 *   of devices also `unplugged`, `busy`, `not_serial`, `not_ready`, `ambiguous`, `unsupported`, `wrong_device`.
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
  /** How many of those have arrived at the other side for sure. Absent where nobody tells. */
  readonly arrivedBytes?: number;
  /**
   * True where `closeWrite` only waits until all bytes have left, since the other side cannot be told: nobody needs
   * to wait for it to end its side then.
   */
  readonly isEndless?: boolean;
  /**
   * Resolves when the device is gone, also while nobody reads; `read` then rejects. Absent where only reading and
   * writing can tell.
   */
  readonly lost?: Promise<void>;
  /** Resolves when `close` has given everything back, where that takes a while. */
  readonly released?: Promise<void>;
  /** What kind of a line it is, where that matters to those that correct its errors. */
  readonly line?: LineFacts;
  /** The next bytes that arrived; `null` at the end. See the contract. */
  read(): Promise<Uint8Array | null>;
  /** Hands all of `bytes` to the system. See the contract. */
  write(bytes: Uint8Array): Promise<void>;
  /** Tells the other side that no more will come. See the contract. */
  closeWrite(): Promise<void>;
  /** Ends both directions at once. See the contract. */
  close(): void;
}

/** What is known of a line that may lose and change bytes. */
export interface LineFacts {
  /** Bits a second. */
  readonly baudRate: number;
  /** How it is set, for people: `115200 8N1`. */
  readonly text: string;
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
  /** Resolves when it is closed and what was accepted has ended, where more than that is then given back. */
  readonly released?: Promise<void>;
}

/** What opens the links of one client, one after the other: it may remember what it has opened. */
export interface Dialer {
  /**
   * Does before a `connect` what may take as long as it likes, such as asking somebody: the time limit of the `connect`
   * begins after it. @throws the signal's reason when it is aborted.
   */
  prepare?(signal: AbortSignal): Promise<void>;
  /** Opens a pipe. @throws {BrokenError} the world refused. @throws the signal's reason when it is aborted. */
  connect(options: { signal?: AbortSignal }): Promise<Transport>;
  /**
   * Resolves when there is something to open, such as a device that is plugged in again, or when the signal is
   * aborted. Absent where only trying can tell.
   */
  available?(signal: AbortSignal): Promise<void>;
  /**
   * Makes a transport of the kind that `connect` opens out of one that stands in for it, where the links of the dialer
   * can do more than a transport. Absent where any transport will do.
   */
  adopt?(standIn: Transport): Transport;
  /** How long opening may take at the least, whatever `limits.connectMs` says, in milliseconds. */
  readonly leastMs?: number;
  /** The longest wait between two attempts that makes sense, in milliseconds: trying a device costs nobody. */
  readonly retryMs?: number;
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
  listen?(address: Address, options?: object): Promise<Listener>;
  /** The names of the options of `connect` and `listen` that are for this kind alone. */
  readonly optionNames?: readonly string[];
  /**
   * Makes what opens the links of one client, for kinds that have options or remember something.
   *
   * @throws {UsageTypeError} {@linkcode UsageRangeError} an option or the address is wrong.
   */
  dialer?(address: Address, options: object): Dialer;
  /** True when bytes may get lost or change on the way: what cannot bear that is sent in packets that are checked. */
  readonly isNoisy?: boolean;
  /** The dialect that is spoken when nothing is said. Default `native`. */
  readonly dialect?: string;
}
