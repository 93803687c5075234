import assert from "node:assert/strict";
import { StreamReader, type StreamSource } from "../../src/peer/stream_reader.ts";

/** A reader, and what it asks of its source. */
function reading() {
  const reader = new StreamReader();
  const granted: number[] = [];
  let cancelled = 0;
  let wake: () => void = () => {};
  reader.wake = () => wake();
  const source: StreamSource = {
    credit: (bytes) => granted.push(bytes),
    cancel: () => cancelled++,
    wait: () => new Promise((resolve) => wake = resolve),
  };
  return { reader, granted, parts: reader.read(source), cancelled: () => cancelled };
}

Deno.test("StreamReader hands over what has come and what comes, and ends", async () => {
  const { reader, parts, cancelled } = reading();
  reader.push("a", 1);
  reader.push(undefined, 1);
  assert.deepEqual(await parts.next(), { done: false, value: "a" });
  assert.deepEqual(await parts.next(), { done: false, value: undefined });
  const next = parts.next();
  await Promise.resolve();
  reader.push("b", 1);
  assert.deepEqual(await next, { done: false, value: "b" });
  reader.push("c", 1);
  reader.finish(undefined);
  assert.deepEqual(await parts.next(), { done: false, value: "c" });
  assert.deepEqual(await parts.next(), { done: true, value: undefined });
  assert.equal(cancelled(), 0);
});

Deno.test("StreamReader takes an answer that is no stream as its only part", async () => {
  const { reader, parts } = reading();
  reader.finish("whole");
  assert.deepEqual([await parts.next(), (await parts.next()).done], [{ done: false, value: "whole" }, true]);
});

Deno.test("StreamReader throws the error after what had come before it, and calls nothing off", async () => {
  const { reader, parts, cancelled } = reading();
  reader.push("a", 1);
  reader.fail(new Error("broke"));
  reader.fail(new Error("a second one"));
  assert.equal((await parts.next()).value, "a");
  await assert.rejects(parts.next(), { message: "broke" });
  assert.equal(cancelled(), 0);
});

Deno.test("StreamReader calls the stream off when its loop is left, and when the wait fails", async () => {
  const left = reading();
  left.reader.push("a", 1);
  for await (const _part of left.parts) break;
  assert.equal(left.cancelled(), 1);
  const reader = new StreamReader();
  let cancelled = 0;
  const parts = reader.read({
    credit: () => {},
    cancel: () => cancelled++,
    wait: () => Promise.reject(new Error("too late")),
  });
  await assert.rejects(parts.next(), { message: "too late" });
  assert.equal(cancelled, 1);
});

Deno.test("StreamReader grants what was read, half of the credit at a time, and nothing for what was not", async () => {
  const { reader, granted, parts } = reading();
  for (let i = 0; i < 1000; i++) reader.push(i, 1000);
  for (let i = 0; i < 131; i++) await parts.next();
  assert.deepEqual(granted, []);
  await parts.next(); // 132,000 are more than 131,072
  assert.deepEqual(granted, [132_000]);
  for (let i = 132; i < 1000; i++) assert.equal((await parts.next()).value, i);
  assert.deepEqual(granted, Array(7).fill(132_000));
});

Deno.test("StreamReader grants nothing once all has come", async () => {
  const { reader, granted, parts } = reading();
  for (let i = 0; i < 400; i++) reader.push(i, 1000);
  reader.finish(undefined);
  let read = 0;
  for await (const part of parts) assert.equal(part, read++);
  assert.deepEqual([read, granted], [400, []]);
});
