import type { Work } from "../row.ts";

/** Sends everybody who connects `linesPerSecond` lines of 64 bytes a second, evenly, for as long as they are read. */
export function serve(work: Work): Promise<{ address: string }> {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  void acceptAll(listener, work.linesPerSecond);
  return Promise.resolve({ address: `tcp://127.0.0.1:${listener.addr.port}` });
}

async function acceptAll(listener: Deno.Listener, linesPerSecond: number): Promise<void> {
  for await (const connection of listener) void flood(connection, linesPerSecond);
}

async function flood(connection: Deno.Conn, linesPerSecond: number): Promise<void> {
  const line = new TextEncoder().encode("x".repeat(63) + "\n");
  const startedAt = performance.now();
  for (let sent = 0;;) {
    const due = Math.floor((performance.now() - startedAt) / 1000 * linesPerSecond) - sent;
    const block = new Uint8Array(due * line.length);
    for (let at = 0; at < block.length; at += line.length) block.set(line, at);
    for (let at = 0; at < block.length;) at += await connection.write(block.subarray(at));
    sent += due;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
