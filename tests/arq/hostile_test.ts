import assert from "node:assert/strict";
import { ArqLine } from "../../src/arq/arq_line.ts";
import { KIND } from "../../src/arq/packet.ts";
import { ParleyError } from "../../src/errors.ts";
import { SeededRandom } from "../../src/testing/seeded_random.ts";
import { packet, TAG } from "./notation.ts";

const ROUNDS = 400;
const STEPS = 150;

Deno.test("whatever comes, nothing is thrown, memory and output stay small, and no timer spins", () => {
  const random = new SeededRandom(1);
  const codes = new Set<string>();
  for (let round = 0; round < ROUNDS; round++) {
    const role = random.pick(["client", "server"] as const);
    const start = random.below(65_536);
    const chances = role === "client" ? [TAG, start] : [0, start];
    const chance = () => chances.shift() ?? random.below(2 ** 32);
    const line = new ArqLine({ role, address: "serial:x", chance }, 0);
    const fromServer = role === "client";
    const kind = fromServer ? KIND.opened : KIND.open;
    const theirs = random.below(65_536);
    line.receive(packet({ kind, fromServer, offset: theirs, ack: start, window: random.below(9000) }), 0);
    let now = 0;
    for (let step = 0; step < STEPS; step++) {
      line.receive(bytesFor(random, fromServer, start, theirs), now);
      const { pipe } = line;
      if (pipe !== undefined) act(random, line, now);
      const output = line.takeOutput(now);
      assert.ok(output.length < 12 * 1100, `${output.length} bytes at once`);
      assert.ok(line.nextTickAt > now || line.nextTickAt === Infinity || tickMoves(line, now));
      now += random.below(3) === 0 ? random.below(2000) : 1;
      line.tick(now);
    }
    const failure = line.pipe?.failure;
    if (failure !== undefined) {
      assert.ok(failure instanceof ParleyError);
      codes.add(failure.code);
    }
  }
  assert.ok(codes.has("bad_ack") && codes.has("reset"), `the inputs reach far enough: ${[...codes]}`);
});

/** What is due is done by one tick. */
function tickMoves(line: ArqLine, now: number): boolean {
  line.tick(now);
  line.takeOutput(now);
  return line.nextTickAt > now;
}

function act(random: SeededRandom, line: ArqLine, now: number): void {
  const pipe = line.pipe!;
  switch (random.below(8)) {
    case 0:
    case 1:
      pipe.write(random.bytes(random.below(3000)));
      break;
    case 2:
    case 3:
      assert.ok((pipe.read()?.length ?? 0) <= 8192);
      break;
    case 4:
      if (random.below(20) === 0) pipe.finish();
      break;
    case 5:
      if (random.below(40) === 0) pipe.close(now);
  }
}

/** Noise, or a whole packet of this connection whose fields are near the truth, or anywhere. */
function bytesFor(random: SeededRandom, fromServer: boolean, start: number, theirs: number): Uint8Array {
  if (random.below(4) === 0) return random.bytes(random.below(60));
  const near = (value: number, by: number) =>
    (random.below(30) === 0 ? random.below(65_536) : value + random.below(by)) & 0xffff;
  const bytes = packet({
    kind: random.pick([2, 2, 2, 2, 2, 2, 2, 3, 4, 5, 6, random.below(40) === 0 ? 7 : 2, 0, 1]),
    fromServer: random.below(20) === 0 ? !fromServer : fromServer,
    tag: random.below(20) === 0 ? random.below(2 ** 32) : TAG,
    number: random.below(256),
    offset: near(theirs, 9000),
    ack: near(start, random.below(4) === 0 ? 300 : 1),
    last: random.below(random.below(3) === 0 ? 256 : 2),
    bits: random.below(256),
    window: random.below(65_536),
    data: random.bytes(random.pick([0, 1, 16, 128, 1024])),
  });
  if (random.below(5) === 0) bytes[random.below(bytes.length)] ^= 1 << random.below(8);
  return bytes;
}
