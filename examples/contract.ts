/**
 * One type for both ends: names, arguments and answers of a scale, checked by the compiler on the server and on the
 * client, and what comes over the wire checked by a schema.
 *
 *     deno run --allow-net examples/contract.ts           # server and client in one program
 *
 * @module
 */
import { connect, listen, type StandardSchema, type TypedServer } from "@parley/parley";

/** What the scale offers, for both programs to import. */
export type Scale = {
  requests: { weigh(unit: Unit): number; add(grams: number): number };
  actions: { tare(): void };
  streams: { readings(count: number): { grams: number } };
};

/** What weights are told in. */
export type Unit = "g" | "kg";

/** A scale with nothing on it. */
export async function serve(address: string): Promise<TypedServer<Scale>> {
  let grams = 0;
  const server = await listen<Scale>(address);
  server.onRequest("weigh", (_call, unit) => unit === "kg" ? grams / 1000 : grams);
  server.onRequest("add", (_call, more) => grams += more, { args: [positive] });
  server.onAction("tare", () => void (grams = 0));
  server.onRequest("readings", async function* (_call, count) {
    for (let i = 0; i < count; i++) yield { grams: grams + i };
  });
  return server;
}

/** Any library with the Standard Schema interface does, such as zod or valibot; this is the least there is to it. */
const positive: StandardSchema = {
  "~standard": {
    version: 1,
    vendor: "example",
    validate: (value) =>
      typeof value === "number" && value > 0
        ? { value }
        : { issues: [{ message: "Expected a weight above 0" }] },
  },
};

/** Weighs, and returns what there is to tell. */
export async function main(address = "tcp://127.0.0.1:0"): Promise<string[]> {
  await using server = await serve(address);
  await using client = await connect<Scale>(server.address);
  const told: string[] = [];
  await client.request("add", 1500);
  told.push(`${await client.request("weigh", "kg")} kg`);
  await client.request("add", -5).catch((error) =>
    told.push(`${error.code}: ${error.message.split(": ").pop()}`)
  );
  for await (const { grams } of client.stream("readings", 2)) told.push(`${grams} g`);
  await client.action("tare", [], { ack: true });
  told.push(`${await client.request("weigh", "g")} g`);
  return told;
}

// deno-lint-ignore no-console -- a program that prints
if (import.meta.main) console.log((await main()).join("\n"));
