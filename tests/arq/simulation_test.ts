import assert from "node:assert/strict";
import { SeededRandom } from "../../src/testing/seeded_random.ts";
import { SimulatedLine, type Weather } from "./simulated_line.ts";

/** The rates are those of bytes; `ms` is how long it may take at most, in the time of the line. */
const WEATHERS: Record<string, { weather: Weather; bytes?: number; seeds?: number; ms: number }> = {
  "nothing happens": { weather: {}, ms: 5_000 },
  "1 byte in 10,000 is flipped": { weather: { flipOneIn: 10_000 }, ms: 10_000 },
  "1 byte in 1,000 is flipped": { weather: { flipOneIn: 1000 }, ms: 20_000 },
  "1 byte in 100 is flipped": { weather: { flipOneIn: 100 }, ms: 120_000 },
  "bytes are dropped": { weather: { dropOneIn: 1000 }, ms: 20_000 },
  "bytes are inserted": { weather: { insertOneIn: 1000 }, ms: 20_000 },
  "bursts of noise": { weather: { burstOneIn: 2000 }, ms: 20_000 },
  "whole writes disappear": { weather: { loseOneIn: 5 }, ms: 120_000 },
  "the line is cut for 5 s": { weather: { cut: [1003, 6003], flipOneIn: 3000 }, ms: 30_000 },
  "9600 baud": { weather: { baudRate: 9600 }, ms: 180_000 },
  "9600 baud with noise": { weather: { baudRate: 9600, flipOneIn: 1000 }, bytes: 30_000, ms: 180_000 },
  "115200 baud, far away, in single bytes": {
    weather: { baudRate: 115_200, delayMs: 100, chunkBytes: 1, flipOneIn: 5000 },
    ms: 120_000,
  },
  "everything at once": {
    weather: { flipOneIn: 500, dropOneIn: 2000, insertOneIn: 2000, burstOneIn: 5000, loseOneIn: 20 },
    ms: 120_000,
  },
};

for (const [name, { weather, bytes = 100_000, seeds = 3, ms }] of Object.entries(WEATHERS)) {
  Deno.test(`all arrives both ways, once and in order: ${name}`, () => {
    for (let seed = 1; seed <= seeds; seed++) {
      const line = talk(seed, weather, bytes, seed % 2 === 0 ? { baudRate: weather.baudRate } : {});
      assert.ok(line.run(ms, () => isDone(line)), `seed ${seed} takes longer than ${ms} ms: ${state(line)}`);
      assertSame(line);
    }
  });
}

Deno.test("equal seeds give equal traces", () => {
  const traces = [5, 5, 6].map((seed) => {
    const line = talk(seed, { flipOneIn: 500, loseOneIn: 20 }, 20_000);
    assert.ok(line.run(60_000, () => isDone(line)));
    return line.trace;
  });
  assert.equal(traces[0], traces[1]);
  assert.notEqual(traces[0], traces[2]);
});

Deno.test("nothing of a run before is taken for this one, whichever side restarts", () => {
  for (let seed = 1; seed <= 20; seed++) {
    const line = talk(seed, { flipOneIn: 1000, baudRate: 115_200, delayMs: 10 }, 60_000);
    const random = new SeededRandom(seed);
    for (let restarts = 0; restarts < 4; restarts++) {
      line.run(100 + random.below(1000), () => false);
      assertPrefix(line);
      if (random.below(2) === 0) line.restart(line.client);
      else {
        line.restart(line.server);
        const { pipe } = line.client;
        if (pipe?.isOpen !== true) continue; // it goes on opening
        assert.ok(line.run(5000, () => pipe.failure !== undefined), `seed ${seed}: the client is told`);
        assert.match(pipe.failure!.message, /does not know it any more; it has probably restarted/);
        line.restart(line.client);
      }
    }
    assert.ok(line.run(60_000, () => isDone(line)), `seed ${seed}: ${state(line)}`);
    assertSame(line);
  }
});

Deno.test("a pipe that nobody reads stands still, and costs a probe now and then", () => {
  const line = talk(1, { flipOneIn: 1000 }, 100_000);
  line.server.reads = false;
  line.run(60_000, () => false);
  assert.equal(line.client.pipe!.failure, undefined);
  assert.ok(line.client.sent <= 16_384, `${line.client.sent} bytes were taken`);
  const wireBytes = line.client.wireBytes;
  line.run(60_000, () => false);
  assert.ok(line.client.wireBytes - wireBytes < 120 * 2 * 40, `${line.client.wireBytes - wireBytes} bytes`);
  line.server.reads = true;
  assert.ok(line.run(20_000, () => isDone(line)), state(line));
  assertSame(line);
});

Deno.test("where nothing is under way nothing is sent", () => {
  const line = talk(1, {}, 1000);
  assert.ok(line.run(1000, () => isDone(line)));
  line.run(5000, () => false);
  const before = line.client.wireBytes + line.server.wireBytes;
  line.run(3_600_000, () => false);
  assert.equal(line.client.wireBytes + line.server.wireBytes, before);
});

