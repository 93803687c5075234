/**
 * Requests on one connection while the others of the server are silent; the server measures itself.
 *
 * @module
 */
import { connect, listen } from "../../../mod.ts";
import type { Measured, Work } from "../row.ts";
import { CpuMeter } from "./cpu_meter.ts";
import { openMany } from "./open_many.ts";

export async function serve(work: Work): Promise<{ address: string; measured: Promise<Measured> }> {
  const meter = new CpuMeter(work);
  const server = await listen("tcp://127.0.0.1:0", { maxPeers: work.connections });
  server.onRequest("echo", (_call, argument) => {
    // By count, since opening many connections warms up the code as well, and opening ten does not.
    if (++meter.count === WARM_UP_REQUESTS) meter.start();
    return argument;
  });
  return { address: server.address, measured: meter.measured };
}

export async function drive(address: string, work: Work): Promise<undefined> {
  await openMany(work.connections - 1, () => connect(address));
  const client = await connect(address);
  const args = [new Uint8Array(work.messageBytes).fill(7)];
  const loop = async (): Promise<never> => {
    for (;;) await client.request("echo", args);
  };
  await Promise.all(Array.from({ length: work.inFlight }, loop));
}

const WARM_UP_REQUESTS = 50_000;
