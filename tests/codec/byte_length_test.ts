import assert from "node:assert/strict";
import { byteLength } from "../../src/codec/byte_length.ts";
import { checkCodec } from "../../src/testing/check_codec.ts";
import { errorOf, feed, hex, oneByOne } from "./feed.ts";

Deno.test("byteLength keeps the contract", () => {
  for (const length of [1, 3, 100]) {
    const frames = [new Uint8Array(length), new Uint8Array(length).fill(0xff)];
    checkCodec({ make: () => byteLength(length), samples: [{ frames }, { frames: frames.toReversed() }] });
  }
});

Deno.test("byteLength cuts after so many bytes, whatever they are", () => {
  assert.deepEqual(feed(byteLength(2), [hex("01 02 03 04 05")]), [hex("0102"), hex("0304")]);
  assert.deepEqual(feed(byteLength(3), oneByOne(hex("01 02 03 04 05 06"))), [hex("010203"), hex("040506")]);
  assert.deepEqual(byteLength(2).encode(hex("0a0d")), hex("0a0d"));
});

Deno.test("byteLength refuses frames of another length and what is no frame", () => {
  const codec = byteLength(4);
  const { name, message } = errorOf(() => codec.encode(hex("010203")));
  assert.equal(name, "TypeError");
  assert.equal(message, "Cannot encode a frame of 3 bytes: each has to be exactly 4 bytes long");
  assert.throws(() => codec.encode("abcd" as unknown as Uint8Array), {
    name: "TypeError",
    message: /TextEncoder/,
  });
});

Deno.test("byteLength refuses a length that is none", () => {
  assert.throws(() => byteLength(0), {
    name: "RangeError",
    code: "usage",
    message: /0 as "length".*1 to 67108864/,
  });
  assert.throws(() => byteLength(1.5), { name: "RangeError" });
  assert.throws(() => byteLength("4" as unknown as number), { name: "TypeError" });
});
