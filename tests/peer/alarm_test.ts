import assert from "node:assert/strict";
import { Alarm } from "../../src/peer/alarm.ts";
import { Seen } from "./seen.ts";

Deno.test("Alarm rings not before the earliest time it was told, and again at the time that its ring returns", async () => {
  const rings = new Seen<number>();
  const times: number[] = [];
  const alarm: Alarm = new Alarm((now) => {
    rings.add(now);
    return times[rings.all.length] ?? Infinity;
  });
  const start = alarm.now();
  times.push(start + 5, start + 10);
  alarm.notify(start + 3_600_000);
  alarm.notify(start + 5);
  alarm.notify(start + 7_200_000);
  const [first, second] = await rings.take(2);
  assert.ok(first >= start + 5 && second >= start + 10);
  alarm.stop();
});

Deno.test("Alarm that was stopped rings no more until it is started", async () => {
  const rings = new Seen<number>();
  const alarm = new Alarm((now) => {
    rings.add(now);
    return Infinity;
  });
  alarm.notify(alarm.now() + 1);
  alarm.stop();
  alarm.notify(alarm.now() + 1);
  const other = new Seen<void>();
  const later = new Alarm(() => {
    other.add();
    return Infinity;
  });
  later.notify(later.now() + 3);
  await other.next();
  assert.equal(rings.all.length, 0);
  alarm.start();
  alarm.notify(alarm.now());
  await rings.next();
});

Deno.test("Alarm told of no time at all sets no timer", () => {
  const alarm = new Alarm(() => Infinity);
  alarm.notify(Infinity);
  // A timer left behind would fail this test: the sanitizers look for it.
});
