import assert from "node:assert/strict";
import fc from "fast-check";
import { cobs } from "../../src/codec/cobs.ts";
import { ReceiveBuffer } from "../../src/receive_buffer.ts";
import { checkCodec } from "../../src/testing/check_codec.ts";
import { CountingBuffer } from "./counting_buffer.ts";
import { errorOf, feed, hex, oneByOne } from "./feed.ts";

/** The bytes from `first` to `last`, wrapping at FF. */
function range(first: number, count: number): Uint8Array {
  return Uint8Array.from({ length: count }, (_, index) => first + index);
}

/** Frames and the only way to write them. */
const VECTORS: [frame: Uint8Array, wire: Uint8Array][] = [
  [hex(""), hex("01 00")],
  [hex("00"), hex("01 01 00")],
  [hex("00 00"), hex("01 01 01 00")],
  [hex("00 11 00"), hex("01 02 11 01 00")],
  [hex("11 22 00 33"), hex("03 11 22 02 33 00")],
  [hex("11 22 33 44"), hex("05 11 22 33 44 00")],
  [hex("11 00 00 00"), hex("02 11 01 01 01 00")],
  [range(1, 253), Uint8Array.of(0xfe, ...range(1, 253), 0)],
  [range(1, 254), Uint8Array.of(0xff, ...range(1, 254), 0)],
  [Uint8Array.of(0, ...range(1, 254)), Uint8Array.of(1, 0xff, ...range(1, 254), 0)],
  [range(1, 255), Uint8Array.of(0xff, ...range(1, 254), 2, 0xff, 0)],
  [Uint8Array.of(...range(2, 254), 0), Uint8Array.of(0xff, ...range(2, 254), 1, 1, 0)],
  [Uint8Array.of(...range(3, 253), 0, 1), Uint8Array.of(0xfe, ...range(3, 253), 2, 1, 0)],
];

Deno.test("cobs keeps the contract", () => {
  checkCodec({
    make: cobs,
    samples: [
      ...VECTORS.map(([frame, bytes]) => ({ frames: [frame], bytes })),
      { frames: [hex("55"), hex("66")], bytes: hex("00 00 02 55 00 00 02 66 00") },
      { frames: [new Uint8Array(1000), new Uint8Array(3000).fill(9), hex("01")] },
    ],
    malformed: [
      { bytes: hex("05 11 22 00 02 33 00"), code: "bad_cobs", fatal: false, then: [hex("33")] },
      { bytes: hex("02 11 ff 22 00 02 33 00"), code: "bad_cobs", fatal: false, then: [hex("33")] },
    ],
    tooLarge: [
      {
        maxFrameBytes: 3,
        bytes: hex("05 01 02 03 04 00 02 33 00"),
        then: [hex("33")],
        frame: hex("01020304"),
      },
      { maxFrameBytes: 3, bytes: hex("01 01 01 01 01 00 02 33 00"), then: [hex("33")] },
      { maxFrameBytes: 3, bytes: hex("09 01 02 03 04 05 06 00 02 33 00"), then: [hex("33")] },
    ],
    flood: hex("05 01 02 03 04"),
    overheadBytes: 4,
    garbageInputs: 4000,
  });
});

Deno.test("cobs writes and reads the known vectors", () => {
  for (const [frame, wire] of VECTORS) {
    assert.deepEqual(cobs().encode(frame), wire);
    assert.deepEqual(feed(cobs(), [wire]), [frame]);
  }
});

Deno.test("cobs reads a full last group with and without a closing code", () => {
  const frame = range(1, 254);
  assert.deepEqual(feed(cobs(), [Uint8Array.of(0xff, ...frame, 1, 0)]), [frame]);
  assert.deepEqual(feed(cobs({ maxFrameBytes: 254 }), [Uint8Array.of(0xff, ...frame, 1, 0)]), [frame]);
});

Deno.test("cobs can be joined in the middle of a frame", () => {
  const stream = [...cobs().encode(hex("01 02 03 00 04")), ...cobs().encode(hex("05"))];
  for (let from = 1; from < 7; from++) {
    const got = feed(cobs(), [Uint8Array.from(stream.slice(from))]);
    assert.deepEqual(got.at(-1), hex("05"), `from ${from}`);
  }
});

Deno.test("cobs takes a frame of exactly the limit, and refuses one byte more", () => {
  for (const size of [1, 253, 254, 255, 508, 509, 1000]) {
    for (const fill of [0, 7]) {
      const fits = new Uint8Array(size).fill(fill);
      const wire = cobs().encode(new Uint8Array(size + 1).fill(fill));
      assert.deepEqual(feed(cobs({ maxFrameBytes: size }), [cobs().encode(fits)]), [fits]);
      assert.deepEqual(feed(cobs({ maxFrameBytes: size }), [wire]), ["!too_large"]);
      assert.deepEqual(feed(cobs({ maxFrameBytes: size }), oneByOne(wire)), ["!too_large"]);
    }
  }
});

