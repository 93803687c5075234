import assert from "node:assert/strict";
import { BrokenError, ClosedError, type ProtocolError, TimeoutError } from "../../src/errors.ts";
import { acceptReliable, connectReliable, type ReliableOptions } from "../../src/peer/reliable_line.ts";
import { checkTransport, type TransportCheck } from "../../src/testing/check_transport.ts";
import { SeededRandom } from "../../src/testing/seeded_random.ts";
import { memoryPair } from "../../src/transport/memory.ts";
import type { ReliableTransport } from "../../src/peer/reliable_transport.ts";
import type { Transport } from "../../src/transport/transport.ts";
import { HandClock } from "./hand_clock.ts";
import { NoisyLine } from "./noisy_line.ts";

/** Both ends of a connection; the waiting end is closed as soon as it is made, so that its line goes with it. */
async function connected(
  here: Transport,
  there: Transport,
  options: ReliableOptions = {},
): Promise<[ReliableTransport, ReliableTransport]> {
  const listener = acceptReliable(there, options);
  const [client, server] = await Promise.all([connectReliable(here, options), listener.accept()]);
  listener.close();
  return [client, server as ReliableTransport];
}

/** Pairs for the kit, and at the end the wait until the lines of all of them are closed. */
function pairs(lines: () => [Transport, Transport]): Pick<TransportCheck, "pair" | "cleanup"> {
  const open: ReliableTransport[] = [];
  return {
    pair: async () => {
      const pair = await connected(...lines());
      open.push(...pair);
      return pair;
    },
    cleanup: async () => {
      for (const { released } of open) await released;
    },
  };
}

/** Turns of the loop without time. */
async function turns(): Promise<void> {
  for (let turn = 0; turn < 100; turn++) await null;
}

Deno.test("a reliable line keeps the contract of transports", () =>
  checkTransport({
    ...pairs(() => memoryPair()),
    largestBytes: 1024 * 1024,
    floodBytes: 1024 * 1024,
  }));

Deno.test("a reliable line keeps the contract over a line that takes and gives single bytes", () =>
  checkTransport({
    ...pairs(() => memoryPair({ chunkBytes: 1, capacityBytes: 10 })),
    largestBytes: 4000,
    floodBytes: 40_000,
    rounds: 20,
  }));

Deno.test("a reliable line keeps the contract where one byte in 2,000 is flipped", () => {
  let seed = 0;
  return checkTransport({
    ...pairs(() => {
      const { here, there } = new NoisyLine(2000, ++seed);
      return [here, there];
    }),
    // 300 bytes there and back while a write waits: each that is lost costs a tenth of a second.
    skip: ["back-pressure"],
    largestBytes: 20_000,
    floodBytes: 50_000,
    rounds: 3,
  });
});

Deno.test("addresses and what is written are told", async () => {
  const { here, there } = new NoisyLine();
  const [client, server] = await connected(here, there);
  assert.deepEqual([client.remoteAddress, client.localAddress, client.isLocal], [
    "serial:there",
    "serial:here",
    true,
  ]);
  assert.equal(client.writtenBytes, 0);
  await client.write(new Uint8Array(500));
  assert.equal(client.writtenBytes, 500);
  client.close();
  server.close();
  await Promise.all([client.released, server.released]);
});

Deno.test("connecting ends with the reason of the signal, and a time limit tells what came", async () => {
  for (
    const [bytes, text] of [[0, "nothing came: is the other side a Parley that listens?"], [
      1234,
      "1,234 bytes came",
    ]]
  ) {
    const { here, there } = new NoisyLine();
    const abort = new AbortController();
    const connecting = connectReliable(here, { signal: abort.signal, lineText: "9600 8N1" });
    await there.write(new Uint8Array(Number(bytes)).fill(0x55));
    await turns();
    abort.abort(new TimeoutError("timeout", "Cannot connect: no connection within 10 ms"));
    await assert.rejects(connecting, (error: TimeoutError) => {
      assert.equal(error.code, "timeout");
      assert.ok(
        error.message.startsWith(`Cannot connect: no connection within 10 ms; ${text}`),
        error.message,
      );
      return true;
    });
    assert.notEqual(await there.read(), undefined); // OPEN
    assert.equal(await there.read(), null, "the line is closed");
  }
  const reason = new Error("mine");
  const line = new NoisyLine();
  await assert.rejects(connectReliable(line.here, { signal: AbortSignal.abort(reason) }), reason);
  assert.equal(await line.there.read(), null);
  line.there.close();
});

