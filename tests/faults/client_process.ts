/**
 * A client under load: `client_process.ts <address> <name> <seed> <in flight> <journal>`. It says on standard output
 * what happens to its link; told `{"mark": n}` it says `{"marked": n}` when n more operations were answered, and told
 * `{"stop": true}` it waits for those under way, says `{"done": …}` and ends.
 *
 * @module
 */
import { connect, type ParleyError } from "../../mod.ts";
import { SeededRandom } from "../../src/testing/seeded_random.ts";
import { watchDeadline } from "./deadline.ts";
import { FAULT_LIMITS } from "./fault_limits.ts";
import { Journal } from "./journal.ts";
import { hear, say } from "./lines_of_json.ts";
import { nextOperation, type Operation } from "./operation.ts";
import { perform } from "./perform.ts";

const [address, name, seed, inFlight, path] = Deno.args;
const random = new SeededRandom(Number(seed));
const journal = new Journal(path);
const marks: { count: number; at: number }[] = [];
let isStopping = false;
let started = 0;
let answered = 0;

const client = await connect(address, {
  limits: FAULT_LIMITS,
  reconnect: { minMs: 50, maxMs: 1000 },
  onFail: () => {}, // links that break are what this is about
  onEvent: (event) => {
    if (event.kind === "up") say({ up: true, resumed: event.resumed, at: Date.now() });
    if (event.kind === "reset") say({ reset: event.unknown.length });
    if (event.kind === "down") say({ down: event.reason.code, willRetry: event.willRetry });
  },
});
client.onRequest("run", (_call, id: string, payload: Uint8Array) => {
  journal.write("E", id);
  return [id, payload.length];
});
const workers = Array.from({ length: Number(inFlight) }, work);
say({ ready: true });
for await (const told of hear()) {
  if (told.mark !== undefined) marks.push({ count: told.mark, at: answered + told.mark });
  if (told.stop) await finish();
}
Deno.exit(0);

async function work(): Promise<void> {
  while (!isStopping) {
    await observe(nextOperation(name, ++started, random));
    // What fails at once must not keep the process from hearing of anything else.
    await new Promise((resolve) => setTimeout(resolve));
  }
}

/** Does one operation and writes down how it went. */
async function observe(operation: Operation): Promise<void> {
  const { kind, id, timeoutMs } = operation;
  using _watch = watchDeadline(timeoutMs, () => journal.write("O", id, client.state));
  try {
    const mistake = await perform(client, operation, random);
    if (mistake === undefined) journal.write("A", id);
    else journal.write("W", id, mistake);
    if (kind !== "plain") answer();
  } catch (error) {
    const { code, outcome } = error as Partial<ParleyError>;
    // A DOMException has a number as its code.
    journal.write("F", id, typeof code === "string" ? code : (error as Error).name, outcome ?? "none");
  }
}

function answer(): void {
  answered++;
  while (marks.length > 0 && marks[0].at <= answered) say({ marked: marks.shift()!.count });
}

async function finish(): Promise<never> {
  isStopping = true;
  await Promise.all(workers);
  const { counts, pending } = client;
  await client.close();
  say({ done: { started, answered, pending, ...counts } });
  Deno.exit(0);
}
