import assert from "node:assert/strict";
import { SeatOutbox } from "../../../src/console/share/seat_outbox.ts";
import type { Item } from "../../../src/console/share/words.ts";

/** All that waits, however many messages it takes. */
function all(outbox: SeatOutbox): Item[] {
  const items: Item[] = [];
  for (let taken = outbox.take(); taken.length > 0; taken = outbox.take()) items.push(...taken);
  return items;
}

const line = (text: string): Item => ({ kind: "line", text });

Deno.test("SeatOutbox gives what was added, in its order and in messages of a bounded size", () => {
  const outbox = new SeatOutbox();
  const texts = Array.from({ length: 20 }, (_, index) => `${index}`.repeat(4000));
  for (const text of texts) outbox.add(line(text));
  const first = outbox.take();
  assert.ok(first.length > 1 && first.length < 20);
  assert.deepEqual([...first, ...all(outbox)], texts.map(line));
  assert.deepEqual(outbox.take(), []);
});

Deno.test("SeatOutbox drops lines that were not taken in time, and says at their place how many", () => {
  const outbox = new SeatOutbox();
  for (let index = 0; index < 2000; index++) outbox.add(line("x"));
  assert.equal(outbox.isFull, true);
  outbox.add(line("two\nlines"));
  outbox.drop(3);
  outbox.add({ kind: "result", text: "42" });
  outbox.add({ kind: "done", id: 1, ok: true, exitCode: 0 });
  assert.deepEqual(all(outbox).slice(1999), [
    line("x"),
    { kind: "dropped", count: 5 },
    { kind: "result", text: "42" },
    { kind: "done", id: 1, ok: true, exitCode: 0 },
  ]);
  outbox.drop(1);
  assert.deepEqual(all(outbox), [{ kind: "dropped", count: 1 }], "also when nothing else waits");
  assert.deepEqual(all(outbox), []);
});

Deno.test("SeatOutbox is bounded in characters, for results too, but never drops the end of an input", () => {
  const outbox = new SeatOutbox();
  const half = "x".repeat(512 * 1024);
  for (let index = 0; index < 100; index++) {
    outbox.add({ kind: "result", text: half });
    outbox.add({ kind: "done", id: index, ok: true, exitCode: 0 });
  }
  const items = all(outbox);
  assert.equal(items.filter(({ kind }) => kind === "result").length, 16, "8 Mi characters");
  assert.equal(items.filter(({ kind }) => kind === "done").length, 100);
  const dropped = items.reduce((sum, item) => sum + (item.kind === "dropped" ? item.count : 0), 0);
  assert.equal(dropped, 84);
  outbox.add({ kind: "log", text: "y".repeat(3 * 1024 * 1024) });
  const [clipped] = outbox.take();
  assert.ok("text" in clipped && clipped.text.length < 1024 * 1024 + 40);
});

Deno.test("SeatOutbox joins what a loop prints, and says when something was dropped", () => {
  const outbox = new SeatOutbox();
  for (let index = 0; index < 1000; index++) {
    assert.equal(outbox.add({ kind: "log", text: `${index}\n` }), true);
  }
  const items = outbox.take();
  assert.equal(items.length, 1);
  assert.equal("text" in items[0] && items[0].text.split("\n").length, 1001);
  let added = 0;
  while (outbox.add({ kind: "log", text: "\n" })) added++;
  assert.ok(added < 9 * 1024 * 1024);
  assert.equal(outbox.add({ kind: "result", text: "1" }), false);
});
