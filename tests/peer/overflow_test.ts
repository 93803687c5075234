import { connect, listen, type Overflow } from "@parley/parley";
import assert from "node:assert/strict";
import { CutProxy } from "./cut_proxy.ts";
import { LinkLog } from "./link_log.ts";
import { Seen } from "./seen.ts";

/** Larger than what a few reads take, so that the buffers of the system are full soon. */
const LARGE = 256 * 1024;
/** More of them than any system keeps for one connection. */
const MANY = 200;

/** A server with that policy, and a client that reads nothing until `proxy.forward()`. */
async function stalled(overflow: Overflow | undefined, limits: Record<string, number> = {}) {
  const stack = new AsyncDisposableStack();
  const there = new LinkLog();
  const received = new Seen<number>();
  const server = stack.use(
    await listen("tcp://127.0.0.1:0", {
      overflow,
      limits: {
        outboxHighBytes: 2 * LARGE,
        outboxLowBytes: LARGE,
        maxOutboxBytes: 8 * LARGE,
        closeMs: 50,
        ...limits,
      },
      ...there.callbacks,
    }),
  );
  const proxy = stack.use(new CutProxy(server.port));
  const client = await connect(proxy.address, {
    onReceive: (message) => received.add((message as { n: number }).n),
    onFail() {},
  });
  stack.defer(async () => {
    proxy.forward();
    await client.close();
  });
  await there.until("connect");
  proxy.hold("down");
  const [peer] = server.peers;
  return { server, proxy, client, peer, there, received, [Symbol.asyncDispose]: () => stack.disposeAsync() };
}

function message(n: number): unknown {
  return { n, load: new Uint8Array(LARGE) };
}

Deno.test("overflow block: send waits for a reader that stops, and everything arrives", async () => {
  await using link = await stalled(undefined);
  const { peer, proxy, received } = link;
  let sent = 0;
  let error: { code?: string; outcome?: string; message: string } | undefined;
  while (error === undefined && sent < MANY) {
    await peer.send(message(sent), { timeoutMs: 200 }).then(() => {}, (thrown) => error = thrown);
    sent++;
  }
  assert.deepEqual([error?.code, error?.outcome], ["timeout", "unknown"]);
  assert.match(error!.message, /did not read for 200 ms: \d+ bytes wait to be written/);
  const waiting = peer.send(message(sent++));
  proxy.forward();
  await waiting;
  assert.deepEqual(await received.take(sent), Array.from({ length: sent }, (_, n) => n));
  assert.equal(peer.counts.overflowed, 0);
});

Deno.test("overflow drop-oldest: the newest messages stay, the others are counted and told", async () => {
  await using link = await stalled("drop-oldest");
  const { peer, proxy, received, there } = link;
  for (let n = 0; n < MANY; n++) {
    await peer.send(message(n), { timeoutMs: 1 }); // resolves at once: it never waits
  }
  const { overflowed } = peer.counts;
  assert.ok(overflowed > 0);
  const told = there.events.reduce((sum, event) => event.kind === "drop" ? sum + event.count : sum, 0);
  assert.equal(told, overflowed);
  proxy.forward();
  const arrived = await received.take(MANY - overflowed);
  assert.equal(arrived.at(-1), MANY - 1, "the newest has come");
  assert.deepEqual(arrived, arrived.toSorted((a, b) => a - b), "in order");
  assert.equal(new Set(arrived).size, arrived.length);
  await peer.send({ n: MANY });
  assert.equal(await received.next(), MANY);
});

Deno.test("overflow drop-oldest: requests and their answers are never dropped", async () => {
  await using link = await stalled("drop-oldest");
  const { client, peer, proxy, received } = link;
  client.onRequest("last", () => received.all.at(-1));
  for (let n = 0; n < MANY; n++) await peer.send(message(n));
  const answer = peer.request("last");
  assert.ok(peer.counts.overflowed > 0);
  proxy.forward();
  assert.equal(typeof await answer, "number");
});

Deno.test("overflow close: a reader that stops is closed, and all hear why", async () => {
  await using link = await stalled("close");
  const { peer, server, there } = link;
  for (let n = 0; n < MANY && peer.isOpen; n++) await peer.send(message(n)).catch(() => {});
  const reason = await peer.closed;
  assert.deepEqual([reason.code, reason.byUs, reason.willRetry], ["slow", true, false]);
  assert.match(
    reason.message,
    /does not read: \d+ bytes wait to be written \(limits\.outboxHighBytes 524288, overflow "close"\)/,
  );
  assert.deepEqual(there.lines.slice(2), ["fail slow", "down slow", "disconnect slow"]);
  assert.equal(server.peers.size, 0);
  await assert.rejects(peer.send("more"), { code: "not_connected", outcome: "not-sent" });
});

for (const overflow of ["block", "drop-oldest", "close"] as const) {
  Deno.test(`broadcast does not wait for one of three that stops reading, with overflow ${overflow}`, async () => {
    await using link = await stalled(overflow);
    const { server, proxy, received, peer } = link;
    const others = [new Seen<number>(), new Seen<number>()];
    const clients = await Promise.all(
      others.map((seen) => connect(server.address, { onReceive: ({ n }: { n: number }) => seen.add(n) })),
    );
    const reached: number[] = [];
    for (let n = 0; n < MANY; n++) {
      reached.push(server.broadcast(message(n)));
      for (const seen of others) assert.equal(await seen.next(), n);
    }
    assert.equal(reached[0], 3);
    assert.equal(reached.at(-1), overflow === "drop-oldest" ? 3 : 2);
    if (overflow === "close") {
      assert.equal((await peer.closed).code, "slow");
    } else {
      proxy.forward();
      const dropped = overflow === "block"
        ? reached.filter((count) => count === 2).length
        : peer.counts.overflowed;
      assert.ok(dropped > 0);
      const arrived = await received.take(MANY - dropped);
      assert.deepEqual(arrived, arrived.toSorted((a, b) => a - b));
      assert.equal(server.broadcast(message(MANY)), 3);
      assert.equal(await received.next(), MANY);
    }
    for (const client of clients) await client.close();
  });
}
