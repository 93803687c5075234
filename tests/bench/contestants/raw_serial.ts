/**
 * The most that a serial line can do: reads and writes that wait inside the system, with the thread of the program.
 *
 * @module
 */
import { timeRoundTrips } from "../round_trips.ts";
import type { Measured, Work } from "../row.ts";
import { LineCalls } from "./line_calls.ts";

const BLOCK_BYTES = 64 * 1024;

export async function drive(path: string, work: Work): Promise<Measured | undefined> {
  const calls = new LineCalls();
  const fd = calls.open(path);
  const message = new Uint8Array(work.messageBytes).fill(7);
  const memory = new Uint8Array(BLOCK_BYTES);
  if (work.line === "write") {
    while (calls.writeAll(fd, message));
    return undefined;
  }
  if (work.line === "read") {
    calls.writeAll(fd, message.subarray(0, 1));
    count(work.warmUpMs);
    return { value: count(work.measureMs) };
  }
  const roundTrip = (): void => {
    calls.writeAll(fd, message);
    for (let got = 0; got < message.length;) got += calls.read(fd, memory);
  };
  return await timeRoundTrips(() => Promise.resolve(roundTrip()), work);

  /** MB/s over so many milliseconds. */
  function count(ms: number): number {
    const startedAt = performance.now();
    let bytes = 0;
    let now = startedAt;
    for (; now < startedAt + ms; now = performance.now()) bytes += calls.read(fd, memory);
    return bytes / 1000 / (now - startedAt);
  }
}
