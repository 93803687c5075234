/**
 * Messages of text handed to `onReceive`: the dialect `lines` where LF ends them, else `leads`.
 *
 * @module
 */
import { listen } from "../../../mod.ts";
import { Meter } from "../meter.ts";
import type { Measured, Work } from "../row.ts";

export { pumpLines as drive } from "./line_source.ts";

export async function serve(work: Work): Promise<{ address: string; measured: Promise<Measured> }> {
  const meter = new Meter(work);
  const server = await listen("tcp://127.0.0.1:0", {
    dialect: work.separator === "\n" ? "lines" : "leads",
    onConnect: () => meter.start(),
    onReceive: () => void meter.count++,
  });
  return { address: server.address, measured: meter.measured };
}
