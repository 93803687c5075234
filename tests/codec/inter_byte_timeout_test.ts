import assert from "node:assert/strict";
import { interByteTimeout } from "../../src/codec/inter_byte_timeout.ts";
import { ReceiveBuffer } from "../../src/receive_buffer.ts";
import { checkCodec } from "../../src/testing/check_codec.ts";
import { errorOf, feed, hex, oneByOne } from "./feed.ts";

Deno.test("interByteTimeout keeps the contract, with pauses", () => {
  checkCodec({
    make: interByteTimeout,
    samples: [
      { frames: [hex("01"), new Uint8Array(300), hex("000a0d")] },
      { frames: [hex("0103"), hex("0183")], bytes: hex("01 03 01 83"), pauses: [2, 4] },
      { frames: [hex("01030183")], bytes: hex("01 03 01 83"), pauses: [4] },
    ],
    tooLarge: [{
      maxFrameBytes: 3,
      bytes: hex("01 02 03 04 05 06"),
      pauses: [5, 6],
      then: [hex("06")],
      frame: hex("01020304"),
    }],
    overheadBytes: 0,
  });
});

Deno.test("interByteTimeout takes what came before the pause, in however many pieces it came", () => {
  const codec = interByteTimeout();
  assert.deepEqual(feed(codec, [hex("01"), hex("0203"), "pause", hex("04"), "pause"]), [
    hex("010203"),
    hex("04"),
  ]);
  assert.deepEqual(feed(codec, ["pause", "pause"]), [], "silence alone is no frame");
  assert.equal(interByteTimeout().quietMs, 30);
  assert.equal(interByteTimeout({ quietMs: 4 }).fresh?.().quietMs, 4);
});

Deno.test("interByteTimeout takes a frame of exactly the limit, and drops a longer one up to the pause", () => {
  const fits = interByteTimeout({ maxFrameBytes: 3 });
  assert.deepEqual(feed(fits, [hex("010203"), "pause"]), [hex("010203")]);
  for (const cut of [(bytes: Uint8Array) => [bytes], oneByOne]) {
    const codec = interByteTimeout({ maxFrameBytes: 3 });
    const buffer = new ReceiveBuffer();
    assert.deepEqual(feed(codec, cut(hex("01020304")), buffer), ["!too_large"]);
    assert.deepEqual(feed(codec, cut(new Uint8Array(10_000)), buffer), []);
    assert.equal(buffer.length, 0);
    assert.deepEqual(feed(codec, ["pause", ...cut(hex("0506")), "pause"], buffer), [hex("0506")]);
  }
});

Deno.test("interByteTimeout ends the last frame with the stream", () => {
  const buffer = new ReceiveBuffer();
  buffer.append(hex("0102"));
  const codec = interByteTimeout();
  assert.deepEqual(codec.decodeEnd?.(buffer), hex("0102"));
  assert.equal(codec.decodeEnd?.(buffer), undefined);
});

Deno.test("interByteTimeout refuses frames and options that cannot be", () => {
  assert.match(errorOf(() => interByteTimeout().encode(hex(""))).message, /empty frame/);
  assert.throws(() => interByteTimeout({ maxFrameBytes: 2 }).encode(hex("010203")), { name: "RangeError" });
  assert.throws(() => interByteTimeout({ quietMs: 0 }), {
    name: "RangeError",
    message: /0 as "quietMs".*60000/,
  });
  assert.throws(() => interByteTimeout({ quietMs: 60_001 }), { name: "RangeError" });
  const wrong = { interval: 30 } as unknown as { quietMs: number };
  assert.match(errorOf(() => interByteTimeout(wrong)).message, /options are maxFrameBytes, quietMs/);
});
