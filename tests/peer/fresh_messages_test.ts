import assert from "node:assert/strict";
import { type FreshMessage, FreshMessages } from "../../src/peer/fresh_messages.ts";

/** A message of 10 bytes that tells which one it is. */
function message(n: number, size = 10): FreshMessage {
  const bytes = new Uint8Array(size);
  new DataView(bytes.buffer).setUint32(0, n);
  return { bytes, value: n };
}

function numbers(messages: FreshMessage[]): number[] {
  return messages.map(({ bytes }) => new DataView(bytes.buffer).getUint32(0));
}

Deno.test("FreshMessages keeps the latest that fit, and counts the others", () => {
  const fresh = new FreshMessages(30);
  assert.deepEqual([1, 2, 3, 4, 5].map((n) => fresh.add(message(n))), [0, 0, 0, 1, 1]);
  assert.equal(fresh.dropped, 2);
  assert.deepEqual(numbers(fresh.take(Infinity)), [3, 4, 5]);
  assert.deepEqual(fresh.take(Infinity), []);
  assert.equal(fresh.dropped, 2);
});

Deno.test("FreshMessages keeps the latest one whatever its size", () => {
  const fresh = new FreshMessages(30);
  fresh.add(message(1));
  assert.equal(fresh.add(message(2, 1000)), 1);
  assert.equal(fresh.add(message(3)), 1);
  assert.deepEqual(numbers(fresh.take(Infinity)), [3]);
});

Deno.test("FreshMessages gives out about as many bytes as are wanted, the oldest first, at least one", () => {
  const fresh = new FreshMessages(1000);
  for (let n = 1; n <= 6; n++) fresh.add(message(n));
  assert.deepEqual(numbers(fresh.take(25)), [1, 2, 3]);
  assert.deepEqual(numbers(fresh.take(1)), [4]);
  assert.deepEqual(fresh.take(0), []);
  fresh.clear();
  assert.deepEqual(fresh.take(Infinity), []);
});

Deno.test("FreshMessages forgets in order however many have passed through it", () => {
  const fresh = new FreshMessages(1000);
  for (let n = 1; n <= 10_000; n++) {
    fresh.add(message(n));
    if (n % 7 === 0) fresh.take(20);
  }
  const left = numbers(fresh.take(Infinity));
  assert.ok(left.length > 90 && left.length <= 100, `${left.length} are left`);
  assert.deepEqual(left, left.map((_, i) => 10_000 - left.length + 1 + i));
});
