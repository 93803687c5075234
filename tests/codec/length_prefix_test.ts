import assert from "node:assert/strict";
import { lengthPrefix, type LengthPrefixOptions } from "../../src/codec/length_prefix.ts";
import { ReceiveBuffer } from "../../src/receive_buffer.ts";
import { checkCodec } from "../../src/testing/check_codec.ts";
import { CountingBuffer } from "./counting_buffer.ts";
import { errorOf, feed, hex, oneByOne } from "./feed.ts";

const VARIANTS: { size: 1 | 2 | 4; options: LengthPrefixOptions; wire: string }[] = [
  { size: 1, options: {}, wire: "02 48 69" },
  { size: 1, options: { countsItself: true }, wire: "03 48 69" },
  { size: 2, options: {}, wire: "00 02 48 69" },
  { size: 2, options: { littleEndian: true }, wire: "02 00 48 69" },
  { size: 2, options: { littleEndian: true, countsItself: true }, wire: "04 00 48 69" },
  { size: 4, options: {}, wire: "00 00 00 02 48 69" },
  { size: 4, options: { littleEndian: true }, wire: "02 00 00 00 48 69" },
  { size: 4, options: { countsItself: true }, wire: "00 00 00 06 48 69" },
];

Deno.test("lengthPrefix keeps the contract in every size, order and way of counting", () => {
  for (const { size, options, wire } of VARIANTS) {
    const own = size - (options.countsItself ? 0 : size); // what the length counts of itself
    checkCodec({
      make: (limit) => lengthPrefix(size, { ...options, ...limit }),
      samples: [
        { frames: [hex("4869")], bytes: hex(wire) },
        { frames: [hex(""), hex("00"), hex("0102"), new Uint8Array(size === 1 ? 250 : 3000).fill(7)] },
      ],
      tooLarge: [{
        maxFrameBytes: 3,
        bytes: lengthPrefix(size, options).encode(new Uint8Array(4)),
        fatal: true,
        frame: new Uint8Array(4),
      }],
      malformed: own === 0 ? [] : [{ bytes: new Uint8Array(size + 3), code: "bad_length", fatal: true }],
      garbageInputs: 500,
    });
    assert.deepEqual(lengthPrefix(size, options).encode(hex("4869")), hex(wire));
  }
});

Deno.test("lengthPrefix is 4 bytes, big-endian, and counts what follows by default", () => {
  assert.deepEqual(lengthPrefix().encode(new Uint8Array(0x010203)).subarray(0, 4), hex("00 01 02 03"));
});

Deno.test("lengthPrefix refuses a frame as soon as its length is there, and again when asked again", () => {
  const buffer = new ReceiveBuffer();
  const codec = lengthPrefix(4, { maxFrameBytes: 1000 });
  buffer.append(hex("ff ff ff"));
  assert.equal(codec.decode(buffer), undefined);
  buffer.append(hex("ff"));
  for (let turn = 0; turn < 2; turn++) {
    const error = errorOf(() => codec.decode(buffer));
    assert.equal(error.code, "too_large");
    assert.equal(error.fatal, true);
    assert.match(error.message, /4294967295 bytes exceeds the limit of 1000 bytes/);
  }
});

Deno.test("lengthPrefix takes and sends a frame of exactly the limit", () => {
  const codec = lengthPrefix(2, { maxFrameBytes: 5 });
  assert.deepEqual(feed(codec, [codec.encode(hex("0102030405"))]), [hex("0102030405")]);
  assert.throws(() => codec.encode(new Uint8Array(6)), {
    name: "RangeError",
    code: "usage",
    message: /6 bytes: at most 5/,
  });
});

Deno.test("lengthPrefix sends no more than its length can say", () => {
  assert.equal(lengthPrefix(1).encode(new Uint8Array(255))[0], 255);
  assert.throws(() => lengthPrefix(1).encode(new Uint8Array(256)), { message: /256 bytes: at most 255/ });
  assert.throws(() => lengthPrefix(1, { countsItself: true }).encode(new Uint8Array(255)), {
    message: /at most 254/,
  });
  assert.throws(() => lengthPrefix(2).encode(new Uint8Array(65_536)), { message: /at most 65535/ });
});

Deno.test("lengthPrefix names both numbers of a length that cannot be", () => {
  const buffer = new ReceiveBuffer();
  buffer.append(hex("03 00 00 00"));
  const wrong = errorOf(() => lengthPrefix(4, { countsItself: true, littleEndian: true }).decode(buffer));
  assert.equal(wrong.code, "bad_length");
  assert.match(wrong.message, /Length of 3 is smaller than its own 4 bytes/);
});

Deno.test("lengthPrefix refuses wrong sizes and options", () => {
  assert.throws(() => lengthPrefix(3 as 4), {
    name: "RangeError",
    code: "usage",
    message: /Cannot use 3.*1, 2 or 4/,
  });
  assert.throws(() => lengthPrefix(4, { bigEndian: true } as LengthPrefixOptions), {
    name: "TypeError",
    message: /"bigEndian" of lengthPrefix\(\): the options are maxFrameBytes, littleEndian, countsItself/,
  });
  assert.throws(() => lengthPrefix(4, { littleEndian: 1 } as unknown as LengthPrefixOptions), {
    name: "TypeError",
    message: /Cannot use 1 as "littleEndian"/,
  });
  assert.throws(() => lengthPrefix(4, { maxFrameBytes: 2 ** 30 }), { name: "RangeError" });
});

Deno.test("lengthPrefix does not look at a long frame before it is whole", () => {
  const bytes = lengthPrefix().encode(new Uint8Array(1024 * 1024).fill(1));
  const buffer = new CountingBuffer();
  const got = feed(lengthPrefix(), oneByOne(bytes), buffer);
  assert.deepEqual(got.map((frame) => frame.length), [1024 * 1024]);
  assert.ok(buffer.lookedAt <= 2 * bytes.length, `${buffer.lookedAt} for ${bytes.length}`);
});