Deno.test("64 KiB of garbage end the attempt to connect, and a connection", async () => {
  const { here, there } = new NoisyLine();
  const refused = assert.rejects(
    connectReliable(here, { lineText: "115200 8N1" }),
    (error: ProtocolError) => {
      assert.equal(error.code, "garbage");
      assert.match(
        error.message,
        /^65,536 bytes came from serial:there and not one packet in them: check the baud rate \(here 115200 8N1\) at both/,
      );
      return true;
    },
  );
  await there.write(new Uint8Array(70_000).fill(0x55));
  await refused;
  const line = new NoisyLine();
  const listener = acceptReliable(line.there);
  const [client, server] = await Promise.all([connectReliable(line.here), listener.accept()]);
  const next = assert.rejects(listener.accept(), { code: "garbage" });
  const reading = assert.rejects(server!.read(), { code: "garbage" });
  await line.here.write(new Uint8Array(70_000).fill(0x55));
  await reading;
  await next;
  await assert.rejects(server!.write(Uint8Array.of(1)), { code: "garbage" });
  await assert.rejects(client.read(), (error: BrokenError) => {
    assert.equal(error.code, "reset");
    assert.match(error.message, /the other side has given it up/);
    return true;
  });
  server!.close();
  listener.close();
  client.close();
  await Promise.all([listener.released, client.released]);
});

Deno.test("a client that restarts ends the connection before, and the next one is accepted", async () => {
  const { here, there } = new NoisyLine();
  const listener = acceptReliable(there);
  const [first, server] = await Promise.all([connectReliable(here), listener.accept()]);
  await first.write(Uint8Array.of(1));
  assert.deepEqual(await server!.read(), Uint8Array.of(1));
  const reading = assert.rejects(server!.read(), (error: BrokenError) => {
    assert.equal(error.code, "reset");
    assert.match(error.message, /the other side has restarted, and connects anew/);
    return true;
  });
  // The first client is not closed: its program died. The port is opened again, so nobody reads for it.
  const [second, again] = await Promise.all([connectReliable(here), listener.accept()]);
  await reading;
  await assert.rejects(server!.write(Uint8Array.of(1)), { code: "reset" });
  assert.equal(await listenerGives(listener.accept()), "nothing");
  server!.close();
  again!.close();
  listener.close();
  second.close();
  first.close();
  await Promise.all([listener.released, second.released, first.released]);
});

Deno.test("closing the waiting end leaves the connection of the moment", async () => {
  const { here, there } = new NoisyLine();
  const listener = acceptReliable(there);
  const [client, server] = await Promise.all([connectReliable(here), listener.accept()]);
  const accepting = listener.accept();
  listener.close();
  assert.equal(await accepting, null);
  assert.equal(await listener.accept(), null);
  await client.write(Uint8Array.of(1));
  assert.deepEqual(await server!.read(), Uint8Array.of(1));
  server!.close();
  assert.equal(await client.read(), null);
  client.close();
  await Promise.all([listener.released, client.released]);
});

