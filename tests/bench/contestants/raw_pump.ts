/**
 * The most that messages in one direction can do: frames with a fixed head gathered into one buffer, one write under
 * way, and a callback for each frame that gets a view of its bytes, good until it returns.
 *
 * @module
 */
import { Meter } from "../meter.ts";
import type { Measured, Work } from "../row.ts";
import { RAW_HEAD_BYTES, readFrames } from "./raw_frames.ts";
import { rawConnect, rawListen } from "./raw_listen.ts";
import { RawOutput } from "./raw_output.ts";

export function serve(work: Work): Promise<{ address: string; measured: Promise<Measured> }> {
  const meter = new Meter(work);
  const last: Uint8Array[] = []; // kept, or the compiler sees that nobody needs the view and makes none
  const onMessage = (message: Uint8Array): void => {
    last[0] = message;
    meter.count++;
  };
  const { address } = rawListen((connection) => {
    meter.start();
    readFrames(connection, (_id, bytes, at, length) => onMessage(bytes.subarray(at, at + length)), () => {});
  });
  return Promise.resolve({ address, measured: meter.measured });
}

export async function drive(address: string, work: Work): Promise<undefined> {
  const connection = await rawConnect(address);
  const message = new Uint8Array(work.messageBytes).fill(7);
  let drained = Promise.withResolvers<void>();
  const output = new RawOutput(connection, () => drained.resolve());
  const highBytes = Math.max(64 * 1024, 2 * message.length);
  for (let id = 1;; id = (id + 1) >>> 0) {
    output.reserve(RAW_HEAD_BYTES + message.length);
    output.view.setUint32(output.length, message.length);
    output.view.setUint32(output.length + 4, id);
    output.bytes.set(message, output.length + RAW_HEAD_BYTES);
    output.length += RAW_HEAD_BYTES + message.length;
    output.flush();
    if (output.length < highBytes) continue;
    drained = Promise.withResolvers();
    await drained.promise;
  }
}
