import { checksum, connect, crc16Modbus, interByteTimeout, listen, ready, Server } from "@parley/parley";
import assert from "node:assert/strict";
import { BareLink } from "./bare_link.ts";
import { HandClock } from "./hand_clock.ts";

const bytes = (...values: number[]) => Uint8Array.from(values);

Deno.test("a frame that a pause ends arrives, and is answered", async () => {
  const codec = checksum(interByteTimeout({ quietMs: 5 }), crc16Modbus);
  await using server = await listen("tcp://127.0.0.1:0", {
    codec,
    onReceive: (frame, peer) => peer.send((frame as Uint8Array).toReversed()),
  });
  await using client = await connect(server.address, { codec });
  for (const frame of [bytes(1, 3, 0, 0, 0, 10), bytes(7), new Uint8Array(2000).fill(9)]) {
    assert.deepEqual(await client.ask(frame), frame.toReversed());
  }
});

Deno.test("bytes belong to one frame until the line has been quiet for quietMs", async () => {
  const clock = new HandClock();
  let heard = Promise.withResolvers<Uint8Array>();
  const options = {
    codec: interByteTimeout({ quietMs: 1000 }),
    onReceive: (frame: unknown) => heard.resolve(frame as Uint8Array),
  };
  const server = new Server("tcp://127.0.0.1:0", options, clock.world);
  await server.start();
  using link = await BareLink.dial(server.port!);
  const arrived = async (count: number) => {
    while ([...server.peers][0]?.counts.bytesIn !== count) await new Promise((next) => setImmediate(next));
  };
  await link.write(bytes(1, 2));
  await arrived(2);
  clock.advance(999);
  await link.write(bytes(3));
  await arrived(3);
  clock.advance(999);
  await link.write(bytes(4));
  await arrived(4);
  clock.advance(1010);
  assert.deepEqual(await heard.promise, bytes(1, 2, 3, 4));
  heard = Promise.withResolvers();
  await link.write(bytes(5));
  await arrived(5);
  clock.advance(1010);
  assert.deepEqual(await heard.promise, bytes(5));
  link.close();
  await server.close();
});

Deno.test("the end of the link ends a frame, and another link waits for its mark anew", async () => {
  const heard: Uint8Array[] = [];
  let two = Promise.withResolvers<void>();
  await using server = await listen("tcp://127.0.0.1:0", {
    codec: ready("GO", interByteTimeout({ quietMs: 60_000 })),
    onReceive: (frame) => void heard.push(frame as Uint8Array),
    onDisconnect: () => two.resolve(),
  });
  for (const words of ["bootGO1", "GO2", "none"]) {
    using link = await BareLink.dial(server.port!);
    await link.write(words);
    await link.closeWrite();
    await two.promise;
    two = Promise.withResolvers();
  }
  assert.deepEqual(heard.map((frame) => new TextDecoder().decode(frame)), ["1", "2"]);
});