Deno.test("a line that fails ends the connection with its own error, and the waiting end tells it once", async () => {
  const [here, there] = memoryPair();
  const failing = Promise.withResolvers<Uint8Array | null>();
  let hasFailed = false;
  const unplugged: Transport = {
    ...transportOf(there),
    read: () => hasFailed ? failing.promise : Promise.race([failing.promise, there.read()]),
  };
  const listener = acceptReliable(unplugged);
  const [client, server] = await Promise.all([connectReliable(here), listener.accept()]);
  const error = new BrokenError("unplugged", "Link serial:x is lost: the device was unplugged");
  const [reading, accepting] = [server!.read(), listener.accept()];
  hasFailed = true;
  failing.reject(error);
  await assert.rejects(reading, error);
  await assert.rejects(accepting, error);
  assert.equal(await listener.accept(), null);
  await assert.rejects(server!.write(Uint8Array.of(1)), error);
  await assert.rejects(client.read(), { code: "reset" });
  server!.close();
  client.close();
  listener.close();
});

Deno.test("a line that is cut is silent after giveUpMs, and what waits is told", async () => {
  const clock = new HandClock();
  const line = new NoisyLine();
  const [client, server] = await connected(line.here, line.there, { world: clock.world, giveUpMs: 5000 });
  line.isCut = true;
  const reading = assert.rejects(client.read(), { code: "silent" });
  const writing = assert.rejects(client.write(new Uint8Array(100_000)), { code: "silent" });
  for (let second = 0; second < 8; second++) {
    await turns();
    clock.advance(1000);
  }
  await Promise.all([reading, writing]);
  server.close();
  client.close();
  for (let second = 0; second < 8; second++) {
    await turns();
    clock.advance(1000);
  }
  assert.equal(clock.waiting, 0, "no timer is left");
  await assert.rejects(client.write(Uint8Array.of(1)), ClosedErrorOr("silent"));
});

Deno.test("a line that takes nothing does not keep close from closing it", async () => {
  const clock = new HandClock();
  const [here, there] = memoryPair();
  let isStuck = false;
  let isClosed = false;
  const stuck: Transport = {
    ...transportOf(here),
    write: (bytes) => isStuck ? new Promise(() => {}) : here.write(bytes),
    close: () => {
      isClosed = true;
      here.close();
    },
  };
  const [client, server] = await connected(stuck, there, { world: clock.world });
  isStuck = true;
  await client.write(Uint8Array.of(1));
  client.close();
  for (let second = 0; second < 10; second++) {
    await turns();
    clock.advance(1000);
  }
  await turns();
  assert.equal(isClosed, true);
  server.close();
  for (let second = 0; second < 10; second++) {
    await turns();
    clock.advance(1000);
  }
});

Deno.test("100 KB each way over one flipped byte in 1,000", async () => {
  const { here, there } = new NoisyLine(1000, 7);
  const [client, server] = await connected(here, there);
  const random = new SeededRandom(1);
  const [ours, theirs] = [random.bytes(100_000), random.bytes(100_000)];
  const [, , atServer, atClient] = await Promise.all([
    client.write(ours),
    server.write(theirs),
    readBytes(server, ours.length),
    readBytes(client, theirs.length),
  ]);
  assert.deepEqual(atServer, ours);
  assert.deepEqual(atClient, theirs);
  client.close();
  server.close();
  await Promise.all([client.released, server.released]);
});

async function readBytes(from: Transport, count: number): Promise<Uint8Array> {
  const bytes = new Uint8Array(count);
  for (let at = 0; at < count;) {
    const chunk = await from.read();
    assert.ok(chunk !== null);
    bytes.set(chunk, at);
    at += chunk.length;
  }
  return bytes;
}

/** Whether an accept that is under way gives something within some turns of the loop. */
async function listenerGives(accepting: Promise<Transport | null>): Promise<string> {
  let gave = "nothing";
  accepting.then(() => gave = "something");
  await turns();
  return gave;
}

function transportOf(line: Transport): Transport {
  return {
    remoteAddress: line.remoteAddress,
    localAddress: line.localAddress,
    isLocal: line.isLocal,
    read: () => line.read(),
    write: (bytes) => line.write(bytes),
    closeWrite: () => line.closeWrite(),
    close: () => line.close(),
  };
}

function ClosedErrorOr(code: string): (error: unknown) => boolean {
  return (error) => error instanceof ClosedError || (error as BrokenError).code === code;
}
