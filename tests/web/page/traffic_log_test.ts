import assert from "node:assert/strict";
import { TrafficLog } from "../../../src/web/page/traffic_log.ts";
import { said } from "./said.ts";

function lines(from: number, to: number): ReturnType<typeof said>[] {
  return Array.from({ length: to - from + 1 }, (_, index) => said({ value: `line ${from + index}` }));
}

Deno.test("What passes the filter is shown, what comes later too", () => {
  const log = new TrafficLog();
  log.add(lines(1, 20));
  log.filter((_said, text) => text.endsWith("5"));
  assert.deepEqual(log.shown.map(({ text }) => text), ["line 5", "line 15"]);
  log.add(lines(21, 30), 7);
  assert.deepEqual(log.shown.map(({ text }) => text), ["line 5", "line 15", "line 25"]);
  assert.deepEqual([log.kept, log.total, log.skipped], [30, 30, 7]);
  log.filter(() => true);
  assert.equal(log.shown.length, 30);
});

Deno.test("While it is paused nothing that is seen moves, and what came is there afterwards", () => {
  const log = new TrafficLog();
  log.add(lines(1, 3));
  log.pause();
  log.add(lines(4, 9));
  assert.deepEqual([log.shown.length, log.heldCount, log.isPaused], [3, 6, true]);
  log.resume();
  assert.deepEqual([log.shown.length, log.heldCount, log.isPaused], [9, 0, false]);
});

Deno.test("A flood leaves the latest lines, paused or not, and every line keeps its number", () => {
  for (const isPaused of [false, true]) {
    const log = new TrafficLog();
    log.filter((_said, text) => text.endsWith("0"));
    if (isPaused) log.pause();
    for (let batch = 0; batch < 250; batch++) log.add(lines(batch * 400 + 1, batch * 400 + 400));
    if (isPaused) log.resume();
    assert.ok(log.kept <= 10_000 && log.kept >= 8000, `${log.kept}`);
    assert.equal(log.shown.at(-1)!.text, "line 100000");
    assert.ok(log.shown.length <= 1000 && log.shown.length >= 800);
    assert.ok(log.shown.every(({ id, text }) => text === `line ${id}`));
  }
});

Deno.test("Long messages are bounded by their characters", () => {
  const log = new TrafficLog();
  for (let batch = 0; batch < 100; batch++) {
    log.add(Array.from({ length: 50 }, () => said({ value: "x".repeat(4000) })));
  }
  assert.ok(log.kept * 4000 <= 8 * 1024 * 1024 && log.kept > 1000, `${log.kept}`);
});

Deno.test("Clearing forgets what is kept and what was counted", () => {
  const log = new TrafficLog();
  log.add(lines(1, 3), 5);
  log.clear();
  assert.deepEqual([log.shown.length, log.kept, log.total, log.skipped], [0, 0, 0, 0]);
  log.add(lines(4, 4));
  assert.equal(log.shown.length, 1);
});
