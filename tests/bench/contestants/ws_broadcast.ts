/**
 * The same message sent to every socket of `ws`, as its documentation broadcasts.
 *
 * @module
 */
import type { Measured, Work } from "../row.ts";
import { joinAddresses, publisher } from "./publisher.ts";
import { countOnAll } from "./sinks.ts";
import { wsListen, type WsSocket } from "./ws.ts";

export async function serve(work: Work): Promise<{ address: string }> {
  const sockets: WsSocket[] = [];
  const message = new Uint8Array(work.messageBytes).fill(7);
  const { address: control, arrived } = publisher(work.connections, () => {
    for (const socket of sockets) socket.send(message);
  });
  const { address } = await wsListen((socket) => {
    sockets.push(socket);
    arrived();
  });
  return { address: joinAddresses(address, control) };
}

export function drive(address: string, work: Work): Promise<Measured> {
  return countOnAll(address, work, work.messageBytes + FRAME_HEAD_BYTES, upgrade);
}

/** The greeting by hand, so that all contestants have the same clients. */
async function upgrade(connection: Deno.Conn): Promise<void> {
  await connection.write(new TextEncoder().encode(
    "GET / HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n" +
      "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n",
  ));
  const buffer = new Uint8Array(1024);
  for (let text = ""; !text.endsWith("\r\n\r\n");) {
    const count = await connection.read(buffer);
    if (count === null) throw new Error("The server closed the connection during the WebSocket greeting");
    text += new TextDecoder().decode(buffer.subarray(0, count));
  }
}

const FRAME_HEAD_BYTES = 2;
