import assert from "node:assert/strict";
import { BrokenError, ClosedError } from "../../../src/errors.ts";
import { checkTransport } from "../../../src/testing/check_transport.ts";
import { SeededRandom } from "../../../src/testing/seeded_random.ts";
import { type VirtualSerialPair, virtualSerialPair } from "../../../src/testing/virtual_serial_pair.ts";
import { parseAddress } from "../../../src/transport/table.ts";
import type { SerialLine } from "../../../src/transport/serial/serial_line.ts";
import { ascii, cable, failure, open, take, takeText, WITH_PORTS } from "./open_lines.ts";

/** More than all buffers between two ends of a cable hold, in bytes. */
const FLOOD_BYTES = 4 * 1024 * 1024;

Deno.test("serial keeps the contract of transports", WITH_PORTS, async () => {
  const pairs: VirtualSerialPair[] = [];
  await checkTransport({
    pair: async () => {
      const pair = virtualSerialPair();
      pairs.push(pair);
      return [await open(pair.a.path), await open(pair.b.path)];
    },
    cleanup: async () => {
      for (const pair of pairs) await pair.close();
    },
    largestBytes: 1024 * 1024,
    floodBytes: FLOOD_BYTES,
    rounds: 50,
  });
});

Deno.test("a line is named by its path on both ends, and is on this machine", WITH_PORTS, async () => {
  await using pair = virtualSerialPair();
  const { address, kind } = parseAddress(`serial://${pair.a.path}?baud=9600`);
  const line = await kind.connect(address, {});
  assert.equal(line.remoteAddress, `serial:${pair.a.path}`);
  assert.equal(line.localAddress, line.remoteAddress);
  assert.ok(line.isLocal && line.isEndless);
  line.close();
});

Deno.test(
  "a megabyte of all byte values crosses whole both ways at once, in pieces of any size",
  WITH_PORTS,
  async () => {
    await using lines = await cable();
    const random = new SeededRandom(20);
    const all = Uint8Array.from({ length: 256 }, (_, value) => value);
    const ways = [[lines.a, lines.b], [lines.b, lines.a]].map(([from, to]) => {
      const bytes = Uint8Array.from({ length: 1024 * 1024 }, () => random.below(256));
      bytes.set(all);
      return { from, to, bytes };
    });
    await Promise.all(ways.map(async ({ from, to, bytes }) => {
      const reading = take(to, bytes.length);
      for (let at = 0; at < bytes.length;) {
        const size = 1 + random.below(random.below(2) === 0 ? 64 : 100_000);
        await from.write(bytes.subarray(at, at + size));
        at += size;
      }
      assert.deepEqual(await reading, bytes);
    }));
    assert.equal(lines.a.writtenBytes, 1024 * 1024);
  },
);

Deno.test(
  "a writer waits while nobody reads, and what it has handed over stays small",
  WITH_PORTS,
  async () => {
    await using lines = await cable();
    lines.pair.a.stall();
    const bytes = new Uint8Array(FLOOD_BYTES);
    let isWritten = false;
    const writing = lines.a.write(bytes).then(() => isWritten = true);
    for (let turn = 0; turn < 50; turn++) { // while other bytes come and go
      await lines.b.write(Uint8Array.of(turn));
      assert.deepEqual(await take(lines.a, 1), Uint8Array.of(turn));
    }
    assert.ok(!isWritten);
    assert.ok(lines.a.writtenBytes! < 1024 * 1024, `${lines.a.writtenBytes} bytes were taken`);
    lines.pair.a.resume();
    assert.equal((await take(lines.b, FLOOD_BYTES)).length, FLOOD_BYTES);
    await writing;
  },
);

Deno.test(
  "modem lines that a port has not are told to be missing, and the link lives on",
  WITH_PORTS,
  async () => {
    await using lines = await cable();
    const { path } = lines.a;
    const cases: [Promise<unknown>, string][] = [
      [lines.a.setSignals({ dtr: false }), "set DTR and RTS of"],
      [lines.a.setSignals({ rts: true }), "set DTR and RTS of"],
      [lines.a.getSignals(), "read the modem lines of"],
    ];
    for (const [work, doing] of cases) {
      const error = await failure(work);
      assert.ok(error instanceof BrokenError);
      assert.equal(error.code, "unsupported");
      assert.equal(
        error.message,
        `Cannot ${doing} serial:${path}: not supported by this port (Inappropriate ioctl for device); ` +
          "virtual ports have no modem lines",
      );
    }
    await lines.a.setSignals({}); // asks for nothing
    await lines.a.write(ascii("on"));
    assert.equal(await takeText(lines.b, 2), "on");
  },
);

Deno.test(
  "levels that a port cannot be given end the opening of it, and leave it free",
  WITH_PORTS,
  async () => {
    await using pair = virtualSerialPair();
    for (const levels of [{ dtr: false }, { rts: true }]) {
      assert.equal((await failure(open(pair.a.path, levels))).code, "unsupported");
    }
    (await open(pair.a.path)).close();
  },
);

