/**
 * A client under load: `client_process.ts <address> <name> <seed> <in flight> <journal>`. It says on standard output
 * what happens to its link; told `{"mark": n}` it says `{"marked": n}` when n more operations were answered, and told
 * `{"stop": true}` it waits for those under way, says `{"done": …}` and ends.
 *
 * @module
 */
import { connect } from "../../mod.ts";
import { SeededRandom } from "../../src/testing/seeded_random.ts";
import { FAULT_LIMITS } from "./fault_limits.ts";
import { Journal } from "./journal.ts";
import { hear, say } from "./lines_of_json.ts";
import { Load } from "./load.ts";

const [address, name, seed, inFlight, path] = Deno.args;
const journal = new Journal(path);

const client = await connect(address, {
  limits: FAULT_LIMITS,
  reconnect: { minMs: 50, maxMs: 1000 },
  onFail: () => {}, // links that break are what this is about
  onEvent: (event) => {
    if (event.kind === "up") say({ up: true, resumed: event.resumed, at: Date.now() });
    if (event.kind === "down") say({ down: event.reason.code });
  },
});
client.onRequest("run", (_call, id: string, payload: Uint8Array) => {
  journal.write("E", id);
  return [id, payload.length];
});
const load = new Load(client, name, Number(inFlight), new SeededRandom(Number(seed)), journal);
say({ ready: true });
for await (const told of hear()) {
  if (told.mark !== undefined) load.mark(told.mark, (count) => say({ marked: count }));
  if (!told.stop) continue;
  const done = await load.finish();
  const { counts, pending } = client;
  await client.close();
  say({ done: { ...done, pending, ...counts } });
  break;
}
Deno.exit(0);
