/**
 * The most that requests and answers can do: a fixed binary head, no codec, no errors, no limits, no deadlines.
 *
 * @module
 */
import { Meter } from "../meter.ts";
import type { Measured, Work } from "../row.ts";
import { RAW_HEAD_BYTES, readFrames } from "./raw_frames.ts";
import { rawConnect, rawListen } from "./raw_listen.ts";
import { RawOutput } from "./raw_output.ts";

export function serve(): Promise<{ address: string }> {
  return Promise.resolve(rawListen((connection) => {
    const output = new RawOutput(connection);
    readFrames(
      connection,
      (_id, bytes, at, length) => output.append(bytes.subarray(at - RAW_HEAD_BYTES, at + length)),
      () => output.flush(),
    );
  }));
}

export async function drive(address: string, work: Work): Promise<Measured> {
  const connection = await rawConnect(address);
  const output = new RawOutput(connection);
  const payload = new Uint8Array(work.messageBytes).fill(7);
  const waiting = new Map<number, (answer: Uint8Array) => void>();
  const meter = new Meter(work);
  // Who awaits an answer looks at it when the memory may have been read into again: that one needs a copy.
  const keeps = work.answers === "promise";
  let lastId = 0;
  let reading = false;
  const request = (answered: (answer: Uint8Array) => void): void => {
    const id = lastId = (lastId + 1) >>> 0;
    waiting.set(id, answered);
    output.reserve(RAW_HEAD_BYTES + payload.length);
    output.view.setUint32(output.length, payload.length);
    output.view.setUint32(output.length + 4, id);
    output.bytes.set(payload, output.length + RAW_HEAD_BYTES);
    output.length += RAW_HEAD_BYTES + payload.length;
    if (!reading) output.flush(); // while a read is worked through, its end flushes
  };
  readFrames(connection, (id, bytes, at, length) => {
    reading = true;
    const answered = waiting.get(id)!;
    waiting.delete(id);
    answered(keeps ? bytes.slice(at, at + length) : bytes.subarray(at, at + length));
  }, () => {
    reading = false;
    output.flush();
  });
  if (work.answers === "callback") {
    const last: Uint8Array[] = []; // kept, or the compiler sees that nobody needs the view and makes none
    const again = (answer: Uint8Array): void => {
      last[0] = answer;
      meter.count++;
      request(again);
    };
    for (let i = 0; i < work.inFlight; i++) request(again);
  } else {
    const loop = async (): Promise<void> => {
      for (;;) {
        await new Promise<Uint8Array>(request);
        meter.count++;
      }
    };
    for (let i = 0; i < work.inFlight; i++) loop();
  }
  meter.start();
  return await meter.measured;
}
