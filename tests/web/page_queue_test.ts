import assert from "node:assert/strict";
import { PageQueue } from "../../src/web/page_queue.ts";

const LINK = {};
const OTHER = {};

Deno.test("What waits is taken in the order in which it came, whatever link it is of", () => {
  const queue = new PageQueue<number>({ perLink: 10, bytes: 100 });
  assert.ok(queue.isEmpty);
  queue.push(LINK, 1, 1);
  queue.push(OTHER, 2, 1);
  queue.push(LINK, 3, 1);
  assert.ok(!queue.isEmpty);
  assert.deepEqual(queue.take(), { items: [1, 2, 3], skipped: 0 });
  assert.ok(queue.isEmpty);
});

Deno.test("A flood on one link leaves out its own oldest, counts them, and none of another link", () => {
  const queue = new PageQueue<number>({ perLink: 3, bytes: 1000 });
  queue.push(OTHER, -1, 1);
  for (let item = 0; item < 100; item++) queue.push(LINK, item, 1);
  assert.deepEqual(queue.take(), { items: [-1, 97, 98, 99], skipped: 97 });
  assert.deepEqual(queue.take(), { items: [], skipped: 0 });
});

Deno.test("No more bytes wait than may, but the last message may be as large as it likes", () => {
  const queue = new PageQueue<number>({ perLink: 10, bytes: 100 });
  queue.push(LINK, 1, 60);
  queue.push(OTHER, 2, 30);
  queue.push(LINK, 3, 30);
  assert.deepEqual(queue.take(), { items: [2, 3], skipped: 1 });
  queue.push(LINK, 4, 50);
  queue.push(LINK, 5, 1000);
  assert.deepEqual(queue.take(), { items: [5], skipped: 1 });
});
