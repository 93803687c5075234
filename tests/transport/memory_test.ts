import assert from "node:assert/strict";
import { checkTransport } from "../../src/testing/check_transport.ts";
import { memoryPair } from "../../src/transport/memory.ts";
import { parseAddress } from "../../src/transport/table.ts";
import type { Listener, Transport } from "../../src/transport/transport.ts";

function listenOn(text: string): Promise<Listener> {
  const { address, kind } = parseAddress(text);
  return kind.listen!(address);
}

function connectTo(text: string, signal?: AbortSignal): Promise<Transport> {
  const { address, kind } = parseAddress(text);
  return kind.connect(address, { signal });
}

Deno.test("memoryPair keeps the contract of transports", () =>
  checkTransport({ pair: () => Promise.resolve(memoryPair()), floodBytes: 8 * 1024 * 1024 }));

Deno.test("memoryPair keeps the contract with tiny chunks and a tiny capacity", () =>
  checkTransport({
    pair: () => Promise.resolve(memoryPair({ chunkBytes: 3, capacityBytes: 1000 })),
    largestBytes: 2000,
    floodBytes: 20_000,
  }));

Deno.test("memory keeps the contract of transports", async () => {
  const listener = await listenOn("memory://contract");
  await checkTransport({
    pair: async () => {
      const [ours, theirs] = await Promise.all([connectTo("memory://contract"), listener.accept()]);
      return [ours, theirs!];
    },
    cleanup: () => listener.close(),
    floodBytes: 8 * 1024 * 1024,
  });
});

Deno.test("memoryPair reads in chunks of chunkBytes", async () => {
  const [a, b] = memoryPair({ chunkBytes: 2 });
  await a.write(Uint8Array.of(1, 2, 3, 4, 5));
  a.close();
  assert.deepEqual(
    [await b.read(), await b.read(), await b.read(), await b.read()],
    [Uint8Array.of(1, 2), Uint8Array.of(3, 4), Uint8Array.of(5), null],
  );
  b.close();
});

Deno.test("memoryPair takes capacityBytes and no more while nobody reads", async () => {
  const [a, b] = memoryPair({ capacityBytes: 4 });
  await a.write(Uint8Array.of(1, 2, 3, 4));
  let settled = false;
  const writing = a.write(Uint8Array.of(5)).then(() => settled = true);
  for (let turn = 0; turn < 50; turn++) await null;
  assert.equal(settled, false);
  assert.deepEqual(await b.read(), Uint8Array.of(1, 2, 3, 4));
  await writing;
  assert.deepEqual(await b.read(), Uint8Array.of(5));
  a.close();
  b.close();
});

Deno.test("memoryPair names its ends as told, and in its errors", async () => {
  const [a, b] = memoryPair({ names: ["memory://left", "memory://right"] });
  assert.deepEqual([a.localAddress, a.remoteAddress], ["memory://left", "memory://right"]);
  assert.deepEqual([b.localAddress, b.remoteAddress], ["memory://right", "memory://left"]);
  b.close();
  await assert.rejects(a.write(Uint8Array.of(1)), {
    code: "broken_pipe",
    message: "Cannot write to memory://right: the other side has closed the connection",
  });
  a.close();
  await assert.rejects(b.write(Uint8Array.of(1)), {
    code: "closed",
    message: "Cannot write to memory://left: the link was closed here",
  });
});

Deno.test("memoryPair refuses a write after closeWrite", async () => {
  const [a, b] = memoryPair();
  await a.closeWrite();
  await assert.rejects(a.write(Uint8Array.of(1)), { name: "BrokenError" });
  assert.equal(await b.read(), null);
  a.close();
  b.close();
});

Deno.test("memory refuses a name where nobody listens, and one that is in use", async () => {
  await assert.rejects(connectTo("memory://nobody"), {
    name: "BrokenError",
    code: "refused",
    message: "Cannot connect to memory://nobody: connection refused; nothing in this process listens there",
  });
  const listener = await listenOn("memory://once");
  await assert.rejects(listenOn("memory://once"), {
    name: "BrokenError",
    code: "address_in_use",
    message: "Cannot listen on memory://once: the name is in use in this process; choose another",
  });
  listener.close();
  (await listenOn("memory://once")).close();
});

Deno.test("memory hands over connections in their order, those made before accept too", async () => {
  const listener = await listenOn("memory://order");
  const first = await connectTo("memory://order");
  const second = await connectTo("memory://order");
  await first.write(Uint8Array.of(1));
  await second.write(Uint8Array.of(2));
  for (const wanted of [1, 2]) {
    const theirs = (await listener.accept())!;
    assert.deepEqual(await theirs.read(), Uint8Array.of(wanted));
    theirs.close();
  }
  for (const open of [first, second, listener]) open.close();
});

Deno.test("memory ends an accept that waits, and connections that nobody accepted, when the listener closes", async () => {
  const listener = await listenOn("memory://end");
  const waiting = await connectTo("memory://end");
  listener.close();
  assert.equal(await waiting.read(), null);
  waiting.close();
  assert.equal(await listener.accept(), null);
  const other = await listenOn("memory://end");
  const accepting = other.accept();
  other.close();
  other.close();
  assert.equal(await accepting, null);
});

Deno.test("memory rejects with the signal's reason when it is aborted", async () => {
  const reason = new Error("Enough");
  const listener = await listenOn("memory://abort");
  await assert.rejects(connectTo("memory://abort", AbortSignal.abort(reason)), (error) => error === reason);
  listener.close();
});
