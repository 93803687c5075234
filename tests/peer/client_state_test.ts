import { Client, connect, createClient, listen } from "@parley/parley";
import assert from "node:assert/strict";
import { REAL_WORLD } from "../../src/peer/world.ts";
import { CutProxy } from "./cut_proxy.ts";
import { Linked } from "./linked.ts";
import { LinkLog } from "./link_log.ts";

/** Where the waits between attempts are as long as they may be. */
const UNLUCKY = { ...REAL_WORLD, random: () => 0.999 };
/** So long that a test is over before the next attempt. */
const LATER = { minMs: 3_600_000, maxMs: 3_600_000 };

Deno.test("Client.state and Client.ready tell where the link stands, at every step", async () => {
  await using server = await listen("tcp://127.0.0.1:0");
  await using proxy = new CutProxy(server.port);
  const log = new LinkLog();
  const client = createClient(proxy.address, { reconnect: { minMs: 1, maxMs: 1 }, ...log.callbacks });
  const states: string[] = [];
  client.use({
    onInitialize: () => void states.push(client.state),
    onConnect: () => void states.push(client.state),
    onDisconnect: () => void states.push(client.state),
    onEvent: ({ kind }) => void states.push(`${kind} ${client.state}`),
  });
  assert.equal(client.state, "idle");
  const first = client.ready;
  const started = client.start();
  assert.equal(client.state, "connecting");
  assert.equal(await first, client);
  assert.equal(client.state, "open");
  assert.equal(await client.ready, client);
  assert.equal(await started, client);
  proxy.hold();
  proxy.cut();
  await log.until("disconnect");
  assert.equal(client.state, "down");
  const second = client.ready;
  assert.notEqual(second, first);
  const again = client.start();
  proxy.forward();
  assert.equal(await second, client);
  assert.equal(await again, client, "start waits for the link that is being restored");
  assert.equal(client.state, "open");
  await client.close();
  assert.equal(client.state, "closed");
  assert.deepEqual(states, [
    "connecting",
    "up open",
    "open",
    "down down",
    "down",
    "retry down",
    "resumed open",
    "up open",
    "open",
    "down closed",
    "closed",
  ]);
  await client.start();
  assert.equal(client.state, "open");
  await client.close();
});

Deno.test("Client.ready rejects when the client is closed, and when it gives up", async () => {
  await using link = await Linked.up({}, { reconnect: { minMs: 1, maxMs: 1, attempts: 2 } });
  const { client, proxy } = link;
  assert.equal(await client.ready, client);
  await link.lose();
  const waiting = assert.rejects(client.ready, { name: "BrokenError", code: "handshake" });
  proxy.refuse();
  await waiting;
  assert.equal((await client.closed).code, "handshake");
  assert.equal(client.state, "closed");

  const idle = createClient(link.server.address);
  const ready = idle.ready;
  await idle.start();
  assert.equal(await ready, idle);
  await idle.close();
  await assert.rejects(soon(idle.ready), { code: "closed" });
  await idle.start();
  assert.equal(await idle.ready, idle);
  await idle.close();
});

Deno.test("Client.close ends a client whose link is down, while it connects", async () => {
  await using link = await Linked.up();
  const { client, proxy, here } = link;
  const sent = client.request("none").catch((error) => error);
  await sent;
  await link.lose();
  const unsent = assert.rejects(client.request("later"), { code: "closed", outcome: "not-sent" });
  const queued = assert.rejects(client.send("later", { queue: true }), { outcome: "not-sent" });
  const ready = assert.rejects(client.ready, { name: "ClosedError", code: "closed" });
  await here.until("retry");
  here.take();
  const reason = await client.close();
  assert.deepEqual([reason.code, reason.byUs, reason.willRetry], ["closed", true, false]);
  await Promise.all([unsent, queued, ready]);
  assert.equal(client.state, "closed");
  assert.deepEqual(here.take(), ["down closed"], "it was disconnected before");
  assert.equal(await client.closed, reason);
  await assert.rejects(client.request("none"), { code: "closed", outcome: "not-sent" });
  proxy.forward();
});