Deno.test("closing delivers what was taken, at both ends, also over a bad line", () => {
  for (let seed = 1; seed <= 40; seed++) {
    const line = talk(seed, { flipOneIn: 300, loseOneIn: 10 }, 4000, { lingerMs: 20_000 });
    assert.ok(line.run(20_000, () => line.client.sent === 4000));
    line.client.pipe!.close(line.now);
    const ended = () => line.server.pipe!.isAtEnd && line.client.pipe!.isDone;
    assert.ok(line.run(20_000, ended), `seed ${seed}: ${state(line)}`);
    assert.deepEqual(Uint8Array.from(line.server.heard), line.client.toSay, `seed ${seed}`);
    assert.equal(line.server.pipe!.isPeerGone, true);
    line.server.pipe!.close(line.now);
    assert.equal(line.server.pipe!.isDone, true, "whoever was closed on has nobody to tell");
  }
});

Deno.test("closing takes no longer than lingerMs, however much is under way", () => {
  for (const [baudRate, lingerMs] of [[300, undefined], [9600, undefined], [9600, 2000]]) {
    const line = talk(1, { baudRate }, 8192, { baudRate, lingerMs });
    assert.ok(line.run(20_000, () => line.client.sent === 8192));
    line.client.pipe!.close(line.now);
    assert.equal(line.run((lingerMs ?? 500) - 1, () => line.client.pipe!.isDone), false, "it is still tried");
    assert.ok(line.run(1, () => line.client.pipe!.isDone));
    assert.equal(line.client.pipe!.failure, undefined);
  }
});

Deno.test("who leaves can tell when there is nobody to wait for", () => {
  const line = talk(1, { cut: [1500, 1e9], baudRate: 9600 }, 2000);
  line.run(400, () => false);
  const { pipe } = line.client;
  assert.equal(pipe!.isVain(line.now), false);
  pipe!.finish();
  assert.equal(line.run(1500, () => pipe!.isVain(line.now)), false);
  assert.ok(line.run(4000, () => pipe!.isVain(line.now)));
  pipe!.close(line.now);
  assert.ok(line.run(300, () => pipe!.isDone), "the last words are said once more, and that is all");
});

Deno.test("on a slow line no more is under way than keeps it busy, though the system would take it", () => {
  for (const baudRate of [300, 1200, 9600, 115_200]) {
    const { client, now } = opened(baudRate);
    const pipe = client.line.pipe!;
    assert.equal(pipe.write(new Uint8Array(8192)), 8192);
    while (client.line.takeOutput(now).length > 0);
    const lineMs = pipe.inFlightBytes * 10_000 / baudRate;
    assert.ok(lineMs <= Math.max(1000, 3 * 84 * 10_000 / baudRate), `${baudRate} baud: ${lineMs} ms`);
    const line = opened(baudRate);
    line.client.toSay = new Uint8Array(8192).fill(1);
    const [start, before] = [line.now, line.client.wireBytes];
    assert.ok(line.run(600_000, () => line.server.heard.length === 8192));
    const share = (line.client.wireBytes - before) * 10_000 / (line.now - start) / baudRate;
    assert.ok(share > 0.97, `${baudRate} baud: ${share} of the line was used`);
  }
});

Deno.test("both sides may close at the same time, and one may be gone", () => {
  for (let seed = 1; seed <= 20; seed++) {
    const line = talk(seed, { flipOneIn: 300 }, 1000);
    line.run(1200, () => line.client.sent > 0 && line.server.sent > 0);
    for (const { pipe } of [line.client, line.server]) pipe!.close(line.now);
    const done = () => line.client.pipe!.isDone && line.server.pipe!.isDone;
    assert.ok(line.run(10_000, done), `seed ${seed}`);
  }
  const line = talk(1, { cut: [1100, 1e9] }, 1000);
  line.run(50, () => false);
  line.run(100, () => false);
  line.client.pipe!.close(line.now);
  assert.ok(line.run(10_000, () => line.client.pipe!.isDone), "nobody answers CLOSE");
  assert.equal(line.client.line.nextTickAt, Infinity);
});

function talk(seed: number, weather: Weather, bytes: number, options = {}): SimulatedLine {
  const line = new SimulatedLine(seed, weather, options);
  const random = new SeededRandom(seed + 1_000_000);
  line.client.toSay = random.bytes(bytes);
  line.server.toSay = random.bytes(bytes);
  return line;
}

/** A line with a connection on which nothing was said. */
function opened(baudRate: number): SimulatedLine {
  const line = new SimulatedLine(1, { baudRate }, { baudRate });
  assert.ok(line.run(60_000, () => line.client.pipe?.isOpen === true));
  return line;
}

function isDone({ client, server }: SimulatedLine): boolean {
  return client.heard.length >= server.toSay.length && server.heard.length >= client.toSay.length;
}

function assertSame({ client, server }: SimulatedLine): void {
  assert.deepEqual(Uint8Array.from(server.heard), client.toSay);
  assert.deepEqual(Uint8Array.from(client.heard), server.toSay);
}

function assertPrefix({ client, server }: SimulatedLine): void {
  assert.deepEqual(Uint8Array.from(server.heard), client.toSay.subarray(0, server.heard.length));
  assert.deepEqual(Uint8Array.from(client.heard), server.toSay.subarray(0, client.heard.length));
}

function state({ client, server, now }: SimulatedLine): string {
  const texts = [client, server].map(({ heard, pipe }) => `${heard.length} bytes, ${pipe?.failure?.message}`);
  return `at ${now}: ${texts.join(" | ")}`;
}
