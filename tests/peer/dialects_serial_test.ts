/** Every dialect of another system over a serial line, with a server at one end and a client at the other. */
import { type Client, type DialectName, float, listen, type Peer, serial, type Server } from "@parley/parley";
import { virtualSerialPair } from "@parley/parley/testing";
import assert from "node:assert/strict";

const ECHO = { onReceive: (message: unknown, peer: Peer) => peer.send(message) };

/** What is said to a server that sends everything back, or that answers. */
const TALKS: readonly [dialect: DialectName, talk: (client: Client, server: Server) => Promise<void>][] = [
  ["leads", async (client) => assert.equal(await client.ask("speed=12.5"), "speed=12.5")],
  ["oneline", async (client) => assert.equal(await client.ask("cmd01"), "cmd01")],
  ["serpy", async (client) => {
    await client.send({ rpm: [1, 2.5] }, { ack: true });
    const answer = await client.receive();
    assert.deepEqual({ ...answer }, { rpm: [1, 2.5] });
  }],
  ["serpy2", async (client) => {
    assert.equal(await client.ask(float(0.1)), 0.1);
    assert.deepEqual(await client.ask(Uint8Array.of(0xde, 0xca, 0xfe)), Uint8Array.of(0xde, 0xca, 0xfe));
  }],
  ["clever-show", async (client, server) => {
    server.onRequest("sum", (_call, a: number, b: number) => a + b);
    assert.equal(await client.request("sum", [1, 2]), 3);
  }],
];

for (const [dialect, talk] of TALKS) {
  Deno.test(`${dialect} speaks over a serial line`, { ignore: Deno.build.os === "windows" }, async () => {
    await using pair = virtualSerialPair();
    await using server = await listen(`serial:${pair.a.path}`, { dialect, ...ECHO });
    await using client = await serial(pair.b.path, { dialect });
    await talk(client, server);
  });
}
