/**
 * The server that is treated badly: `server_process.ts <what it is told, as JSON>`. It says `{"port": …}` on standard
 * output once it listens (0 on serial lines); told `{"stop": true}` it closes, and says how long that took. It ends when
 * its standard input does.
 *
 * @module
 */
import { type Call, listen, type Server } from "../../mod.ts";
import { watchDeadline } from "./deadline.ts";
import { Journal } from "./journal.ts";
import { hear, say } from "./lines_of_json.ts";
import { readPorts } from "./port_files.ts";
import type { ServerPlace } from "./driven_server.ts";

/** A client that is killed never answers, and the server should live long enough to see that. */
const BACK_MS = 1000;

const { addresses, path, limits, ports }: ServerTerms = JSON.parse(Deno.args[0]);
const journal = new Journal(path);
const executed = (id: string) => journal.write("E", id);

const servers = await Promise.all(addresses.map(serve));
say({ port: servers[0].port ?? 0 });
for await (const told of hear()) {
  if (!told.stop) continue;
  const start = performance.now();
  await Promise.all(servers.map((server) => server.close()));
  say({ closed: Math.round(performance.now() - start) });
}
Deno.exit(0);

/** Listens as soon as that can be: a device may be unplugged at the moment. */
async function serve(address: string): Promise<Server> {
  for (;;) {
    try {
      return equip(
        await listen(address, {
          limits,
          onReceive: ([id]: [string]) => executed(id),
          onFail: () => {}, // links that break are what this is about
          ...(ports === undefined ? {} : { dialect: "native", ports: () => readPorts(ports) }),
        }),
      );
    } catch (error) {
      if (ports === undefined || (error as { code?: string }).code !== "no_such_path") throw error;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}

function equip(server: Server): Server {
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
  return server;
}

/** What the server is told. */
interface ServerTerms extends ServerPlace {
  /** Its journal. */
  readonly path: string;
}
