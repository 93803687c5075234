/**
 * Requests over the broker, answered by another of its clients with what they carried.
 *
 * @module
 */
import { Meter } from "../meter.ts";
import { timeRoundTrips } from "../round_trips.ts";
import type { Measured, Work } from "../row.ts";
import { natsConnect } from "./nats.ts";
import { startNatsServer } from "./nats_server.ts";

export async function serve(): Promise<{ address: string }> {
  const address = await startNatsServer();
  const connection = await natsConnect(address);
  connection.subscribe("echo", { callback: (_error, message) => void message.respond(message.data) });
  await connection.flush();
  return { address };
}

export async function drive(address: string, work: Work): Promise<Measured> {
  const connection = await natsConnect(address);
  const message = new Uint8Array(work.messageBytes).fill(7);
  const request = (): Promise<unknown> => connection.request("echo", message);
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
