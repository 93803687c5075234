/**
 * Handlers in a file of their own: every function that `handlers/oven.ts` exports can be called from elsewhere.
 *
 *     deno run --allow-net --allow-read examples/handlers.ts      # server and client in one program
 *     deno task parley listen tcp://:16900 --handlers examples/handlers/oven.ts
 *     deno task parley request tcp://:16900 heat 180              # in another terminal
 *
 * @module
 */
import { connect, handlersFrom, listen } from "@parley/parley";

/** Serves the oven at two addresses, calls it, and returns what there is to tell. */
export async function main(): Promise<string[]> {
  const handlers = await handlersFrom(new URL("./handlers/oven.ts", import.meta.url));
  await using kitchen = await listen("tcp://127.0.0.1:0", { handlers });
  await using cellar = await listen("memory://cellar", { handlers });
  await using here = await connect(kitchen.address);
  await using there = await connect(cellar.address);

  const told: string[] = [];
  await here.action("heat", 180, { ack: true });
  told.push(
    `the oven has ${await there.request("temperature")} °C, or ${await there.request("temperature", "F")} °F`,
  );
  told.push(await here.request("bake", "bread"));
  told.push(await here.receive());
  for await (const celsius of here.stream("ramp", 35)) told.push(`${celsius} °C`);
  const error = await here.request("heat", 1000).catch((error) => error);
  told.push(error.message.slice(error.message.indexOf("Cannot")));
  const offered = (await here.describe()).filter(({ kind }) => kind === "request");
  told.push(offered.map(({ name, parameters }) => `${name}(${parameters.join(", ")})`).join(", "));
  return told;
}

if (import.meta.main) {
  for (const line of await main()) await Deno.stdout.write(new TextEncoder().encode(`${line}\n`));
}