Deno.test("cobs reports an endless frame once and keeps none of it", () => {
  const codec = cobs({ maxFrameBytes: 1000 });
  const buffer = new ReceiveBuffer();
  assert.deepEqual(feed(codec, [new Uint8Array(1100).fill(1)], buffer), ["!too_large"]);
  for (let turn = 0; turn < 100; turn++) {
    assert.deepEqual(feed(codec, [new Uint8Array(100_000).fill(1)], buffer), []);
    assert.equal(buffer.length, 0);
  }
  assert.deepEqual(feed(codec, [hex("00 02 33 00")], buffer), [hex("33")]);
});

Deno.test("cobs reports noise now and then, tells how much there was, and loses no good frame", () => {
  const wire = Uint8Array.from({ length: 65_536 }, (_, at) => [5, 0, 2, 0x33, 0][at % 5]);
  const buffer = new ReceiveBuffer();
  buffer.append(wire);
  const codec = cobs();
  const [messages, frames] = [[] as string[], [] as Uint8Array[]];
  for (;;) {
    try {
      const frame = codec.decode(buffer);
      if (frame === undefined) break;
      frames.push(frame);
    } catch (error) {
      messages.push((error as Error).message);
    }
  }
  assert.deepEqual(frames, new Array(13_107).fill(hex("33")));
  const untold = messages.map((text) => Number(/report(?: each)?: (\d+)/.exec(text)?.[1] ?? 0));
  const own = messages.filter((text) => text.startsWith("Group")).length;
  const told = own + untold.reduce((sum, count) => sum + count, 0);
  assert.ok(messages.length < 300, `${messages.length} errors`);
  assert.ok(told > 13_107 - 256 && told <= 13_108, `${told} bad frames told of`);
  assert.deepEqual(untold.slice(0, 16), new Array(16).fill(0), "the first ones are reported each");
  assert.deepEqual(feed(cobs(), oneByOne(wire)), feed(cobs(), [wire]));
});

Deno.test("cobs reports every bad frame when they are rare", () => {
  const good = cobs().encode(new Uint8Array(300).fill(1));
  const wire = Array.from({ length: 100 }, () => [...hex("05 11 22 00"), ...good]).flat();
  assert.equal(feed(cobs(), [Uint8Array.from(wire)]).filter((one) => one === "!bad_cobs").length, 100);
});

Deno.test("cobs says how far a group reaches beyond its frame", () => {
  const buffer = new ReceiveBuffer();
  buffer.append(hex("05 11 22 00"));
  const error = errorOf(() => cobs().decode(buffer));
  assert.equal(error.code, "bad_cobs");
  assert.match(error.message, /Group of 5 bytes reaches 2 bytes beyond/);
});

Deno.test("cobs refuses frames that are no bytes, and options it does not know", () => {
  assert.throws(() => cobs().encode("a" as unknown as Uint8Array), { name: "TypeError", code: "usage" });
  assert.throws(() => cobs({ maxFrameBytes: 2 }).encode(hex("010203")), {
    name: "RangeError",
    code: "usage",
  });
  assert.throws(() => cobs({ size: 4 } as { maxFrameBytes?: number }), {
    name: "TypeError",
    message: /"size" of cobs\(\)/,
  });
});

Deno.test("cobs looks at each byte a fixed number of times, byte by byte", () => {
  const wire = cobs().encode(new Uint8Array(1024 * 1024).fill(1));
  const buffer = new CountingBuffer();
  assert.deepEqual(feed(cobs(), oneByOne(wire), buffer).map((frame) => frame.length), [1024 * 1024]);
  assert.ok(buffer.lookedAt <= 3 * wire.length, `${buffer.lookedAt} for ${wire.length}`);
});

Deno.test("cobs reads back any bytes, and writes zero at the end only, at no more than the promised cost", () => {
  const anyBytes = fc.oneof(
    fc.uint8Array({ maxLength: 700 }),
    fc.array(fc.constantFrom(0, 1, 255), { maxLength: 700, minLength: 200 }).map((bytes) =>
      Uint8Array.from(bytes)
    ),
    fc.integer({ min: 0, max: 1100 }).map((size) => new Uint8Array(size).fill(1)),
  );
  fc.assert(
    fc.property(anyBytes, (frame) => {
      const wire = cobs().encode(frame);
      assert.equal(wire.indexOf(0), wire.length - 1);
      assert.ok(wire.length <= frame.length + Math.floor(frame.length / 254) + 2);
      assert.deepEqual(feed(cobs(), [wire]), [frame]);
    }),
    { seed: 1, numRuns: 300 },
  );
});
