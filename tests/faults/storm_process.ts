/**
 * Many clients in one process: `storm_process.ts <address> <count>`. It says `{"ready": count}` when all are
 * connected; told `{"watch": true}` it says `{"back": …}` when all have come back and one request of each was
 * answered: the times in milliseconds since 1970 when links came up, and how often an attempt failed.
 *
 * @module
 */
import { type Client, connect } from "../../mod.ts";
import { hear, say } from "./lines_of_json.ts";

const [address, count] = Deno.args;
const clients: Client[] = [];
const seen = { isWatched: false, retries: 0, ups: [] as number[] };

// A few at a time: this is not about how many a server accepts at once.
for (let first = 0; first < Number(count); first += 50) {
  const some = Array.from({ length: Math.min(50, Number(count) - first) }, open);
  clients.push(...await Promise.all(some));
}
say({ ready: clients.length });
for await (const told of hear()) {
  if (!told.watch) continue;
  seen.isWatched = true;
  say({ watching: true });
}
Deno.exit(0);

function open(): Promise<Client> {
  return connect(address, {
    reconnect: true,
    onFail: () => {}, // the server is killed: that is what this is about
    onEvent: (event) => {
      if (event.kind === "retry") seen.retries++;
      if (event.kind !== "up" || !seen.isWatched) return;
      seen.ups.push(Date.now());
      if (seen.ups.length === clients.length) tellBack();
    },
  });
}

async function tellBack(): Promise<void> {
  const answers = await Promise.allSettled(
    clients.map((client) => client.request("run", ["request:storm:1", ""])),
  );
  const unanswered = answers.filter(({ status }) => status === "rejected").length;
  say({ back: { ...seen, unanswered, answeredAt: Date.now() } });
}
