import assert from "node:assert/strict";
import { Client } from "../../src/peer/client.ts";
import { acceptReliable, connectReliable } from "../../src/peer/reliable_line.ts";
import { Server } from "../../src/peer/server.ts";
import { REAL_WORLD, type World } from "../../src/peer/world.ts";
import type { TransportKind } from "../../src/transport/transport.ts";
import { NoisyLine } from "./noisy_line.ts";

/** A world with one serial line in it. */
function worldOf({ here, there }: NoisyLine): World {
  const kind: TransportKind = {
    about: "a line with noise",
    shape: "name",
    example: "memory://line",
    connect: (_address, options) => connectReliable(here, options),
    listen: () => Promise.resolve(acceptReliable(there)),
  };
  return { ...REAL_WORLD, resolve: (address) => ({ address: REAL_WORLD.resolve(address).address, kind }) };
}

Deno.test("1,000 requests over one flipped byte in 1,000 are all answered, each handled once", async () => {
  const world = worldOf(new NoisyLine(1000));
  const server = new Server("memory://line", {}, world);
  const handled = new Map<number, number>();
  server.onRequest("double", (_call, n: number) => {
    handled.set(n, (handled.get(n) ?? 0) + 1);
    return { twice: 2 * n, text: "x".repeat(n % 300) };
  });
  await server.start();
  const client = new Client("memory://line", {}, world);
  await client.start();
  for (let first = 0; first < 1000; first += 100) {
    const numbers = Array.from({ length: 100 }, (_, index) => first + index);
    const answers = await Promise.all(numbers.map((n) => client.request("double", [n])));
    assert.deepEqual(
      answers.map((answer) => ({ ...answer as object })),
      numbers.map((n) => ({ twice: 2 * n, text: "x".repeat(n % 300) })),
    );
  }
  assert.equal(handled.size, 1000);
  assert.ok([...handled.values()].every((times) => times === 1));
  await client.close();
  await server.close();
});
