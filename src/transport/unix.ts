import type { Address } from "./address.ts";
import { broken } from "./failure.ts";
import { SocketListener, SocketTransport } from "./socket.ts";
import type { Transport, TransportKind } from "./transport.ts";

/** Unix sockets: a file that programs on this machine connect to. */
export const unix: TransportKind = Object.freeze({
  about: "Unix socket",
  shape: "path",
  example: "unix:///tmp/parley.sock",

  async connect(address: Address, { signal }: { signal?: AbortSignal }): Promise<Transport> {
    try {
      const connection = await Deno.connect({ transport: "unix", path: address.path });
      if (signal?.aborted) {
        connection.close();
        throw signal.reason;
      }
      return wrap(connection, address.href);
    } catch (error) {
      if (signal?.aborted) throw signal.reason;
      throw broken(`Cannot connect to ${address.href}`, error);
    }
  },

  async listen(address: Address): Promise<SocketListener> {
    try {
      return listenOn(address);
    } catch (error) {
      if (!(error instanceof Deno.errors.AddrInUse) || !await isAbandoned(address.path)) {
        throw broken(`Cannot listen on ${address.href}`, error);
      }
    }
    // A program that was killed leaves its socket file behind; nobody answers on it, so it may go.
    try {
      await Deno.remove(address.path);
      return listenOn(address);
    } catch (error) {
      throw broken(`Cannot listen on ${address.href}`, error);
    }
  },
});

function listenOn(address: Address): SocketListener {
  const listener = Deno.listen({ transport: "unix", path: address.path });
  return new SocketListener(
    listener,
    address.href,
    undefined,
    (connection) => wrap(connection, address.href),
  );
}

async function isAbandoned(path: string): Promise<boolean> {
  try {
    if (!(await Deno.lstat(path)).isSocket) return false; // never remove a file that is something else
    (await Deno.connect({ transport: "unix", path })).close();
    return false;
  } catch (error) {
    return error instanceof Deno.errors.ConnectionRefused;
  }
}

function wrap(connection: Deno.Conn, href: string): SocketTransport {
  return new SocketTransport(connection, href, true, () => href);
}
