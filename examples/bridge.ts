/**
 * An instrument on a serial port becomes a server on the network: several clients share it, one through objects.
 *
 *     deno run -A examples/bridge.ts                     # with a virtual instrument, and clients that try it
 *
 * With one of your own it is one line at the prompt, for all clients that speak SCPI or plain lines:
 *
 *     await bridge(await serial("auto", { reconnect: true }), await listen("tcp://:5025", { dialect: "lines" }))
 *
 * @module
 */
import { bridge, connect, listen, serial } from "@parley/parley";
import { virtualSerialPair } from "@parley/parley/testing";
import { PowerSupply } from "./instrument.ts";

/** Puts a virtual power supply on the network, talks to it from there, and returns what there is to tell. */
export async function main(): Promise<string[]> {
  const supply = new PowerSupply();
  await using cable = virtualSerialPair();
  await using _instrument = await serial(cable.b.path, {
    onReceive: (line, peer) => {
      const answer = supply.obey(line);
      if (answer !== undefined) return peer.send(answer);
    },
  });

  await using port = await serial(cable.a.path);
  await using server = await listen("tcp://127.0.0.1:0", { dialect: "lines" });
  await using shared = bridge(port, server);

  const told: string[] = [];
  await using one = await connect(server.address, { dialect: "lines" });
  await using two = await connect(server.address, { dialect: "lines" });
  await two.send("VOLT 3.3");
  told.push(`two asks: ${await two.ask("VOLT?")} V`);
  told.push(`one hears it as well: ${await one.receive()} V`);

  // A second bridge, from this server to one in another dialect: questions become lines, answers become objects.
  await using panel = await listen("tcp://127.0.0.1:0"); // native: any value
  await using line = await connect(server.address, { dialect: "lines" });
  await using _translated = bridge(panel, line, {
    toB: ({ ask }) => ask === "voltage" ? "VOLT?" : undefined, // nothing else gets through
    toA: (text) => ({ volts: Number(text) }),
  });
  await using three = await connect(panel.address);
  await three.send({ ask: "*RST" });
  const { volts } = await three.ask({ ask: "voltage" });
  told.push(`three reads ${volts} as a ${typeof volts}`);
  const { aToB, bToA, dropped } = shared.counts;
  told.push(`${bToA} lines to the instrument, ${aToB} back, ${dropped} dropped`);
  return told;
}

if (import.meta.main) {
  for (const line of await main()) await Deno.stdout.write(new TextEncoder().encode(`${line}\n`));
}
