import assert from "node:assert/strict";
import { virtualSerialPair } from "../../../src/testing/virtual_serial_pair.ts";
import type { SerialLine } from "../../../src/transport/serial/serial_line.ts";
import { ascii, failure, ON_LINUX, open, openDescriptors, take, takeText } from "./open_lines.ts";

/** How many threads this process has. */
function threads(): number {
  return Number(/^Threads:\s+(\d+)/m.exec(Deno.readTextFileSync("/proc/self/status"))![1]);
}

/** Sends back what comes, until the line is closed. */
async function echo(line: SerialLine): Promise<void> {
  for (;;) {
    const chunk = await line.read();
    if (chunk === null) return;
    await line.write(chunk.slice());
  }
}

Deno.test(
  "64 open lines take no more threads than one, all of them work, and files are read beside them",
  ON_LINUX,
  async () => {
    const pairs = [virtualSerialPair()];
    const lines: SerialLine[] = [];
    const echoes: Promise<void>[] = [];
    const openPair = async () => {
      const { a, b } = pairs.at(-1)!;
      const far = await open(b.path);
      echoes.push(echo(far));
      lines.push(await open(a.path), far);
    };
    await openPair();
    await Deno.readTextFile("/proc/self/status"); // files take a thread of their own
    const before = threads();
    while (lines.length < 64) {
      pairs.push(virtualSerialPair());
      await openPair();
    }
    const near = lines.filter((_line, at) => at % 2 === 0);
    const reads = near.map((line) => take(line, 1000)); // all of them wait
    assert.match(await Deno.readTextFile("/proc/self/status"), /^Name:/);
    assert.ok(threads() <= before + 8, `${before} threads with 2 lines, ${threads()} with 64`); // the runtime's own come and go
    await Promise.all(near.map((line, at) => line.write(new Uint8Array(1000).fill(at))));
    for (const [at, bytes] of (await Promise.all(reads)).entries()) {
      assert.deepEqual(bytes, new Uint8Array(1000).fill(at));
    }
    for (const line of lines) line.close();
    await Promise.all(echoes);
    await Promise.all(pairs.map((pair) => pair.close()));
  },
);

Deno.test("a line that floods leaves the others and timers their turn", ON_LINUX, async () => {
  await using noisy = virtualSerialPair();
  await using quiet = virtualSerialPair();
  const [from, to] = [await open(noisy.a.path), await open(noisy.b.path)];
  const [near, far] = [await open(quiet.a.path), await open(quiet.b.path)];
  let got = 0;
  const flooding = from.write(new Uint8Array(10 * 1024 * 1024)).catch(() => {});
  const reading = (async () => {
    for (let chunk = await to.read(); chunk !== null; chunk = await to.read()) got += chunk.length;
  })();
  const echoing = echo(far);
  for (let round = 0; round < 20; round++) {
    await near.write(ascii("ping"));
    assert.equal(await takeText(near, 4), "ping");
    await new Promise((resolve) => setTimeout(resolve, 0));
  }
  assert.ok(got < 10 * 1024 * 1024, "the flood is over before the others had 20 turns");
  await flooding;
  while (got < 10 * 1024 * 1024) await new Promise((resolve) => setTimeout(resolve, 0));
  for (const line of [from, to, near, far]) line.close();
  await Promise.all([reading, echoing]);
});

Deno.test(
  "reading and writing of one line wait for each other as little as those of two",
  ON_LINUX,
  async () => {
    await using pair = virtualSerialPair();
    const [a, b] = [await open(pair.a.path), await open(pair.b.path)];
    pair.a.stall(); // nothing leaves a, but what comes is read
    const writing = failure(a.write(new Uint8Array(1024 * 1024)));
    for (let round = 0; round < 10; round++) {
      await b.write(Uint8Array.of(round));
      assert.deepEqual(await take(a, 1), Uint8Array.of(round));
    }
    a.close();
    b.close();
    await writing;
  },
);

Deno.test(
  "nothing is left of 300 lines that were opened and closed, nor of those that were refused",
  ON_LINUX,
  async () => {
    const refusals: [string, object, string][] = [
      ["/dev/no-such-port", {}, "no_such_path"],
      ["/dev/null", {}, "not_serial"],
      ["/", {}, "not_serial"],
    ];
    {
      await using pair = virtualSerialPair();
      (await open(pair.a.path)).close(); // loads what stays loaded
    }
    await failure(open("/dev/null"));
    const before = openDescriptors();
    await using pair = virtualSerialPair();
    const withPair = openDescriptors();
    for (let round = 0; round < 300; round++) {
      const line = await open(pair.a.path);
      const reading = round % 3 === 0 ? line.read() : undefined;
      if (round % 2 === 0) assert.equal((await failure(open(pair.a.path))).code, "busy");
      line.close();
      await reading;
      if (round % 10 !== 0) continue;
      for (const [path, settings, code] of refusals) {
        assert.equal((await failure(open(path, settings))).code, code, path);
      }
      assert.equal((await failure(open(pair.b.path, { dtr: true }))).code, "unsupported");
    }
    assert.equal(openDescriptors(), withPair);
    for (let round = 0; round < 20; round++) {
      await pair.a.unplug();
      await pair.a.plug();
      await virtualSerialPair().close();
    }
    assert.equal(openDescriptors(), withPair);
    await pair.close();
    assert.equal(openDescriptors(), before);
  },
);
