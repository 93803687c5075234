import assert from "node:assert/strict";
import { SeededRandom } from "../../src/testing/seeded_random.ts";

Deno.test("SeededRandom gives equal numbers for equal seeds and others for other seeds", () => {
  const numbers = (seed: number) => [...new SeededRandom(seed).bytes(64)];
  assert.deepEqual(numbers(7), numbers(7));
  assert.notDeepEqual(numbers(7), numbers(8));
  assert.notDeepEqual(numbers(0), numbers(1));
});

Deno.test("SeededRandom below reaches every number under its limit and no other", () => {
  for (let seed = 0; seed < 10; seed++) {
    const random = new SeededRandom(seed);
    const seen = new Set(Array.from({ length: 400 }, () => random.below(6)));
    assert.deepEqual([...seen].sort(), [0, 1, 2, 3, 4, 5]);
  }
});

Deno.test("SeededRandom gives different numbers for the seed whose first state would be zero", () => {
  assert.ok(new Set(new SeededRandom(606900613).bytes(64)).size > 1);
});

Deno.test("SeededRandom sizes add up to the total, none empty, and differ", () => {
  const random = new SeededRandom(1);
  const seen = new Set<string>();
  for (let total = 0; total < 200; total++) {
    const sizes = random.sizes(total);
    assert.equal(sizes.reduce((sum, size) => sum + size, 0), total);
    assert.ok(sizes.every((size) => size > 0));
    seen.add(sizes.join());
  }
  assert.ok(seen.size > 150);
});
