/**
 * `server.broadcast` in the dialect `lines`, whose messages are their text and one LF.
 *
 * @module
 */
import { listen } from "../../../mod.ts";
import type { Measured, Work } from "../row.ts";
import { joinAddresses, publisher } from "./publisher.ts";
import { countOnAll } from "./sinks.ts";

export async function serve(work: Work): Promise<{ address: string }> {
  const message = "x".repeat(work.messageBytes - 1);
  const { address: control, arrived } = publisher(work.connections, () => void server.broadcast(message));
  const server = await listen("tcp://127.0.0.1:0", {
    dialect: "lines",
    maxPeers: work.connections,
    onConnect: arrived,
  });
  return { address: joinAddresses(server.address, control) };
}

export function drive(address: string, work: Work): Promise<Measured> {
  return countOnAll(address, work, work.messageBytes);
}
