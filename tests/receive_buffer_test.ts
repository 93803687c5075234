import assert from "node:assert/strict";
import fc from "fast-check";
import { ReceiveBuffer } from "../src/receive_buffer.ts";

function filled(...chunks: number[][]): ReceiveBuffer {
  const buffer = new ReceiveBuffer();
  for (const chunk of chunks) {
    buffer.append(Uint8Array.from(chunk));
    buffer.keep();
  }
  return buffer;
}

Deno.test("ReceiveBuffer takes bytes in the order in which they came, across chunks", () => {
  const buffer = filled([1, 2], [], [3], [4, 5, 6]);
  assert.equal(buffer.length, 6);
  assert.deepEqual(buffer.take(4), Uint8Array.of(1, 2, 3, 4));
  buffer.skip(1);
  assert.deepEqual(buffer.take(1), Uint8Array.of(6));
  assert.equal(buffer.length, 0);
});

Deno.test("ReceiveBuffer borrows a chunk only until keep", () => {
  const chunk = Uint8Array.of(1, 2, 3);
  const buffer = new ReceiveBuffer();
  buffer.append(chunk);
  assert.equal(buffer.peek(3).buffer, chunk.buffer, "no copy before keep");
  buffer.keep();
  chunk.fill(9);
  assert.deepEqual(buffer.take(3), Uint8Array.of(1, 2, 3));
});

Deno.test("ReceiveBuffer never writes into a chunk that it borrows", () => {
  const memory = Uint8Array.of(1, 2, 3, 4);
  const buffer = new ReceiveBuffer();
  buffer.append(memory.subarray(0, 2));
  buffer.append(Uint8Array.of(8, 9));
  assert.deepEqual(memory, Uint8Array.of(1, 2, 3, 4));
  assert.deepEqual(buffer.take(4), Uint8Array.of(1, 2, 8, 9));
});

Deno.test("ReceiveBuffer take gives a copy and peek a view", () => {
  const buffer = filled([1, 2, 3]);
  const view = buffer.peek(2, 1);
  assert.deepEqual(view, Uint8Array.of(2, 3));
  const copy = buffer.take(3);
  copy[1] = 9;
  assert.equal(view[0], 2);
});

Deno.test("ReceiveBuffer reads numbers at an offset in both byte orders, in a chunk that starts anywhere", () => {
  const buffer = new ReceiveBuffer();
  buffer.append(Uint8Array.of(0, 0, 1, 2, 3, 4, 5).subarray(2));
  assert.equal(buffer.byteAt(4), 5);
  assert.equal(buffer.uint16At(1), 0x0203);
  assert.equal(buffer.uint16At(1, true), 0x0302);
  assert.equal(buffer.uint32At(0), 0x01020304);
  assert.equal(buffer.uint32At(1, true), 0x05040302);
  buffer.skip(1);
  assert.equal(buffer.uint32At(0), 0x02030405);
});

Deno.test("ReceiveBuffer indexOf and lastIndexOf count from the first waiting byte and see waiting bytes only", () => {
  const buffer = filled([7, 1, 7, 2, 7, 3]);
  buffer.skip(1);
  assert.equal(buffer.indexOf(7), 1);
  assert.equal(buffer.indexOf(7, 2), 3);
  assert.equal(buffer.indexOf(7, 4), -1);
  assert.equal(buffer.lastIndexOf(7), 3);
  assert.equal(buffer.lastIndexOf(9), -1);
  assert.equal(buffer.indexOf(0), -1, "the free room behind the bytes is zero and does not count");
});

Deno.test("ReceiveBuffer holds no memory when it is empty", () => {
  const buffer = filled([1, 2, 3]);
  buffer.skip(3);
  buffer.keep();
  assert.equal(buffer.peek(0).buffer.byteLength, 0);
});

Deno.test("ReceiveBuffer spends memory in proportion to the bytes that wait, and uses it again", () => {
  const memories = new Set<ArrayBufferLike>();
  const buffer = new ReceiveBuffer();
  const chunk = new Uint8Array(1000).fill(1);
  for (let turn = 0; turn < 2000; turn++) {
    buffer.append(chunk);
    buffer.keep();
    buffer.skip(turn === 0 ? 500 : 1000);
    assert.equal(buffer.length, 500);
    const memory = buffer.peek(0).buffer;
    assert.ok(memory.byteLength <= 8192, `${memory.byteLength} bytes for 500`);
    memories.add(memory);
  }
  assert.ok(memories.size <= 4, `${memories.size} allocations`);
});

Deno.test("ReceiveBuffer takes 1 MiB byte by byte", () => {
  const buffer = new ReceiveBuffer();
  const count = 1024 * 1024;
  for (let at = 0; at < count; at++) {
    buffer.append(Uint8Array.of(at));
    buffer.keep();
  }
  const bytes = buffer.take(count);
  assert.ok(bytes.every((byte, at) => byte === (at & 0xff)));
});

Deno.test("ReceiveBuffer does what a plain array does, whatever the order of calls", () => {
  const step = fc.oneof(
    fc.record({ call: fc.constant("append" as const), count: fc.integer({ min: 0, max: 700 }) }),
    fc.record({
      call: fc.constantFrom("take" as const, "skip" as const),
      count: fc.integer({ min: 0, max: 900 }),
    }),
    fc.record({ call: fc.constant("keep" as const), count: fc.constant(0) }),
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const buffer = new ReceiveBuffer();
      const model: number[] = [];
      const borrowed: Uint8Array[] = [];
      let next = 0;
      for (const { call, count } of steps) {
        if (call === "append") {
          const chunk = Uint8Array.from({ length: count }, () => next++);
          buffer.append(chunk);
          borrowed.push(chunk);
          for (const byte of chunk) model.push(byte);
        } else if (call === "keep") {
          buffer.keep();
          for (const chunk of borrowed.splice(0)) chunk.fill(0xee); // the transport reads into it again
        } else {
          const possible = Math.min(count, model.length);
          const gone = model.splice(0, possible);
          if (call === "take") assert.deepEqual([...buffer.take(possible)], gone);
          else buffer.skip(possible);
        }
        assert.deepEqual([...buffer.peek(buffer.length)], model);
      }
    }),
    { seed: 1, numRuns: 300 },
  );
});

Deno.test("ReceiveBuffer keeps the memory of a large frame for the next one until it is trimmed twice", () => {
  const buffer = new ReceiveBuffer();
  const frame = new Uint8Array(300_000).map((_, i) => i);
  const pass = () => {
    for (let at = 0; at < frame.length; at += 60_000) {
      buffer.append(frame.slice(at, at + 60_000));
      buffer.keep();
    }
    const memory = buffer.peek(frame.length).buffer;
    assert.deepEqual(buffer.take(frame.length), frame);
    buffer.keep();
    return memory;
  };
  pass();
  assert.equal(buffer.isLarge, true);
  assert.equal(pass(), pass(), "the same memory again");
  buffer.trim();
  assert.equal(buffer.isLarge, true, "it was needed since the last time");
  buffer.trim();
  assert.equal(buffer.isLarge, false);
  pass();
});
