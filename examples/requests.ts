/**
 * Requests with answers, actions without, and both directions on one link.
 *
 *     deno run --allow-net examples/requests.ts           # server and client in one program
 *
 * The same two halves work in two programs, or on two machines: give `serve` an address that the other can reach.
 *
 * @module
 */
import { connect, listen, type Server } from "@parley/parley";

/** A small oven: requests read it, an action sets it. Its clients may be asked as well. */
export async function serve(address: string): Promise<Server> {
  let celsius = 20;
  const server = await listen(address);
  server.onRequest("temperature", () => celsius);
  server.onRequest("sum", (_call, ...numbers: number[]) => numbers.reduce((a, b) => a + b, 0));
  server.onAction("heat", (call, to: number) => {
    if (to > 250) throw new RangeError(`Cannot heat to ${to} °C: at most 250 °C is wanted`);
    celsius = to;
    call.peer.send(`heating to ${to} °C`);
  });
  server.onRequest("greet", async (call) => `Hello, ${await call.peer.request("name")}!`);
  return server;
}

/** Talks with the oven over one link and returns what there is to tell. */
export async function main(address = "tcp://127.0.0.1:0"): Promise<string[]> {
  await using server = await serve(address);
  await using client = await connect(server.address);
  client.onRequest("name", () => "Ada");

  const told: string[] = [];
  told.push(`1 + 2 + 3 = ${await client.request("sum", [1, 2, 3])}`);
  told.push(await client.request("greet"));

  await client.action("heat", 180);
  told.push(await client.receive());
  told.push(`the oven has ${await client.request("temperature")} °C`);

  const error = await client.request("explode").catch((error) => error);
  told.push(`${error.name} ${error.code}`);
  return told;
}

if (import.meta.main) {
  for (const line of await main()) await Deno.stdout.write(new TextEncoder().encode(`${line}\n`));
}