Deno.test(
  "drain resolves when all has left, flush of the input drops what has come",
  WITH_PORTS,
  async () => {
    await using lines = await cable();
    const writing = lines.a.write(new Uint8Array(200_000));
    const draining = lines.a.drain();
    assert.equal((await take(lines.b, 200_000)).length, 200_000);
    await Promise.all([writing, draining]);

    await lines.a.write(ascii("old"));
    await lines.b.write(ascii("back"));
    assert.equal(await takeText(lines.a, 4), "back"); // the cable has turned, and "old" with it
    for (const what of ["input", "output", "both"] as const) await lines.b.flush(what);
    await lines.a.write(ascii("new"));
    assert.equal(await takeText(lines.b, 3), "new");
  },
);

Deno.test("the rate of an open line is changed, and it goes on", WITH_PORTS, async () => {
  await using lines = await cable({ baudRate: 9600 });
  await lines.a.setBaudRate(250_000);
  assert.equal(lines.a.settings.baudRate, 250_000);
  await lines.a.write(ascii("fast"));
  assert.equal(await takeText(lines.b, 4), "fast");
});

Deno.test("a closed line refuses everything, and shows what it was", WITH_PORTS, async () => {
  await using lines = await cable({ parity: "even", baudRate: 9600 });
  const { a } = lines;
  assert.equal(Deno.inspect(a), `SerialLine { ${a.path} 9600 8E1 open }`);
  a.close();
  const work = [
    a.write(Uint8Array.of(1)),
    a.setSignals({ dtr: true }),
    a.getSignals(),
    a.flush("both"),
    a.drain(),
    a.setBaudRate(9600),
  ];
  for (const each of await Promise.all(work.map(failure))) {
    assert.ok(each instanceof ClosedError, String(each));
    assert.match(each.message, /: the link was closed here$/);
  }
  assert.equal(await a.read(), null);
  await a.closeWrite();
  assert.equal(Deno.inspect(a), `SerialLine { ${a.path} 9600 8E1 closed }`);
});

Deno.test("closing ends a read, a stalled write and a drain at once", WITH_PORTS, async () => {
  await using lines = await cable();
  lines.pair.a.stall();
  const reading = lines.a.read();
  const work = [lines.a.write(new Uint8Array(FLOOD_BYTES)), lines.a.write(Uint8Array.of(1)), lines.a.drain()];
  const failures = Promise.all(work.map(failure));
  lines.a.close();
  assert.equal(await reading, null);
  for (const error of await failures) assert.ok(error instanceof ClosedError);
});

Deno.test("a line is opened again at once, a hundred times", WITH_PORTS, async () => {
  await using pair = virtualSerialPair();
  const b = await open(pair.b.path);
  for (let round = 0; round < 100; round++) {
    const a = await open(pair.a.path);
    const reading = round % 2 === 0 ? a.read() : undefined;
    await a.write(Uint8Array.of(round));
    assert.deepEqual(await take(b, 1), Uint8Array.of(round));
    a.close();
    assert.equal(await reading ?? null, null);
  }
  b.close();
});

/** Each use that a line may be in when its device vanishes. */
const USES: Record<string, (line: SerialLine) => Promise<unknown>> = {
  reading: (line) => line.read(),
  "writing what nobody takes": (line) => line.write(new Uint8Array(1024 * 1024)),
  "waiting for it to drain": (line) => {
    line.write(new Uint8Array(1024 * 1024)).catch(() => {});
    return line.drain();
  },
};

for (const [use, work] of Object.entries(USES)) {
  Deno.test(`unplugging is noticed while ${use}, and other lines go on`, WITH_PORTS, async () => {
    await using lines = await cable();
    await using other = await cable();
    lines.pair.a.stall();
    const failing = failure(work(lines.a));
    await other.a.write(ascii("a"));
    assert.equal(await takeText(other.b, 1), "a");
    await lines.pair.a.unplug();
    const error = await failing;
    assert.ok(error instanceof BrokenError);
    assert.equal(error.code, "unplugged");
    assert.match(
      error.message,
      new RegExp(`^Cannot (read from|write to|use|drain) serial:${lines.a.path}: the device was unplugged`),
    );
    await other.b.write(ascii("b"));
    assert.equal(await takeText(other.a, 1), "b");
    // From now on everything says so.
    for (const next of [lines.a.read(), lines.a.write(Uint8Array.of(1)), lines.a.flush("input")]) {
      assert.equal((await failure(next)).code, "unplugged");
    }
    lines.a.close();
    assert.equal(await lines.a.read(), null);
  });
}

Deno.test("all writes that wait reject when the device vanishes", WITH_PORTS, async () => {
  await using lines = await cable();
  lines.pair.a.stall();
  const writes = [FLOOD_BYTES, 1, 2, 3].map((size) => failure(lines.a.write(new Uint8Array(size))));
  await lines.pair.a.unplug();
  for (const error of await Promise.all(writes)) assert.equal(error.code, "unplugged");
});
