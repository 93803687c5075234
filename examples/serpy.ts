/**
 * Both ends of serpy: text, bytes and Python data, with and without an acknowledgement. The other end may be a Python
 * program with the original just as well.
 *
 *     deno run --allow-net examples/serpy.ts
 *
 * @module
 */
import { connect, listen } from "@parley/parley";

/** Sends one message of each kind, and returns what arrived. */
export async function main(address = "tcp://127.0.0.1:0"): Promise<string[]> {
  const seen: string[] = [];
  await using server = await listen(address, {
    dialect: "serpy",
    onReceive: (message) => {
      seen.push(message instanceof Uint8Array ? `bytes ${message}` : JSON.stringify(message));
    },
  });
  await using client = await connect(server.address, { dialect: "serpy" });

  await client.send("plain text"); // mode 0: nobody says whether it arrived
  await client.send("acknowledged text", { ack: true }); // mode 1: resolves when it has
  await client.send(Uint8Array.of(0x1f, 0x04), { ack: true }); // mode 3: any bytes
  await client.send({ name: "Ada", notes: [1, 2.5, null, true] }, { ack: true }); // mode 5: a Python dict
  await client.send(1e22, { ack: true }); // as Python's str() writes it

  const peer = await server.nextPeer();
  await peer.send(new Map([[1, "one"], [2, "two"]]), { ack: true }); // keys that are no text: a Map on this side too
  const table: Map<number, string> = await client.receive();
  seen.push(`2 is ${table.get(2)}`);
  return seen;
}

// deno-lint-ignore no-console -- a program that prints
if (import.meta.main) console.log((await main()).join("\n"));
