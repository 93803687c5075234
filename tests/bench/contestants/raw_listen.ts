/** Listens on a port that the system chooses and calls `serve` with each connection. Returns the address. */
export function rawListen(serve: (connection: Deno.TcpConn) => void): { address: string } {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  accept(listener, serve);
  return { address: `tcp://127.0.0.1:${listener.addr.port}` };
}

/** Connects to what `rawListen` gave. */
export async function rawConnect(address: string): Promise<Deno.TcpConn> {
  const connection = await Deno.connect({ hostname: "127.0.0.1", port: Number(new URL(address).port) });
  connection.setNoDelay(true);
  return connection;
}

async function accept(listener: Deno.TcpListener, serve: (connection: Deno.TcpConn) => void): Promise<void> {
  for await (const connection of listener) {
    connection.setNoDelay(true);
    serve(connection);
  }
}
