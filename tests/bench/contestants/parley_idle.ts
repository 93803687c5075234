/**
 * Peers in the native dialect that have said hello and nothing since.
 *
 * @module
 */
import { connect, listen } from "../../../mod.ts";
import type { Measured, Work } from "../row.ts";
import { openMany } from "./open_many.ts";
import { FIRST_CONNECTIONS, ResidentMemory } from "./resident_memory.ts";

export async function serve(work: Work): Promise<{ address: string; measured: Promise<Measured> }> {
  const memory = new ResidentMemory(work.connections);
  const server = await listen("tcp://127.0.0.1:0", {
    maxPeers: FIRST_CONNECTIONS + work.connections,
    onConnect: () => memory.connected(),
  });
  return { address: server.address, measured: memory.measured };
}

export async function drive(address: string, work: Work): Promise<undefined> {
  await openMany(FIRST_CONNECTIONS + work.connections, () => connect(address));
}
