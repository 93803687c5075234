/**
 * A heater that speaks socket-oneline: a device server and a client, which also talk to the Python programs of
 * socket-oneline.
 *
 *     deno run --allow-net examples/oneline.ts tcp://127.0.0.1:5001    # the heater, until a client says shutdown
 *     deno run --allow-net examples/oneline.ts                         # a heater and a client that asks it, and out
 *
 * By hand: `nc 127.0.0.1 5001`, then `ping`, `heat 60`, `status`, and `disconnect`.
 *
 * @module
 */
import { connect, listen, type Server } from "@parley/parley";

/** Serves a heater on `address`: one client at a time, each command answered by any number of lines. */
export function heater(address: string): Promise<Server> {
  let target = 20;
  return listen(address, {
    dialect: "oneline",
    allowShutdown: true, // without it nobody ends the heater from outside
    async onReceive(command: string, peer, { invalid }) {
      if (invalid) return peer.send("nak - not text");
      const [name, argument = ""] = command.split(" ");
      if (name === "heat" && Number(argument) >= 20 && Number(argument) <= 90) {
        target = Number(argument);
        return peer.send("ack");
      }
      if (name !== "status") return peer.send("nak - unknown cmd");
      await peer.send(`target ${target} °C`);
      await peer.send("door closed");
    },
  });
}

/** Asks a heater, ends it, and returns what it said. */
export async function main(): Promise<string[]> {
  await using server = await heater("tcp://127.0.0.1:0");
  const said: string[] = [];
  await using client = await connect(server.address, { dialect: "oneline" }); // has said ping, and heard pong
  said.push(await client.ask("heat 60"));
  said.push(await client.ask("heat 600"));
  said.push(await client.ask("status"), await client.receive()); // one command, two answers
  await client.send("shutdown");
  said.push((await client.closed).code);
  return said;
}

if (import.meta.main) {
  if (Deno.args.length > 0) await heater(Deno.args[0]);
  // deno-lint-ignore no-console -- a program that prints
  else console.log((await main()).join("\n"));
}
