import assert from "node:assert/strict";
import { SeededRandom } from "../../src/testing/seeded_random.ts";
import { FaultProxy } from "./fault_proxy.ts";
import type { LinkFault } from "./faulty_link.ts";

const SENT = new SeededRandom(7).bytes(20_000);

/** The two ends of one link through a proxy, as raw sockets. */
async function linked(seed: number, use: (ends: Ends) => Promise<void>): Promise<void> {
  using listener = Deno.listen({ port: 0, hostname: "127.0.0.1" });
  await using proxy = await FaultProxy.open(() => listener.addr.port, new SeededRandom(seed));
  using client = await Deno.connect({ port: proxy.port, hostname: "127.0.0.1" });
  using server = await listener.accept();
  await exchange(client, server); // the proxy knows both ends now
  await use({ client, server, proxy, listener });
}

interface Ends {
  client: Deno.TcpConn;
  server: Deno.TcpConn;
  proxy: FaultProxy;
  listener: Deno.TcpListener;
}

async function exchange(from: Deno.TcpConn, to: Deno.TcpConn): Promise<void> {
  await from.write(new Uint8Array([1]));
  assert.equal(await to.read(new Uint8Array(1)), 1);
}

async function writeAll(to: Deno.TcpConn, bytes: Uint8Array): Promise<void> {
  for (let sent = 0; sent < bytes.length;) sent += await to.write(bytes.subarray(sent));
}

/** All bytes until the end of the stream, and how it ended. */
async function readToEnd(from: Deno.TcpConn): Promise<{ bytes: Uint8Array; end: "eof" | "reset" }> {
  const chunks: Uint8Array[] = [];
  const bytes = () => Uint8Array.from(chunks.flatMap((chunk) => [...chunk]));
  for (;;) {
    const buffer = new Uint8Array(4096);
    try {
      const count = await from.read(buffer);
      if (count === null) return { bytes: bytes(), end: "eof" };
      chunks.push(buffer.subarray(0, count));
    } catch (error) {
      assert(error instanceof Deno.errors.ConnectionReset, String(error));
      return { bytes: bytes(), end: "reset" };
    }
  }
}

Deno.test("a proxy passes bytes and the end of each direction on", async () => {
  await linked(1, async ({ client, server, proxy }) => {
    const atServer = readToEnd(server);
    await writeAll(client, SENT);
    await client.closeWrite();
    assert.deepEqual(await atServer, { bytes: SENT, end: "eof" });
    const atClient = readToEnd(client);
    await writeAll(server, SENT);
    await server.closeWrite();
    assert.deepEqual(await atClient, { bytes: SENT, end: "eof" });
    assert.equal(await proxy.inject("reset"), undefined); // the link has ended
  });
});

for (const fault of ["slice", "delay", "stall"] as const) {
  Deno.test(`${fault}: a proxy changes when bytes come, not which`, async () => {
    for (const seed of [1, 2]) { // one for each direction
      await linked(seed, async ({ client, server, proxy }) => {
        const injected = proxy.inject(fault);
        const [atServer, atClient] = [readToEnd(server), readToEnd(client)];
        await Promise.all([writeAll(client, SENT), writeAll(server, SENT)]);
        await Promise.all([client.closeWrite(), server.closeWrite()]);
        assert.deepEqual(await atServer, { bytes: SENT, end: "eof" });
        assert.deepEqual(await atClient, { bytes: SENT, end: "eof" });
        assert.notEqual(await injected, undefined);
      });
    }
  });
}

Deno.test("reset: both ends get an RST", async () => {
  await linked(1, async ({ client, server, proxy }) => {
    assert.notEqual(await proxy.inject("reset"), undefined);
    assert.equal((await readToEnd(client)).end, "reset");
    assert.equal((await readToEnd(server)).end, "reset");
  });
});

Deno.test("cut: a part of what was sent arrives, and then both ends end", async () => {
  const directions = new Set<string>();
  for (const seed of [1, 2, 3, 4, 5, 6]) {
    await linked(seed, async ({ client, server, proxy }) => {
      const cut = proxy.inject("cut");
      const [atServer, atClient] = [readToEnd(server), readToEnd(client)];
      // Whoever is cut off may find out while it writes.
      const writing = [writeAll(client, SENT), writeAll(server, SENT)].map((write) => write.catch(() => {}));
      assert.notEqual(await cut, undefined);
      const [up, down] = [(await atServer).bytes, (await atClient).bytes];
      await Promise.all(writing);
      assert.deepEqual(up, SENT.subarray(0, up.length));
      assert.deepEqual(down, SENT.subarray(0, down.length));
      assert(up.length < SENT.length || down.length < SENT.length);
      directions.add(up.length < SENT.length ? "up" : "down");
    });
  }
  assert.equal(directions.size, 2);
});

Deno.test("early cut: the next link ends within its first bytes", async () => {
  await linked(1, async ({ client, server, proxy, listener }) => {
    const injected = proxy.inject("early cut");
    await Promise.all([readToEnd(client), readToEnd(server)]);
    using next = await Deno.connect({ port: proxy.port, hostname: "127.0.0.1" });
    using accepted = await listener.accept();
    const ends = [readToEnd(next), readToEnd(accepted)];
    const greeting = SENT.subarray(0, 200);
    await Promise.all(
      [writeAll(next, greeting), writeAll(accepted, greeting)].map((write) => write.catch(() => {})),
    );
    const [down, up] = await Promise.all(ends);
    assert(up.bytes.length < 200 || down.bytes.length < 200);
    assert.notEqual(await injected, undefined);
  });
});

Deno.test("refuse: the next connections are not let through, and then they are", async () => {
  await linked(1, async ({ client, server, proxy, listener }) => {
    await proxy.inject("refuse");
    await Promise.all([readToEnd(client), readToEnd(server)]);
    const accepted = listener.accept().then((conn) => conn.close()).then(() => "accepted" as const);
    let refused = 0;
    while (await Promise.race([accepted, connectToEnd(proxy.port)]) !== "accepted") refused++;
    assert(refused >= 1 && refused <= 4, String(refused));
  });
});

/** Connects and waits for the end: a reset may come before the system has said that it is connected. */
async function connectToEnd(port: number): Promise<"ended"> {
  try {
    using conn = await Deno.connect({ port, hostname: "127.0.0.1" });
    await readToEnd(conn);
  } catch (error) {
    assert(error instanceof Deno.errors.ConnectionReset, String(error));
  }
  return "ended";
}

for (const [fault, dead] of [["black hole", 2], ["half-open", 1]] satisfies [LinkFault, number][]) {
  Deno.test(`${fault}: nothing comes any more in ${dead} of 2 directions, no end either`, async () => {
    await linked(1, async ({ client, server, proxy }) => {
      await proxy.inject(fault);
      assert.equal(await proxy.inject("cut"), undefined); // it is as good as ended
      const came: string[] = [];
      const reads = [
        readToEnd(server).then(({ bytes }) => bytes.length > 0 && came.push("up")),
        readToEnd(client).then(({ bytes }) => bytes.length > 0 && came.push("down")),
      ];
      await writeAll(client, SENT);
      await writeAll(server, SENT);
      await client.closeWrite();
      await server.closeWrite();
      if (dead === 1) await Promise.any(reads);
      assert.equal(proxy.links, 1); // the proxy still holds what it swallows
      await proxy[Symbol.asyncDispose]();
      await Promise.all(reads);
      assert.equal(came.length, 2 - dead);
    });
  });
}
