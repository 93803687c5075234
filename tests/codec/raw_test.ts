import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { raw } from "../../src/codec/raw.ts";
import { checkCodec } from "../../src/testing/check_codec.ts";
import { feed, hex } from "./feed.ts";

Deno.test("raw keeps the contract as a stream", () => {
  checkCodec({
    make: raw,
    samples: [{ frames: [hex("00"), hex("0102"), new Uint8Array(3000).fill(9)] }],
    streaming: true,
    overheadBytes: 0,
  });
});

Deno.test("raw gives each chunk as a frame, cut at the limit", () => {
  assert.deepEqual(feed(raw(), [hex("0102"), hex("03")]), [hex("0102"), hex("03")]);
  assert.deepEqual(feed(raw({ maxFrameBytes: 4 }), [hex("0102030405")]), [hex("01020304"), hex("05")]);
});

Deno.test("raw encode copies, also from a node Buffer, and refuses more than the limit", () => {
  const frame = Buffer.from([1, 2, 3]);
  const encoded = raw().encode(frame);
  frame[0] = 9;
  assert.deepEqual(encoded, hex("010203"));
  assert.throws(() => raw({ maxFrameBytes: 2 }).encode(hex("010203")), {
    name: "RangeError",
    code: "usage",
    message: /3 .* 2 /,
  });
  assert.throws(() => raw().encode([1] as unknown as Uint8Array), { name: "TypeError", code: "usage" });
});

Deno.test("raw refuses options it does not know", () => {
  assert.throws(() => raw({ max: 4 } as { maxFrameBytes?: number }), {
    name: "TypeError",
    message: /"max" of raw\(\)/,
  });
});
