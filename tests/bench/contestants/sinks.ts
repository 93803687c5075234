import { Meter } from "../meter.ts";
import type { Measured, Work } from "../row.ts";
import { openMany } from "./open_many.ts";
import { crediting, splitAddresses } from "./publisher.ts";
import { rawConnect } from "./raw_listen.ts";

/** Opens all connections and counts the messages that arrive on them by their bytes on the wire. */
export async function countOnAll(
  addresses: string,
  work: Work,
  bytesOnWire: number,
  greet?: (connection: Deno.Conn) => Promise<void>,
): Promise<Measured> {
  const [server, control] = splitAddresses(addresses);
  const meter = new Meter(work);
  const credit = await crediting(control, work.connections);
  // All reads share one buffer, since nobody looks at what is in it.
  const buffer = new Uint8Array(64 * 1024);
  const drain = async (connection: Deno.Conn): Promise<void> => {
    for (;;) {
      const bytes = await connection.read(buffer);
      if (bytes === null) return;
      meter.count += bytes / bytesOnWire;
      credit(bytes / bytesOnWire);
    }
  };
  await openMany(work.connections, async () => {
    const connection = await rawConnect(server);
    await greet?.(connection);
    drain(connection);
  });
  meter.start();
  return await meter.measured;
}
