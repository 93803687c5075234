import { type Address, withPort } from "./address.ts";
import { broken } from "./failure.ts";
import { SocketListener, SocketTransport } from "./socket.ts";
import type { Transport, TransportKind } from "./transport.ts";

/** TCP sockets. Nagle's algorithm is off: with it a small answer may wait 40 ms for an acknowledgement. */
export const tcp: TransportKind = Object.freeze({
  about: "TCP",
  shape: "host-port",
  example: "tcp://127.0.0.1:16900",

  async connect(address: Address, { signal }: { signal?: AbortSignal }): Promise<Transport> {
    try {
      return wrap(await Deno.connect({ hostname: address.host, port: address.port, signal }));
    } catch (error) {
      if (signal?.aborted) throw signal.reason;
      throw broken(`Cannot connect to ${address.href}`, error);
    }
  },

  // deno-lint-ignore require-await -- the contract is asynchronous, for kinds that have to wait
  async listen(address: Address): Promise<SocketListener> {
    try {
      const listener = Deno.listen({ hostname: address.host, port: address.port });
      const { hostname, port } = listener.addr as Deno.NetAddr;
      return new SocketListener(listener, withPort(address, hostname, port), port, wrap);
    } catch (error) {
      throw broken(`Cannot listen on ${address.href}`, error);
    }
  },
});

function wrap(connection: Deno.Conn): SocketTransport {
  const socket = connection as Deno.TcpConn;
  socket.setNoDelay(true);
  socket.setKeepAlive(true);
  const remote = socket.remoteAddr;
  const isLocal = remote.hostname === "::1" || remote.hostname.startsWith("127.");
  return new SocketTransport(socket, `tcp://${hostPort(remote)}`, isLocal, localAddressOf);
}

function localAddressOf(connection: Deno.Conn): string {
  return `tcp://${hostPort(connection.localAddr as Deno.NetAddr)}`;
}

function hostPort({ hostname, port }: Deno.NetAddr): string {
  return `${hostname.includes(":") ? `[${hostname}]` : hostname}:${port}`;
}
