/**
 * The server that is treated badly: `server_process.ts <port> <journal>`. It says `{"port": …}` on standard output
 * once it listens, and ends when its standard input does.
 *
 * @module
 */
import { type Call, listen } from "../../mod.ts";
import { watchDeadline } from "./deadline.ts";
import { Journal } from "./journal.ts";
import { FAULT_LIMITS } from "./fault_limits.ts";
import { hear, say } from "./lines_of_json.ts";

/** A client that is killed never answers, and the server should live long enough to see that. */
const BACK_MS = 1000;

const [port, path] = Deno.args;
const journal = new Journal(path);
const executed = (id: string) => journal.write("E", id);

const server = await listen(`tcp://127.0.0.1:${port}`, {
  limits: FAULT_LIMITS,
  onReceive: ([id]: [string]) => executed(id),
  onFail: () => {}, // links that break are what this is about
});
server.onRequest("run", async (_call: Call, id: string, payload: Uint8Array, waitMs = 0) => {
  executed(id);
  if (waitMs > 0) await new Promise((resolve) => setTimeout(resolve, waitMs));
  return [id, payload.length];
});
server.onAction("act", (_call: Call, id: string) => executed(id));
server.onRequest("back", async (call: Call, id: string, payload: Uint8Array) => {
  executed(id);
  using _watch = watchDeadline(BACK_MS, () => journal.write("O", id, "server"));
  return await call.peer.request("run", [id, payload], { timeoutMs: BACK_MS });
});
server.onRequest("parts", async function* (_call: Call, id: string, count: number, bytes: number) {
  executed(id);
  for (let index = 0; index < count; index++) yield [id, index, new Uint8Array(bytes)];
});
say({ port: server.port });
for await (const _ of hear());
Deno.exit(0);
