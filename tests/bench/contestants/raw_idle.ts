/**
 * Connections that are accepted and never read from.
 *
 * @module
 */
import type { Measured, Work } from "../row.ts";
import { openMany } from "./open_many.ts";
import { rawConnect, rawListen } from "./raw_listen.ts";
import { FIRST_CONNECTIONS, ResidentMemory } from "./resident_memory.ts";

export function serve(work: Work): Promise<{ address: string; measured: Promise<Measured> }> {
  const memory = new ResidentMemory(work.connections);
  const open: Deno.Conn[] = [];
  const { address } = rawListen((connection) => {
    open.push(connection);
    memory.connected();
  });
  return Promise.resolve({ address, measured: memory.measured });
}

export async function drive(address: string, work: Work): Promise<undefined> {
  await openMany(FIRST_CONNECTIONS + work.connections, () => rawConnect(address));
}
