/**
 * The part of npm's `ws` that the bench uses. It is loaded by a computed name and without the lock file, so that
 * the library itself never depends on it.
 *
 * @module
 */

/** A connection of `ws`. */
export interface WsSocket {
  readonly bufferedAmount: number;
  send(data: Uint8Array, done?: () => void): void;
  on(event: "message", listener: (data: Uint8Array) => void): void;
  once(event: "open" | "error", listener: (error?: Error) => void): void;
}

interface WsServer {
  on(event: "connection", listener: (socket: WsSocket) => void): void;
  once(event: "listening", listener: () => void): void;
  address(): { port: number };
}

interface WsModule {
  WebSocket: new (address: string, options: object) => WsSocket;
  WebSocketServer: new (options: object) => WsServer;
}

/** What children need in front of their script to load it. */
export const WS_FLAGS: readonly string[] = ["--no-lock"];
const PACKAGE = "npm:ws@8.23.0";

/** Listens; `onSocket` is called with each connection. */
export async function wsListen(onSocket: (socket: WsSocket) => void): Promise<{ address: string }> {
  const { WebSocketServer }: WsModule = await import(PACKAGE);
  const server = new WebSocketServer({ host: "127.0.0.1", port: 0, perMessageDeflate: false });
  server.on("connection", onSocket);
  await new Promise<void>((resolve) => server.once("listening", resolve));
  return { address: `ws://127.0.0.1:${server.address().port}` };
}

/** Connects to what `wsListen` gave. */
export async function wsConnect(address: string): Promise<WsSocket> {
  const { WebSocket }: WsModule = await import(PACKAGE);
  const socket = new WebSocket(address, { perMessageDeflate: false });
  await new Promise<void>((resolve, reject) => {
    socket.once("open", () => resolve());
    socket.once("error", reject);
  });
  return socket;
}
