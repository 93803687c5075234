import type { Work } from "../row.ts";
import { rawConnect } from "./raw_listen.ts";

/** Writes lines of `messageBytes` bytes, LF included, as fast as they are taken, in blocks that end in mid-line. */
export async function pumpLines(address: string, work: Work): Promise<undefined> {
  const connection = await rawConnect(address);
  const line = "x".repeat(work.messageBytes - 1) + "\n";
  const block = new TextEncoder().encode(line.repeat(1024));
  for (;;) {
    for (let at = 0; at < block.length;) at += await connection.write(block.subarray(at));
  }
}
