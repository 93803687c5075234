/**
 * A client under load: `client_process.ts <what it is told, as JSON>`. It says on standard output
 * what happens to its link; told `{"mark": n}` it says `{"marked": n}` when n more operations were answered, and told
 * `{"stop": true}` it waits for those under way, says `{"done": …}` and ends.
 *
 * @module
 */
import { connect } from "../../mod.ts";
import { SeededRandom } from "../../src/testing/seeded_random.ts";
import { Journal } from "./journal.ts";
import { hear, say } from "./lines_of_json.ts";
import { Load } from "./load.ts";
import { readPorts } from "./port_files.ts";
import type { Terms } from "./way.ts";

const { address, path, limits, ports, ...plan }: ClientTerms = JSON.parse(Deno.args[0]);
const journal = new Journal(path);

const client = await connect(address, {
  limits,
  reconnect: { minMs: 50, maxMs: 1000 },
  onFail: () => {}, // links that break are what this is about
  onEvent: (event) => {
    if (event.kind === "up") say({ up: true, resumed: event.resumed, at: Date.now() });
    if (event.kind === "down") say({ down: event.reason.code });
  },
  ...(ports === undefined ? {} : { dialect: "native", ports: () => readPorts(ports) }),
});
client.onRequest("run", (_call, id: string, payload: Uint8Array) => {
  journal.write("E", id);
  return [id, payload.length];
});
const load = new Load(client, plan, new SeededRandom(plan.seed), journal);
say({ ready: true });
for await (const told of hear()) {
  if (told.mark !== undefined) load.mark(told.mark, (count) => say({ marked: count }));
  if (!told.stop) continue;
  const done = await load.finish();
  const { counts, pending } = client;
  const start = performance.now();
  await client.close();
  say({ done: { ...done, pending, ...counts, closeMs: Math.round(performance.now() - start) } });
  break;
}
Deno.exit(0);

/** What a client is told. */
interface ClientTerms extends Terms {
  readonly address: string;
  /** Its journal. */
  readonly path: string;
  /** What the ids of all operations hold. */
  readonly name: string;
  readonly seed: number;
  /** How many operations are under way at any time. */
  readonly inFlight: number;
}
