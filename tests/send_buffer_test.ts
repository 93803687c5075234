import assert from "node:assert/strict";
import { SendBuffer } from "../src/send_buffer.ts";

function bytes(count: number, value = 1): Uint8Array {
  return new Uint8Array(count).fill(value);
}

Deno.test("SendBuffer.take hands over all that was added, in order", () => {
  const buffer = new SendBuffer();
  for (let value = 0; value < 100; value++) buffer.append(bytes(value, value));
  assert.equal(buffer.length, 4950);
  const taken = buffer.take();
  let at = 0;
  for (let value = 0; value < 100; value++) {
    assert.deepEqual(taken.subarray(at, at += value), bytes(value, value));
  }
  assert.equal(buffer.length, 0);
  assert.equal(buffer.take().length, 0);
});

Deno.test("SendBuffer.take leaves what it handed over as it is until the next take", () => {
  const buffer = new SendBuffer();
  buffer.append(bytes(10, 1));
  for (let round = 2; round < 20; round++) {
    const taken = buffer.take();
    const copy = taken.slice();
    buffer.append(bytes(round * 50, round));
    assert.deepEqual(taken, copy);
  }
});

Deno.test("SendBuffer.rewind forgets what was added since", () => {
  const buffer = new SendBuffer();
  buffer.append(bytes(3, 1));
  const before = buffer.length;
  buffer.append(bytes(10_000, 2));
  assert.deepEqual(buffer.copyFrom(before), bytes(10_000, 2));
  buffer.rewind(before);
  buffer.append(bytes(2, 3));
  assert.deepEqual(buffer.take(), Uint8Array.of(1, 1, 1, 3, 3));
});

Deno.test("SendBuffer.copyFrom gives memory of its own", () => {
  const buffer = new SendBuffer();
  buffer.append(bytes(4, 1));
  const copy = buffer.copyFrom(2);
  buffer.rewind(2);
  buffer.append(bytes(2, 9));
  assert.deepEqual(copy, bytes(2, 1));
});

Deno.test("SendBuffer.reserve makes room to write numbers in place, and keeps what is there", () => {
  const buffer = new SendBuffer();
  buffer.append(bytes(300, 7));
  for (let round = 0; round < 2000; round++) {
    const at = buffer.reserve(5);
    buffer.view.setUint32(at, round);
    buffer.bytes[at + 4] = 0xff;
    buffer.advance(5);
  }
  const taken = buffer.take();
  assert.equal(taken.length, 300 + 5 * 2000);
  assert.deepEqual(taken.subarray(0, 300), bytes(300, 7));
  assert.deepEqual(taken.subarray(300 + 5 * 1234, 300 + 5 * 1235), Uint8Array.of(0, 0, 0x04, 0xd2, 0xff));
});

Deno.test("SendBuffer keeps the memory of a burst for the next one, and gives it back when trimmed twice", () => {
  const buffer = new SendBuffer();
  const burst = 4 * 1024 * 1024;
  buffer.append(bytes(burst));
  const first = buffer.take().buffer;
  assert.equal(buffer.isLarge, true);
  buffer.append(bytes(10));
  buffer.take();
  buffer.append(bytes(10));
  assert.equal(buffer.bytes.buffer, first, "the same memory again");
  buffer.take();
  buffer.trim();
  assert.equal(buffer.isLarge, true, "there was a burst since the last time");
  buffer.append(bytes(10));
  buffer.take();
  buffer.trim();
  assert.equal(buffer.isLarge, false);
  buffer.append(bytes(10, 3));
  assert.deepEqual(buffer.take(), bytes(10, 3));
});

Deno.test("SendBuffer never trims what waits", () => {
  const buffer = new SendBuffer();
  buffer.append(bytes(1024 * 1024, 5));
  buffer.trim();
  buffer.trim();
  assert.deepEqual(buffer.take(), bytes(1024 * 1024, 5));
});
