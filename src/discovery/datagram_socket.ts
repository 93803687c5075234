import type { Socket } from "node:dgram";
import type { BrokenError } from "../errors.ts";
import { broken } from "../transport/failure.ts";

/** A UDP socket for IPv4, bound. */
export class DatagramSocket {
  /** The port that it is bound to. */
  readonly port: number;
  readonly #socket: Socket;
  #isClosed = false;

  private constructor(socket: Socket) {
    this.#socket = socket;
    this.port = socket.address().port;
  }

  /**
   * Binds to `host` and `port`; several programs may listen on the same port, so that each of them hears a broadcast.
   *
   * @throws {BrokenError} `address_in_use` by a program that does not share it, `permission`, `unreachable`.
   */
  static async bind(host: string, port: number): Promise<DatagramSocket> {
    const { createSocket } = await import("node:dgram"); // most programs need none of it
    const socket = createSocket({ type: "udp4", reuseAddr: true });
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    socket.once("error", reject);
    try {
      socket.bind({ address: host, port }, resolve);
      await promise;
    } catch (error) {
      close(socket);
      throw broken(`Cannot listen for datagrams on ${host}:${port}`, error);
    }
    socket.off("error", reject);
    return new DatagramSocket(socket);
  }

  /** Calls `heard` with each datagram and the address of its sender; it is only good during the call. */
  listen(heard: (datagram: Uint8Array, from: string) => void, failed: (error: BrokenError) => void): void {
    this.#socket.on(
      "message",
      (datagram: Uint8Array, { address }: { address: string }) => heard(datagram, address),
    );
    this.#socket.on("error", (error: unknown) => failed(broken("Cannot receive datagrams", error)));
  }

  /** Lets datagrams to broadcast addresses out. */
  allowBroadcast(): void {
    this.#socket.setBroadcast(true);
  }

  /** Sends one datagram. @throws {BrokenError} it did not leave. */
  async send(datagram: Uint8Array, host: string, port: number): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    try {
      this.#socket.send(datagram, port, host, (error: unknown) => error ? reject(error) : resolve());
      await promise;
    } catch (error) {
      throw broken(`Cannot send a datagram to ${host}:${port}`, error);
    }
  }

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    close(this.#socket);
  }
}

function close(socket: Socket): void {
  try {
    socket.close();
  } catch {
    // It was not open.
  }
}
