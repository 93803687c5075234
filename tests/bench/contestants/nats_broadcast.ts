/**
 * One publisher, and the broker sends each message to every connection that subscribed.
 *
 * @module
 */
import type { Measured, Work } from "../row.ts";
import { natsConnect } from "./nats.ts";
import { startNatsServer } from "./nats_server.ts";
import { joinAddresses, publisher } from "./publisher.ts";
import { countOnAll } from "./sinks.ts";

export async function serve(work: Work): Promise<{ address: string }> {
  const address = await startNatsServer();
  const connection = await natsConnect(address);
  const message = new Uint8Array(work.messageBytes).fill(7);
  const { address: control, arrived } = publisher(
    work.connections,
    () => connection.publish(SUBJECT, message),
  );
  connection.subscribe("arrived", { callback: arrived });
  await connection.flush();
  return { address: joinAddresses(address, control) };
}

export function drive(address: string, work: Work): Promise<Measured> {
  const head = `MSG ${SUBJECT} 1 ${work.messageBytes}\r\n`;
  return countOnAll(address, work, head.length + work.messageBytes + "\r\n".length, subscribe);
}

const SUBJECT = "all";

/** The greeting by hand, so that all contestants have the same clients. */
async function subscribe(connection: Deno.Conn): Promise<void> {
  const greeting = `CONNECT {"verbose":false}\r\nSUB ${SUBJECT} 1\r\nPING\r\n`;
  await connection.write(new TextEncoder().encode(greeting));
  const buffer = new Uint8Array(4096);
  for (let text = ""; !text.includes("PONG\r\n");) {
    const count = await connection.read(buffer);
    if (count === null) throw new Error(`The broker closed the connection during its greeting: ${text}`);
    text += new TextDecoder().decode(buffer.subarray(0, count));
  }
  await connection.write(new TextEncoder().encode("PUB arrived 0\r\n\r\n"));
}
