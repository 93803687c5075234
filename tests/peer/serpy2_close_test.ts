import { connect, Server } from "@parley/parley";
import assert from "node:assert/strict";
import { serpy2 } from "../../src/dialect/serpy2/serpy2.ts";
import { opened } from "../dialect/conversation.ts";
import { join, str } from "../dialect/serpy2_block.ts";
import { HandClock } from "./hand_clock.ts";

function turn(): Promise<void> {
  return new Promise((next) => setImmediate(next));
}

Deno.test("serpy2 quirk 7: a link stays open until the original has handled its blocks, 12 ms each and 60 more", async () => {
  const clock = new HandClock();
  const server = new Server("tcp://127.0.0.1:0", { dialect: "serpy2" }, clock.world);
  await server.start();
  await using client = await connect(server.address, { dialect: "serpy2" });
  while ([...server.peers].length === 0) await turn();
  const [peer] = server.peers;
  for (let index = 0; index < 50; index++) peer.send(index);
  for (let index = 0; index < 50; index++) assert.equal(await client.receive(), index);
  const closing = peer.close();
  let passedMs = 0;
  for (let isClosed = false; !isClosed; passedMs++) {
    clock.advance(1);
    isClosed = await Promise.race([closing.then(() => true), turn().then(() => false)]);
  }
  assert.ok(passedMs >= 50 * 12 + 60, `closed after ${passedMs} ms of its clock`);
  assert.equal((await client.closed).code, "eof");
  await server.close();
});

Deno.test("serpy2 quirk 7: blocks are counted however they were written", () => {
  const session = opened(serpy2());
  assert.equal(session.handlingMs(new Uint8Array(0)), 0);
  assert.equal(session.handlingMs(join(str(""), str("some text"), str("x".repeat(3000)))), 36);
});
