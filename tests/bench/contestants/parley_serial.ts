/**
 * A serial line in the dialect `raw`, everything on.
 *
 * @module
 */
import { serial } from "../../../mod.ts";
import { Meter } from "../meter.ts";
import { timeRoundTrips } from "../round_trips.ts";
import type { Measured, Work } from "../row.ts";

export async function drive(path: string, work: Work): Promise<Measured | undefined> {
  const meter = new Meter(work);
  const message = new Uint8Array(work.messageBytes).fill(7);
  if (work.line === "read") {
    const port = await serial(path, {
      dialect: "raw",
      onReceive: (bytes) => void (meter.count += bytes.length / 1e6),
    });
    await port.send(message.subarray(0, 1));
    meter.start();
    return await meter.measured;
  }
  const port = await serial(path, { dialect: "raw" });
  if (work.line === "echo") return await timeRoundTrips(() => port.ask(message), work);
  for (;;) await port.send(message);
}
