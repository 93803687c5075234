import assert from "node:assert/strict";
import { checkCount, DEFAULT_LIMITS, type Limits, resolveLimits } from "../src/limits.ts";

Deno.test("resolveLimits fills in the defaults, and leaves them alone", () => {
  const limits = resolveLimits();
  assert.deepEqual(limits, { ...DEFAULT_LIMITS });
  limits.maxPending = 1;
  assert.equal(resolveLimits().maxPending, DEFAULT_LIMITS.maxPending);
  assert.ok(Object.isFrozen(DEFAULT_LIMITS));
});

Deno.test("resolveLimits takes what is set, and the default for undefined", () => {
  const limits = resolveLimits({ maxFrameBytes: 5000, requestMs: undefined });
  assert.equal(limits.maxFrameBytes, 5000);
  assert.equal(limits.requestMs, DEFAULT_LIMITS.requestMs);
});

Deno.test("resolveLimits keeps the marks of the outbox in order", () => {
  const small = resolveLimits({ outboxHighBytes: 100 });
  assert.deepEqual([small.outboxLowBytes, small.maxOutboxBytes], [100, DEFAULT_LIMITS.maxOutboxBytes]);
  const large = resolveLimits({ outboxHighBytes: 100_000_000 });
  assert.equal(large.maxOutboxBytes, 100_000_000);
});

Deno.test("resolveLimits refuses an unknown name, and lists the known ones", () => {
  assert.throws(() => resolveLimits({ maxFrameByte: 5 } as Partial<Limits>), {
    name: "TypeError",
    code: "usage",
    message: /^Unknown limit "maxFrameByte"; did you mean "maxFrameBytes"\?$/,
  });
  assert.throws(() => resolveLimits({ constructor: 5 } as Partial<Limits>), { name: "TypeError" });
});

Deno.test("resolveLimits holds maxFrameBytes to its ceiling", () => {
  assert.equal(resolveLimits({ maxFrameBytes: 67_108_864 }).maxFrameBytes, 67_108_864);
  assert.throws(() => resolveLimits({ maxFrameBytes: 67_108_865 }), {
    name: "RangeError",
    message: 'Cannot use 67108865 as "maxFrameBytes": a whole number from 1 to 67108864 is wanted',
  });
});

Deno.test("checkCount takes whole numbers in range, and says what is wanted for others", () => {
  checkCount("n", 1);
  checkCount("n", 2_147_483_647);
  for (const value of [0, -1, 1.5, NaN, Infinity, 2_147_483_648]) {
    assert.throws(() => checkCount("n", value), {
      name: "RangeError",
      code: "usage",
      message: `Cannot use ${value} as "n": a whole number from 1 to 2147483647 is wanted`,
    });
  }
  for (const value of ["5", undefined, null, 5n]) {
    assert.throws(() => checkCount("n", value), {
      name: "TypeError",
      code: "usage",
      message: `Cannot use ${value} (${typeof value}) as "n": a number is wanted`,
    });
  }
});
