/**
 * A client that comes back: its server is killed and started again under its hands, and nothing is done twice.
 *
 *     deno run --allow-net examples/coming_back.ts        # server and client in one program
 *
 * Within one run of the server, frames that were lost with a link are sent again on the next one. Across two runs
 * nobody can know what the first one did: `key` tells the server which calls are the same.
 *
 * @module
 */
import { connect, type LinkEvent, listen, type Server } from "@parley/parley";

/** What outlives the server, as a database would: how often each order was carried out. */
export type Orders = Map<string, number>;

/** A shop that takes orders, and shows how far each one is. */
export async function serve(address: string, orders: Orders): Promise<Server> {
  const server = await listen(address);
  server.onRequest("order", (_call, what: string) => {
    orders.set(what, (orders.get(what) ?? 0) + 1);
    return `${what} is on its way`;
  }, { description: "Orders something, once per key" });
  server.onRequest("progress", async function* (_call, steps: number) {
    for (let step = 1; step <= steps; step++) yield `${step} of ${steps}`;
  }, { description: "Tells how far the delivery is" });
  return server;
}

/** Orders, loses the server, orders again, and returns what there is to tell. */
export async function main(address = "tcp://127.0.0.1:0"): Promise<string[]> {
  const orders: Orders = new Map();
  const told: string[] = [];
  const tell = (event: LinkEvent) => {
    if (event.kind === "up") told.push(event.first ? "connected" : "connected again");
    if (event.kind === "down") told.push(event.willRetry ? "the link is lost" : "closed");
  };

  let server = await serve(address, orders);
  await using client = await connect(server.address, {
    reconnect: { maxMs: 50 },
    onEvent: tell,
    onFail() {},
  });
  told.push(await client.request("order", "tea", { key: "order-1" }));
  told.push(await client.request("order", "tea", { key: "order-1" })); // asked again, not ordered again

  await server.close();
  const waiting = client.request("order", "milk"); // made while there is nobody: it leaves with the next link
  server = await serve(server.address, orders);
  told.push(await waiting);
  for await (const part of client.stream("progress", 2)) told.push(part);

  told.push([...orders].map(([what, times]) => `${what} ordered ${times} time`).join(", "));
  await client.close();
  await server.close();
  return told;
}

// deno-lint-ignore no-console -- a program that prints
if (import.meta.main) console.log((await main()).join("\n"));
