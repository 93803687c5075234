/**
 * Messages in one direction in the native dialect: a loop that awaits every `send`, and `onReceive`.
 *
 * @module
 */
import { connect, listen } from "../../../mod.ts";
import { Meter } from "../meter.ts";
import type { Measured, Work } from "../row.ts";

export async function serve(work: Work): Promise<{ address: string; measured: Promise<Measured> }> {
  const meter = new Meter(work);
  const server = await listen("tcp://127.0.0.1:0", {
    limits: limitsFor(work),
    onConnect: () => meter.start(),
    onReceive: () => void meter.count++,
  });
  return { address: server.address, measured: meter.measured };
}

export async function drive(address: string, work: Work): Promise<undefined> {
  const client = await connect(address, { limits: limitsFor(work) });
  const message = new Uint8Array(work.messageBytes).fill(7);
  for (;;) await client.send(message);
}

/** A frame may hold 1 MiB by default, its head included: a message of just that size needs a little more. */
function limitsFor(work: Work): { maxFrameBytes: number } {
  return { maxFrameBytes: Math.max(1024 * 1024, work.messageBytes + 1024) };
}
