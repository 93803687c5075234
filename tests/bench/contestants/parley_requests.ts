/**
 * Requests in the native dialect, answered with what they carried, everything on.
 *
 * @module
 */
import { connect, listen } from "../../../mod.ts";
import { Meter } from "../meter.ts";
import { timeRoundTrips } from "../round_trips.ts";
import type { Measured, Work } from "../row.ts";

export async function serve(): Promise<{ address: string }> {
  const server = await listen("tcp://127.0.0.1:0");
  server.onRequest("echo", (_call, argument) => argument);
  server.onRequest("list", (_call, ...args) => args);
  return { address: server.address };
}

export async function drive(address: string, work: Work): Promise<Measured> {
  const client = await connect(address, work.session ? { reconnect: true } : {});
  const [name, args] = callOf(work);
  const request = (): Promise<unknown> => client.request(name, args);
  if (work.inFlight === 1) return await timeRoundTrips(request, work);
  const meter = new Meter(work);
  const loop = async (): Promise<void> => {
    for (;;) {
      await request();
      meter.count++;
    }
  };
  for (let i = 0; i < work.inFlight; i++) loop();
  meter.start();
  return await meter.measured;
}

function callOf(work: Work): [name: string, args: unknown[]] {
  const bytes = new Uint8Array(work.messageBytes).fill(7);
  switch (work.argument) {
    case "bytes":
      return ["echo", [bytes]];
    case "list":
      return ["list", [12345, bytes]];
    case "object":
      return ["echo", [{ id: 12345, name: "drone-07", at: [50.4501, 30.5234], battery: 87, armed: true }]];
  }
}
