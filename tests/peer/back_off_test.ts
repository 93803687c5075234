import assert from "node:assert/strict";
import { BackOff, type ReconnectOptions } from "../../src/peer/reconnect.ts";
import { REAL_WORLD } from "../../src/peer/world.ts";

/** The waits before the first attempts when each one fails; `chance` is what the dice say. */
function waits(options: ReconnectOptions, chance: number, count: number): (number | undefined)[] {
  const backOff = new BackOff(options, { ...REAL_WORLD, random: () => chance });
  return Array.from({ length: count }, () => {
    const wait = backOff.next();
    backOff.fail();
    return wait;
  });
}

Deno.test("BackOff doubles the longest wait from 250 ms to 15 s, for ever", () => {
  const longest = 1 - Number.EPSILON;
  assert.deepEqual(waits({}, longest, 9), [250, 500, 1000, 2000, 4000, 8000, 15_000, 15_000, 15_000]);
  assert.equal(waits({}, longest, 5000).at(-1), 15_000);
});

Deno.test("BackOff has full jitter: any wait between nothing and its cap", () => {
  assert.deepEqual(waits({}, 0, 3), [0, 0, 0]);
  assert.deepEqual(waits({}, 0.5, 3), [125, 250, 500]);
  const backOff = new BackOff({}, REAL_WORLD);
  const drawn = Array.from({ length: 1000 }, () => backOff.next()!);
  assert.ok(drawn.every((wait) => Number.isInteger(wait) && wait >= 0 && wait <= 250));
  assert.ok(new Set(drawn).size > 100, "they are spread");
});

Deno.test("BackOff takes its bounds from the options", () => {
  assert.deepEqual(waits({ minMs: 10, maxMs: 30 }, 0.9999, 4), [10, 20, 30, 30]);
  assert.deepEqual(waits({ minMs: 10, maxMs: 30, attempts: 2 }, 0.9999, 4), [10, 20, undefined, undefined]);
  assert.deepEqual(waits({ maxMs: 50 }, 0.9999, 2), [50, 50], "the default of minMs is not above maxMs");
});

Deno.test("BackOff begins anew after a link that was of use", () => {
  const backOff = new BackOff({ attempts: 2 }, { ...REAL_WORLD, random: () => 0.9999 });
  backOff.fail();
  backOff.fail();
  assert.deepEqual([backOff.failed, backOff.next()], [2, undefined]);
  backOff.reset();
  assert.deepEqual([backOff.failed, backOff.next()], [0, 250]);
});

Deno.test("BackOff refuses what is no wait", () => {
  const refused: [ReconnectOptions, RegExp][] = [
    [{ minMs: 0 }, /Cannot use 0 as "reconnect\.minMs"/],
    [{ maxMs: 1.5 }, /Cannot use 1\.5 as "reconnect\.maxMs"/],
    [{ attempts: -1 }, /Cannot use -1 as "reconnect\.attempts"/],
    [{ attempts: "2" as unknown as number }, /Cannot use 2 \(string\) as "reconnect\.attempts"/],
    [{ minMs: 500, maxMs: 100 }, /Cannot use 500 as "reconnect\.minMs": it is above maxMs \(100\)/],
  ];
  for (const [options, message] of refused) {
    assert.throws(() => new BackOff(options, REAL_WORLD), { code: "usage", message });
  }
});
