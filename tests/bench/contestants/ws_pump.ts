/**
 * Messages in one direction on `ws`; the sender waits while more than 1 MiB is buffered.
 *
 * @module
 */
import { Meter } from "../meter.ts";
import type { Measured, Work } from "../row.ts";
import { wsConnect, wsListen } from "./ws.ts";

export async function serve(work: Work): Promise<{ address: string; measured: Promise<Measured> }> {
  const meter = new Meter(work);
  const { address } = await wsListen((socket) => {
    meter.start();
    socket.on("message", () => meter.count++);
  });
  return { address, measured: meter.measured };
}

export async function drive(address: string, work: Work): Promise<undefined> {
  const socket = await wsConnect(address);
  const message = new Uint8Array(work.messageBytes).fill(7);
  for (;;) {
    if (socket.bufferedAmount < HIGH_BYTES) socket.send(message);
    else await new Promise<void>((resolve) => socket.send(message, resolve));
  }
}

const HIGH_BYTES = 1024 * 1024;
