/**
 * A fleet that is asked all at once: answers as they come, who did not answer and why, and a part of the fleet only.
 *
 *     deno run --allow-net examples/fan_out.ts            # the server and five drones in one program
 *
 * One that leaves, fails or stays silent is a row with its error, and keeps nobody else from answering. `for await`
 * has each answer at once; `await` has the table when all have answered or their time is up, which `console.log` and
 * the console show as such.
 *
 * @module
 */
import { type Client, connect, group, listen, type Peer, type Server } from "@parley/parley";

/** Asks five drones, and returns what there is to tell. */
export async function main(address = "tcp://127.0.0.1:0"): Promise<string[]> {
  const told: string[] = [];
  await using fleet = await listen(address);
  fleet.onAction("name", (call, name: string) => void (call.peer.name = name));
  const drones = await Promise.all([
    drone(fleet, "one", () => 14.1),
    drone(fleet, "two", () => 15.9),
    drone(fleet, "low", () => 9.2),
    drone(fleet, "deaf", (): Promise<never> => new Promise(() => {})), // it never answers
    drone(fleet, "broken", () => {
      throw new Error("no cell");
    }),
  ]);

  const answers = await fleet.request<number>("battery", [], { timeoutMs: 500 });
  told.push(`${answers.values.length} of ${answers.length} have told their battery`);
  for (const { name, error } of answers.failed) told.push(`${name}: ${error.name}`);

  const low: Peer[] = [];
  for (const row of answers) if (row.ok && row.value < 10) low.push(row.peer);
  const landed = await group(low).request<string>("land");
  for (const row of landed) told.push(`${row.name} says ${row.ok ? row.value : row.error.message}`);

  // The first two answers are enough: what is still waited for is called off.
  let heard = 0;
  for await (const row of fleet.request("battery")) if (row.ok && ++heard === 2) break;
  told.push(`${heard} answers were enough`);

  await Promise.all(drones.map((each) => each.close()));
  return told;
}

/** A drone that has said its name, and answers. */
async function drone(
  fleet: Server,
  name: string,
  battery: () => number | Promise<number>,
): Promise<Client> {
  const client = await connect(fleet.address);
  client.onRequest("battery", battery);
  client.onRequest("land", () => "landing");
  await client.action("name", name, { ack: true });
  return client;
}

// deno-lint-ignore no-console -- a program that prints
if (import.meta.main) console.log((await main()).join("\n"));
