/**
 * A thermometer that speaks serpy2, as programs with the Python module do, and who reads it: ints, floats, text and bytes
 * arrive as what they were.
 *
 *     deno run --allow-net examples/serpy2.ts
 *
 * The same thermometer is asked from Python with
 * `c = serpy2.Connection().connect("127.0.0.1", port); c.sendData("temperature"); c.getData()`.
 *
 * @module
 */
import { connect, float, listen, type Peer, type Server } from "@parley/parley";

/** Listens on `address` as a thermometer. It is asked by name, and told by a number how often it is to measure. */
export function thermometer(address = "tcp://127.0.0.1:0"): Promise<Server> {
  let perSecond = 1;
  return listen(address, {
    dialect: "serpy2",
    onReceive(said: unknown, peer: Peer) {
      if (typeof said === "number") perSecond = said;
      else if (said === "rate") return peer.send(perSecond); // an int in Python
      else if (said === "temperature") return peer.send(float(21)); // 21.0 in Python; without float() it were 21
      else if (said === "raw") return peer.send(Uint8Array.of(0x0a, 0x80)); // bytes
      else return peer.send(`unknown: ${said}`); // a str
    },
  });
}

/** Asks the thermometer, and returns what was seen. */
export async function main(): Promise<string[]> {
  await using server = await thermometer();
  await using client = await connect(server.address, { dialect: "serpy2" });
  await client.send(10);
  const seen: string[] = [];
  for (const what of ["rate", "temperature", "raw", "pressure"]) {
    seen.push(`${what}: ${await client.ask(what)}`);
  }
  await client.send({ rate: 5 }).catch((error) => seen.push(error.message));
  return seen;
}

// deno-lint-ignore no-console
if (import.meta.main) { for (const line of await main()) console.log(line); }
