import assert from "node:assert/strict";
import { Interrupt, Interrupted } from "../../../src/console/evaluator/interrupt.ts";

Deno.test("Interrupt.race settles as the promise does while nothing is requested", async () => {
  const interrupt = new Interrupt();
  assert.equal(await interrupt.race(Promise.resolve(1)), 1);
  await assert.rejects(interrupt.race(Promise.reject(new Error("theirs"))), /theirs/);
});

Deno.test("Interrupt.race rejects on a request, and at once while it stands", async () => {
  const interrupt = new Interrupt();
  const never = new Promise<void>(() => {});
  const both = [interrupt.race(never), interrupt.race(never)].map((race) =>
    assert.rejects(race, Interrupted)
  );
  interrupt.request();
  await Promise.all(both);
  assert.ok(interrupt.requested);
  await assert.rejects(interrupt.race(never), Interrupted);
  await assert.rejects(interrupt.race(Promise.reject(new Error("nobody looks"))), Interrupted);
  interrupt.clear();
  assert.equal(await interrupt.race(Promise.resolve(2)), 2);
});

Deno.test("Interrupt shares its flag with whoever holds the memory", () => {
  const interrupt = new Interrupt();
  Atomics.store(interrupt.flag, 0, 1);
  assert.ok(interrupt.requested);
  assert.ok(interrupt.flag.buffer instanceof SharedArrayBuffer);
});
