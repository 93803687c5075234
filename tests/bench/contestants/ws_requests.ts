/**
 * An echo on `ws`: no ids, answers in the order of the messages.
 *
 * @module
 */
import { Meter } from "../meter.ts";
import { timeRoundTrips } from "../round_trips.ts";
import type { Measured, Work } from "../row.ts";
import { wsConnect, wsListen } from "./ws.ts";

export function serve(): Promise<{ address: string }> {
  return wsListen((socket) => socket.on("message", (data) => socket.send(data)));
}

export async function drive(address: string, work: Work): Promise<Measured> {
  const socket = await wsConnect(address);
  const message = new Uint8Array(work.messageBytes).fill(7);
  if (work.inFlight === 1) {
    let answered = (): void => {};
    socket.on("message", () => answered());
    const roundTrip = (): Promise<void> =>
      new Promise((resolve) => {
        answered = resolve;
        socket.send(message);
      });
    return await timeRoundTrips(roundTrip, work);
  }
  const meter = new Meter(work);
  socket.on("message", () => {
    meter.count++;
    socket.send(message);
  });
  for (let i = 0; i < work.inFlight; i++) socket.send(message);
  meter.start();
  return await meter.measured;
}
