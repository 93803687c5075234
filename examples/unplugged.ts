/**
 * A power supply on a serial line that is unplugged and plugged in elsewhere: the link finds the same device again,
 * sets the line as before, logs in, and goes on. The line is a virtual one, so no device is needed.
 *
 *     deno run -A examples/unplugged.ts
 *
 * With a real one it is `serial("id:KORAD", { baudRate: 9600, reconnect: true, onOpen: … })`.
 *
 * @module
 */
import { serial } from "@parley/parley";
import { virtualSerialPair } from "@parley/parley/testing";
import { PowerSupply } from "./instrument.ts";

/** Unplugs and plugs, and returns what was seen. */
export async function main(): Promise<string[]> {
  const seen: string[] = [];
  await using pair = virtualSerialPair();
  const supply = new PowerSupply();
  await using _supply = await serial(pair.a.path, {
    onReceive: (line, peer) => {
      const answer = supply.obey(line);
      if (answer !== undefined) return peer.send(answer);
    },
  });

  const gone = Promise.withResolvers<void>();
  await using port = await serial(pair.b.path, {
    baudRate: 9600,
    reconnect: true,
    ports: pair.ports, // real devices are found without this
    onOpen: async (port) => {
      seen.push(`talking to ${await port.ask("*IDN?")}`);
      await port.send("OUTP ON");
    },
    onDisconnect: (_port, reason) => {
      seen.push(reason.code);
      gone.resolve();
    },
  });
  await port.send("VOLT 3.3");
  seen.push(`${await port.ask("MEAS:VOLT?")} V`);

  const before = port.path;
  await pair.b.unplug();
  await gone.promise;
  await pair.b.plug(); // the system gives it another name
  await port.ready;
  seen.push(
    `back under ${port.path === before ? "the same" : "another"} name, ${port.settings.baudRate} baud`,
  );
  seen.push(`${await port.ask("MEAS:VOLT?")} V`);
  return seen;
}

// deno-lint-ignore no-console -- a program that prints
if (import.meta.main) console.log((await main()).join("\n"));
