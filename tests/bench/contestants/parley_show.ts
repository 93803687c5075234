/**
 * Requests in the dialect `clever-show`, everything on.
 *
 * @module
 */
import { connect, listen } from "../../../mod.ts";
import { Meter } from "../meter.ts";
import type { Measured, Work } from "../row.ts";

export async function serve(): Promise<{ address: string }> {
  const server = await listen("tcp://127.0.0.1:0", { dialect: "clever-show" });
  server.onRequest("echo", (_call, argument) => argument);
  return { address: server.address };
}

export async function drive(address: string, work: Work): Promise<Measured> {
  const client = await connect(address, { dialect: "clever-show" });
  const value = "x".repeat(work.messageBytes);
  const meter = new Meter(work);
  const loop = async (): Promise<void> => {
    for (;;) {
      await client.request("echo", [value]);
      meter.count++;
    }
  };
  for (let i = 0; i < work.inFlight; i++) loop();
  meter.start();
  return await meter.measured;
}
