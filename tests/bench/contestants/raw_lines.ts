/**
 * The most that lines can do: each read is decoded whole, then cut; a callback for each line.
 *
 * @module
 */
import { Meter } from "../meter.ts";
import type { Measured, Work } from "../row.ts";
import { rawListen } from "./raw_listen.ts";

export { pumpLines as drive } from "./line_source.ts";

export function serve(work: Work): Promise<{ address: string; measured: Promise<Measured> }> {
  const meter = new Meter(work);
  const onLine = (line: string): void => void (meter.count += line.length > 0 ? 1 : 0);
  const { address } = rawListen((connection) => {
    meter.start();
    readLines(connection, work.separator, onLine);
  });
  return Promise.resolve({ address, measured: meter.measured });
}

async function readLines(
  connection: Deno.Conn,
  separator: string,
  onLine: (line: string) => void,
): Promise<void> {
  const buffer = new Uint8Array(64 * 1024);
  const decoder = new TextDecoder();
  let rest = "";
  for (;;) {
    const count = await connection.read(buffer);
    if (count === null) return;
    const text = rest + decoder.decode(buffer.subarray(0, count), { stream: true });
    let at = 0;
    for (let end = text.indexOf(separator); end !== -1; end = text.indexOf(separator, at)) {
      onLine(text.slice(at, end));
      at = end + 1;
    }
    rest = text.slice(at);
  }
}
