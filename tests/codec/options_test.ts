import assert from "node:assert/strict";
import { checkFrame, flag, frameLimit } from "../../src/codec/options.ts";

Deno.test("frameLimit gives the limit that was set, or 1 MiB", () => {
  assert.equal(frameLimit("lines", {}), 1_048_576);
  assert.equal(frameLimit("lines", { maxFrameBytes: undefined }), 1_048_576);
  assert.equal(frameLimit("lines", { maxFrameBytes: 7 }), 7);
  assert.equal(frameLimit("lines", { maxFrameBytes: 64 * 1024 * 1024 }), 67_108_864);
});

Deno.test("frameLimit refuses limits out of range and options that are unknown or no object", () => {
  for (const maxFrameBytes of [0, -1, 1.5, NaN, Infinity, 64 * 1024 * 1024 + 1]) {
    assert.throws(() => frameLimit("lines", { maxFrameBytes }), { name: "RangeError", code: "usage" });
  }
  assert.throws(() => frameLimit("lines", { a: 1 } as object, ["b"]), {
    name: "TypeError",
    message: 'Unknown option "a" of lines(): the options are maxFrameBytes, b',
  });
  assert.throws(() => frameLimit("lines", 5 as unknown as object), {
    name: "TypeError",
    message: /Cannot use 5.*lines\(\)/,
  });
});

Deno.test("flag is off unless it is true, and refuses what is no boolean", () => {
  assert.deepEqual([undefined, false, true].map((value) => flag("leadingEnd", value)), [false, false, true]);
  assert.throws(() => flag("leadingEnd", 0 as unknown as boolean), {
    name: "TypeError",
    message: /0 as "leadingEnd"/,
  });
});

Deno.test("checkFrame takes bytes up to the limit", () => {
  checkFrame(new Uint8Array(3), 3);
  assert.throws(() => checkFrame(new Uint8Array(4), 3), {
    name: "RangeError",
    message: /4 bytes: at most 3 bytes/,
  });
  assert.throws(() => checkFrame("abc" as unknown as Uint8Array, 3), {
    name: "TypeError",
    message: /TextEncoder/,
  });
});
