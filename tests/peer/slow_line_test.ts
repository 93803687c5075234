import assert from "node:assert/strict";
import { setImmediate } from "node:timers";
import { Client } from "../../src/peer/client.ts";
import { acceptReliable } from "../../src/peer/reliable_line.ts";
import { Server } from "../../src/peer/server.ts";
import { REAL_WORLD, type World } from "../../src/peer/world.ts";
import type { Transport, TransportKind } from "../../src/transport/transport.ts";
import { frame, fromHex, MAGIC, str } from "../dialect/native/wire.ts";
import { HandClock } from "./hand_clock.ts";
import { LinkLog } from "./link_log.ts";
import { type SlowEnd, slowLine } from "./slow_line.ts";

/** A world with one slow line in it, and a clock that runs only while something is waited for. */
class SlowWorld {
  readonly clock = new HandClock();
  readonly here: SlowEnd;
  readonly there: SlowEnd;
  readonly world: World;

  constructor(baudRate: number) {
    [this.here, this.there] = slowLine(this.clock.world, baudRate);
    let there: Transport | null = this.there;
    const kind: TransportKind = {
      about: "a slow line",
      shape: "name",
      example: "memory://line",
      isNoisy: true,
      connect: () => Promise.resolve(this.here),
      listen: () =>
        Promise.resolve({
          address: "memory://line",
          port: undefined,
          accept: () => {
            const line = there;
            there = null;
            return Promise.resolve(line);
          },
          close: () => {},
        }),
    };
    const resolve = (address: string) => ({ address: REAL_WORLD.resolve(address).address, kind });
    this.world = { ...this.clock.world, resolve };
  }

  /** Lets time pass until it has settled; resolves with how long that took, in milliseconds. */
  async pass<T>(waiting: Promise<T>): Promise<{ value: T; ms: number }> {
    let isOver = false;
    const over = () => isOver = true;
    waiting.then(over, over);
    const start = this.world.now();
    for (let steps = 0; !isOver; steps++) {
      assert.ok(steps < 100_000, "it never settles");
      await new Promise<void>((resolve) => setImmediate(resolve));
      if (!isOver) this.clock.advance(10);
    }
    return { value: await waiting, ms: this.world.now() - start };
  }
}

Deno.test("a handshake has time enough on a line of 300 baud", async () => {
  const slow = new SlowWorld(300);
  const log = new LinkLog();
  const server = new Server("memory://line", log.callbacks, slow.world);
  await slow.pass(server.start());
  const client = new Client("memory://line", { reconnect: true }, slow.world);
  const { ms } = await slow.pass(client.start());
  assert.ok(ms > 10_000 && ms < 20_000, `${ms} ms`);
  server.onRequest("add", (_call, a: number, b: number) => a + b);
  assert.equal((await slow.pass(client.request("add", [1, 2]))).value, 3);
  await slow.pass(client.close());
  await slow.pass(server.close());
  assert.equal(log.take().some((event) => event.startsWith("fail")), false);
});

for (const [name, sent, asked] of [["answer", 0, 60_000], ["request", 60_000, 0]] as const) {
  Deno.test(`the ${name} that takes a minute at 9600 baud is no silence for who sends it`, async () => {
    const slow = new SlowWorld(9600);
    const [here, there] = [new LinkLog(), new LinkLog()];
    const server = new Server("memory://line", there.callbacks, slow.world);
    await slow.pass(server.start());
    server.onRequest("turn", (_call, _bytes: Uint8Array, count: number) => new Uint8Array(count));
    const client = new Client("memory://line", { reconnect: true, ...here.callbacks }, slow.world);
    await slow.pass(client.start());
    here.take();
    there.take();
    const calling = client.request("turn", [new Uint8Array(sent), asked], { timeoutMs: 600_000 });
    const { value, ms } = await slow.pass(calling);
    assert.equal((value as Uint8Array).length, asked);
    assert.ok(ms > 60_000 && ms < 75_000, `${ms} ms`);
    assert.deepEqual([here.take(), there.take()], [[], []]);
    await slow.pass(client.close());
    await slow.pass(server.close());
  });
}

for (const [baudRate, isStalled] of [[300, false], [9600, false], [9600, true]] as const) {
  const what = isStalled ? "a line that takes nothing" : `${baudRate} baud`;
  Deno.test(`close ends within 6 s at both ends on ${what}, however much waits to be sent`, async () => {
    const slow = new SlowWorld(baudRate);
    const quiet = { onFail: () => {} };
    const server = new Server("memory://line", quiet, slow.world);
    await slow.pass(server.start());
    const client = new Client("memory://line", { reconnect: true, ...quiet }, slow.world);
    await slow.pass(client.start());
    slow.here.isStalled = slow.there.isStalled = isStalled;
    for (const peer of [client, ...server.peers]) peer.send(new Uint8Array(50_000)).catch(() => {});
    for (const side of [client, server]) {
      const { ms } = await slow.pass<unknown>(side.close());
      assert.ok(ms <= 6000, `${ms} ms`);
    }
    assert.equal(slow.clock.waiting, 0);
  });
}

Deno.test("close on a line that takes nothing does not wait longer than 3 s for a goodbye", async () => {
  const slow = new SlowWorld(9600);
  const server = new Server("memory://line", {}, slow.world);
  await slow.pass(server.start());
  const client = new Client("memory://line", {}, slow.world);
  await slow.pass(client.start());
  slow.here.isStalled = slow.there.isStalled = true;
  for (const side of [client, server]) {
    const { ms } = await slow.pass<unknown>(side.close());
    assert.ok(ms <= 3000, `${ms} ms`);
  }
});

Deno.test("that a question has arrived is no answer: who only acknowledges is silent", async () => {
  const slow = new SlowWorld(9600);
  const line = acceptReliable(slow.there, { world: slow.world });
  const client = new Client("memory://line", {}, slow.world);
  const starting = client.start();
  const { value: other } = await slow.pass(line.accept());
  await slow.pass(other!.write(fromHex(MAGIC + frame(3, 1, 0, `82 ${str("v")} 01 ${str("caps")} 90`))));
  const reading = (async () => {
    while (await other!.read() !== null);
  })();
  await slow.pass(starting);
  const { value, ms } = await slow.pass(client.closed);
  assert.equal(value.code, "silent");
  assert.ok(ms > 24_900 && ms < 27_000, `${ms} ms`);
  other!.close();
  line.close();
  await slow.pass(Promise.all([reading, line.released]));
  assert.equal(slow.clock.waiting, 0);
});
