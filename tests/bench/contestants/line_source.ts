import type { Work } from "../row.ts";
import { rawConnect } from "./raw_listen.ts";

/** Writes messages of `messageBytes` bytes, separator included, as fast as they are taken, in blocks that end in one. */
export async function pumpLines(address: string, work: Work): Promise<undefined> {
  const connection = await rawConnect(address);
  await pumpInto(connection, work);
}

/** The same on a connection that is there. */
export async function pumpInto(connection: Deno.Conn, work: Work): Promise<void> {
  const line = "x".repeat(work.messageBytes - 1) + work.separator;
  const block = new TextEncoder().encode(line.repeat(1024)).subarray(work.messageBytes >> 1);
  for (;;) {
    for (let at = 0; at < block.length;) at += await connection.write(block.subarray(at));
  }
}
