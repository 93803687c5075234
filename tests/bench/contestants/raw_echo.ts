/**
 * The least that a round trip takes: what was read is written back.
 *
 * @module
 */
import { timeRoundTrips } from "../round_trips.ts";
import type { Measured, Work } from "../row.ts";
import { rawConnect, rawListen } from "./raw_listen.ts";

export function serve(): Promise<{ address: string }> {
  return Promise.resolve(rawListen(echo));
}

export async function drive(address: string, work: Work): Promise<Measured> {
  const connection = await rawConnect(address);
  const message = new Uint8Array(work.messageBytes).fill(7);
  const buffer = new Uint8Array(64 * 1024);
  return await timeRoundTrips(async () => {
    await connection.write(message);
    for (let got = 0; got < message.length;) got += await connection.read(buffer) ?? Infinity;
  }, work);
}

async function echo(connection: Deno.Conn): Promise<void> {
  const buffer = new Uint8Array(64 * 1024);
  for (;;) {
    const count = await connection.read(buffer);
    if (count === null) return;
    await connection.write(buffer.subarray(0, count));
  }
}
