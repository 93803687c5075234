import assert from "node:assert/strict";
import { virtualSerialPair } from "../../../src/testing/virtual_serial_pair.ts";
import type { SerialLine } from "../../../src/transport/serial/serial_line.ts";
import type { Counts } from "./count_open.ts";
import { ascii, failure, ON_LINUX, open, take, takeText } from "./open_lines.ts";

const CONFIG = new URL("../../../deno.json", import.meta.url).pathname;

/** Sends back what comes, until the line is closed. */
async function echo(line: SerialLine): Promise<void> {
  for (;;) {
    const chunk = await line.read();
    if (chunk === null) return;
    await line.write(chunk.slice());
  }
}

Deno.test(
  "64 lines take no more threads than two, all work, and nothing is left of hundreds",
  ON_LINUX,
  async () => {
    const script = new URL("./count_open.ts", import.meta.url).pathname;
    const { stdout, stderr, success } = await new Deno.Command(Deno.execPath(), {
      args: ["run", "-A", "--quiet", "--no-check", "--config", CONFIG, script],
    }).output();
    assert.ok(success, new TextDecoder().decode(stderr));
    const { descriptors, threads, codes }: Counts = JSON.parse(new TextDecoder().decode(stdout));
    const [nothing, withPair, afterLines, afterPairs, nothingAgain] = descriptors;
    assert.deepEqual([afterLines, afterPairs, nothingAgain], [withPair, withPair, nothing]);
    assert.ok(threads[1] <= threads[0] + 4, `${threads[0]} threads with 2 lines, ${threads[1]} with 64`);
    assert.deepEqual(codes, ["busy", "no_such_path", "not_serial", "unsupported"]);
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
  for (let round = 0; round < 10; round++) {
    await near.write(ascii("ping"));
    assert.equal(await takeText(near, 4), "ping");
    await new Promise((resolve) => setTimeout(resolve, 0));
  }
  assert.ok(got < 10 * 1024 * 1024, "the flood is over before the others had 10 turns");
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