Deno.test("Client.close ends a client that waits before it tries again", async () => {
  await using server = await listen("tcp://127.0.0.1:0");
  await using proxy = new CutProxy(server.port);
  const log = new LinkLog();
  const client = new Client(proxy.address, { reconnect: LATER, ...log.callbacks }, UNLUCKY);
  await client.start();
  proxy.cut();
  await log.until("retry");
  assert.equal(client.state, "down");
  const ready = assert.rejects(client.ready, { code: "closed" });
  assert.equal((await client.close()).code, "closed");
  await ready;
  assert.equal(client.state, "closed");
  assert.equal(proxy.accepted, 1);
});

Deno.test("Client.close ends a client that waits before it tries again, and never had a link", async () => {
  await using proxy = new CutProxy(1);
  proxy.refuse();
  const log = new LinkLog();
  const client = new Client(proxy.address, { reconnect: LATER, ...log.callbacks }, UNLUCKY);
  const started = assert.rejects(client.start());
  const ready = assert.rejects(client.ready);
  await log.until("retry 2");
  assert.equal(client.state, "connecting");
  assert.equal((await client.close()).code, "closed");
  await Promise.all([started, ready]);
  assert.match(client.state, /^(closed|idle)$/);
  assert.equal(proxy.accepted, 1);
});

Deno.test("Client.close may be called by the callbacks that tell of the loss", async () => {
  for (const when of ["disconnect", "down", "retry"]) {
    await using link = await Linked.up();
    const { client, proxy } = link;
    client.use({
      onDisconnect: () => void (when === "disconnect" && client.close()),
      onEvent: ({ kind }) => void (when === kind && client.close()),
    });
    proxy.hold();
    proxy.cut();
    assert.equal((await client.closed).code, "closed", when);
    assert.equal(client.state, "closed");
    assert.equal(proxy.accepted, 1, when);
    proxy.forward();
  }
});

/** Ways to be when the signal is aborted: each returns when the client is there. */
const MOMENTS: Record<string, (proxy: CutProxy, log: LinkLog, client: Client) => Promise<unknown>> = {
  "while it is up": (_proxy, _log, client) => client.start(),
  "while its link is restored": async (proxy, log, client) => {
    await client.start();
    proxy.hold();
    proxy.cut();
    await log.until("retry");
    await proxy.arrivals.take(2);
  },
  "while it waits to try again": async (proxy, log, client) => {
    await client.start();
    proxy.refuse();
    await log.until("retry 7");
  },
  "while it connects for the first time": async (proxy, _log, client) => {
    proxy.hold();
    client.start().catch(() => {});
    await proxy.arrivals.next();
  },
  "while it waits to try for the first time again": async (proxy, log, client) => {
    proxy.refuse();
    client.start().catch(() => {});
    await log.until("retry 7");
  },
};

for (const [moment, arrive] of Object.entries(MOMENTS)) {
  Deno.test(`the signal option ends a client ${moment}`, async () => {
    await using server = await listen("tcp://127.0.0.1:0");
    await using proxy = new CutProxy(server.port);
    const log = new LinkLog();
    const stop = new AbortController();
    let retries = 0;
    const random = () => ++retries < 7 ? 0 : 0.999;
    const options = { reconnect: LATER, signal: stop.signal, ...log.callbacks };
    const client = new Client(proxy.address, options, { ...REAL_WORLD, random });
    await arrive(proxy, log, client);
    const wasOpen = client.isOpen;
    const ready = wasOpen ? undefined : client.ready.then(() => "ready", () => "rejected");
    stop.abort(new Error("enough"));
    if (ready !== undefined) assert.equal(await ready, "rejected");
    await client.close();
    assert.equal(client.isOpen, false);
    await assert.rejects(client.start(), { message: "enough" });
    await assert.rejects(soon(client.ready), { message: "enough" });
    assert.ok(["closed", "idle"].includes(client.state), client.state);
  });
}

Deno.test("connect with reconnect rejects with the reason of its signal", async () => {
  await using proxy = new CutProxy(1);
  proxy.refuse();
  const log = new LinkLog();
  const stop = new AbortController();
  const reconnect = { minMs: 1, maxMs: 1 };
  const rejected = assert.rejects(
    connect(proxy.address, { reconnect, signal: stop.signal, ...log.callbacks }),
    {
      message: "enough",
    },
  );
  await log.until("retry 3");
  stop.abort(new Error("enough"));
  await rejected;
});

/** `promise`, or an error when it is not settled yet. */
async function soon<T>(promise: Promise<T>): Promise<T> {
  return await Promise.race([promise, Promise.reject(new Error("still open"))]);
}
