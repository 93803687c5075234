/**
 * The most that a broadcast can do: the bytes are appended to a buffer for each connection, one write under way each.
 *
 * @module
 */
import type { Measured, Work } from "../row.ts";
import { joinAddresses, publisher } from "./publisher.ts";
import { rawListen } from "./raw_listen.ts";
import { RawOutput } from "./raw_output.ts";
import { countOnAll } from "./sinks.ts";

export function serve(work: Work): Promise<{ address: string }> {
  const outputs: RawOutput[] = [];
  const message = new Uint8Array(work.messageBytes).fill(7);
  const { address: control, arrived } = publisher(work.connections, () => {
    for (const output of outputs) {
      output.append(message);
      output.flush();
    }
  });
  const { address } = rawListen((connection) => {
    outputs.push(new RawOutput(connection));
    arrived();
  });
  return Promise.resolve({ address: joinAddresses(address, control) });
}

export function drive(address: string, work: Work): Promise<Measured> {
  return countOnAll(address, work, work.messageBytes);
}
