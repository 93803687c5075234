import type { Work } from "../row.ts";

/** Sends everybody who connects `linesPerSecond` lines of 64 bytes a second, evenly, for as long as they are read. */
export function serve(work: Work): Promise<{ address: string }> {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  void acceptAll(listener, work.linesPerSecond);
  return Promise.resolve({ address: `tcp://127.0.0.1:${listener.addr.port}` });
}

async function acceptAll(listener: Deno.Listener, linesPerSecond: number): Promise<void> {
  for await (const connection of listener) {
    flood(connection, linesPerSecond).catch(() => {}); // whoever read it has gone
  }
}

async function flood(connection: Deno.Conn, linesPerSecond: number): Promise<void> {
  const lines = new TextEncoder().encode(`${"x".repeat(63)}\n`.repeat(MAX_LINES_AT_ONCE));
  const startedAt = performance.now();
  for (let sent = 0;;) {
    const due = Math.floor((performance.now() - startedAt) / 1000 * linesPerSecond) - sent;
    const now = Math.min(due, MAX_LINES_AT_ONCE);
    for (let at = 0; at < now * 64;) at += await connection.write(lines.subarray(at, now * 64));
    sent += now;
    if (now === due) await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

/** More than that is not written in one go, whatever a slow reader has let pile up. */
const MAX_LINES_AT_ONCE = 4096;
