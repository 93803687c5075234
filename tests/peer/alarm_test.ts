import assert from "node:assert/strict";
import { Alarm, type Sleeper } from "../../src/peer/alarm.ts";
import { REAL_WORLD, type World } from "../../src/peer/world.ts";
import { SeededRandom } from "../../src/testing/seeded_random.ts";

/** A clock that stands still until it is set, with one timer as the alarm has. */
class Clock {
  ms = 0;
  ring: (() => void) | undefined;
  dueAt = Infinity;
  timersSet = 0;
  readonly world: World = {
    ...REAL_WORLD,
    now: () => this.ms,
    setTimer: (ring, ms) => {
      this.timersSet++;
      this.ring = ring;
      this.dueAt = this.ms + ms;
      return 1;
    },
    clearTimer: () => {
      this.ring = undefined;
      this.dueAt = Infinity;
    },
  };

  /** Goes to the next time that a timer is set to. */
  next(): void {
    const { ring } = this;
    this.ms = this.dueAt;
    this.ring = undefined;
    this.dueAt = Infinity;
    ring!();
  }
}

class Dozer implements Sleeper {
  wakeAt = Infinity;
  readonly wokenAt: number[] = [];
  constructor(readonly times: number[] = []) {}

  get nextTickAt(): number {
    return this.times[this.wokenAt.length] ?? Infinity;
  }

  tick(now: number): void {
    this.wokenAt.push(now);
  }
}

Deno.test("Alarm wakes not before the earliest time it was told, and again when the sleeper wants", () => {
  const clock = new Clock();
  const alarm = new Alarm(clock.world);
  const sleeper = new Dozer([5, 10]);
  for (const at of [3_600_000, 5, 7_200_000]) alarm.wake(sleeper, at);
  assert.equal(clock.timersSet, 2, "a later time sets no timer");
  clock.next();
  clock.next();
  assert.ok(sleeper.wokenAt[0] >= 5 && sleeper.wokenAt[1] >= 10, String(sleeper.wokenAt));
  assert.equal(clock.ring, undefined);
});

Deno.test("Alarm that was stopped wakes nobody until it is started and told again", () => {
  const clock = new Clock();
  const alarm = new Alarm(clock.world);
  const sleeper = new Dozer();
  alarm.wake(sleeper, 1);
  alarm.stop();
  alarm.wake(sleeper, 2);
  assert.equal(clock.ring, undefined);
  alarm.start();
  alarm.wake(sleeper, 3);
  clock.next();
  assert.equal(sleeper.wokenAt.length, 1);
});

Deno.test("Alarm told of no time at all sets no timer", () => {
  const clock = new Clock();
  new Alarm(clock.world).wake(new Dozer(), Infinity);
  assert.equal(clock.timersSet, 0);
});

Deno.test("Alarm wakes many sleepers, each at its time and only those", () => {
  const random = new SeededRandom(7);
  const clock = new Clock();
  const alarm = new Alarm(clock.world);
  const sleepers = Array.from({ length: 200 }, () => {
    const times = Array.from({ length: 5 }, () => 1 + random.below(1_000)).sort((a, b) => a - b);
    return new Dozer(times);
  });
  for (const sleeper of sleepers) {
    alarm.wake(sleeper, 5_000);
    alarm.wake(sleeper, sleeper.times[0]);
  }
  while (clock.ring !== undefined) clock.next();
  for (const { times, wokenAt } of sleepers) {
    assert.equal(wokenAt.length, times.length);
    wokenAt.forEach((at, i) => assert.ok(at >= times[i] && at <= times[i] + 6, `${at} for ${times[i]}`));
  }
});

Deno.test("Alarm keeps time in the real world", async () => {
  const alarm = new Alarm(REAL_WORLD);
  const woken = Promise.withResolvers<number>();
  const start = alarm.now();
  alarm.wake({ wakeAt: Infinity, nextTickAt: Infinity, tick: woken.resolve }, start + 5);
  assert.ok(await woken.promise >= start + 5);
});
