import assert from "node:assert/strict";
import fc from "fast-check";
import { slip } from "../../src/codec/slip.ts";
import { ReceiveBuffer } from "../../src/receive_buffer.ts";
import { checkCodec } from "../../src/testing/check_codec.ts";
import { CountingBuffer } from "./counting_buffer.ts";
import { errorOf, feed, hex, oneByOne } from "./feed.ts";

/** Frames as RFC 1055 writes them. */
const VECTORS: [frame: string, wire: string][] = [
  ["01 02", "01 02 c0"],
  ["c0", "db dc c0"],
  ["db", "db dd c0"],
  ["db dc", "db dd dc c0"],
  ["01 c0 02 db 03", "01 db dc 02 db dd 03 c0"],
  ["dc dd", "dc dd c0"],
];

Deno.test("slip keeps the contract with and without a leading END", () => {
  for (const leadingEnd of [false, true]) {
    checkCodec({
      make: (options) => slip({ ...options, leadingEnd }),
      samples: [
        ...VECTORS.map(([frame, wire]) => ({ frames: [hex(frame)], bytes: hex(wire) })),
        { frames: [hex("55"), hex("66")], bytes: hex("c0 c0 55 c0 c0 66 c0") },
        { frames: [new Uint8Array(500).fill(0xc0), new Uint8Array(3000).fill(9), hex("00")] },
      ],
      malformed: [
        { bytes: hex("01 db 02 03 c0 33 c0"), code: "bad_slip", fatal: false, then: [hex("33")] },
        { bytes: hex("01 db c0 33 c0"), code: "bad_slip", fatal: false, then: [hex("33")] },
        { bytes: hex("01 db db dd c0 33 c0"), code: "bad_slip", fatal: false, then: [hex("33")] },
        { bytes: hex("db 01 db 02 db 03 c0 33 c0"), code: "bad_slip", fatal: false, then: [hex("33")] },
      ],
      tooLarge: [
        { maxFrameBytes: 3, bytes: hex("01 02 03 04 c0 33 c0"), then: [hex("33")], frame: hex("01020304") },
        { maxFrameBytes: 2, bytes: hex("db dc db dc db dc c0 33 c0"), then: [hex("33")] },
        { maxFrameBytes: 2, bytes: hex("01 02 03 db 05 c0 33 c0"), then: [hex("33")] },
      ],
      overheadBytes: 3,
      garbageInputs: 4000,
    });
  }
});

Deno.test("slip writes and reads the known vectors", () => {
  for (const [frame, wire] of VECTORS) {
    assert.deepEqual(slip().encode(hex(frame)), hex(wire));
    assert.deepEqual(slip({ leadingEnd: true }).encode(hex(frame)), hex(`c0 ${wire}`));
    assert.deepEqual(feed(slip(), [hex(wire)]), [hex(frame)]);
    assert.deepEqual(feed(slip(), [hex(`c0 ${wire}`)]), [hex(frame)]);
  }
});

Deno.test("slip takes a frame of exactly the limit, counted without escapes, and refuses one byte more", () => {
  for (const cut of [(bytes: Uint8Array) => [bytes], oneByOne]) {
    assert.deepEqual(feed(slip({ maxFrameBytes: 2 }), cut(hex("db dc db dd c0"))), [hex("c0 db")]);
    assert.deepEqual(feed(slip({ maxFrameBytes: 2 }), cut(hex("db dc db dd db dd c0"))), ["!too_large"]);
  }
});

Deno.test("slip keeps no more than the limit of an endless frame, and twice that if every byte is escaped", () => {
  for (const [piece, most] of [[hex("01"), 1000], [hex("db dc"), 2000]] as const) {
    const codec = slip({ maxFrameBytes: 1000 });
    const buffer = new ReceiveBuffer();
    const errors: unknown[] = [];
    for (let turn = 0; turn < 5000; turn++) {
      errors.push(...feed(codec, [piece], buffer));
      assert.ok(buffer.length <= most + 1);
    }
    assert.deepEqual(errors, ["!too_large"]);
    assert.equal(buffer.length, 0);
    assert.deepEqual(feed(codec, [hex("c0 33 c0")], buffer), [hex("33")]);
  }
});

Deno.test("slip says which byte follows the ESC", () => {
  const buffer = new ReceiveBuffer();
  buffer.append(hex("01 db 0a"));
  const error = errorOf(() => slip().decode(buffer));
  assert.equal(error.code, "bad_slip");
  assert.equal(error.fatal, false);
  assert.match(error.message, /followed by 0A: DC or DD/);
});

Deno.test("slip encode refuses empty frames, which no reader sees, and frames above the limit", () => {
  assert.throws(() => slip().encode(hex("")), { name: "TypeError", code: "usage", message: /empty frame/ });
  assert.throws(() => slip({ maxFrameBytes: 2 }).encode(hex("c0c0c0")), {
    name: "RangeError",
    message: /3 bytes: at most 2/,
  });
  assert.deepEqual(slip({ maxFrameBytes: 2 }).encode(hex("c0c0")), hex("db dc db dc c0"));
});

Deno.test("slip refuses wrong options", () => {
  assert.throws(() => slip({ leading: true } as { leadingEnd?: boolean }), {
    name: "TypeError",
    message: /"leading" of slip\(\): the options are maxFrameBytes, leadingEnd/,
  });
  assert.throws(() => slip({ leadingEnd: "yes" as unknown as boolean }), {
    name: "TypeError",
    message: /yes/,
  });
});

Deno.test("slip looks at each byte a fixed number of times, byte by byte", () => {
  const wire = slip().encode(new Uint8Array(512 * 1024).fill(0xc0));
  const buffer = new CountingBuffer();
  assert.deepEqual(feed(slip(), oneByOne(wire), buffer).map((frame) => frame.length), [512 * 1024]);
  assert.ok(buffer.lookedAt <= 3 * wire.length, `${buffer.lookedAt} for ${wire.length}`);
});

Deno.test("slip reads back any bytes, and writes END at the end only", () => {
  const unit = fc.oneof(fc.constantFrom(0xc0, 0xdb, 0xdc, 0xdd), fc.integer({ min: 0, max: 255 }));
  fc.assert(
    fc.property(fc.array(unit, { minLength: 1, maxLength: 80 }), (bytes) => {
      const frame = Uint8Array.from(bytes);
      const wire = slip().encode(frame);
      assert.equal(wire.indexOf(0xc0), wire.length - 1);
      assert.deepEqual(feed(slip(), oneByOne(wire)), [frame]);
    }),
    { seed: 1, numRuns: 300 },
  );
});

Deno.test("slip reports noise now and then, however it is cut, and loses no good frame", () => {
  for (const noise of [[0xdb, 0xc0], [0xdb, 1, 0xc0, 0x33, 0xc0], [0xdb, 0xdb]]) {
    const wire = Uint8Array.from({ length: 65_536 }, (_, at) => noise[at % noise.length]);
    const got = feed(slip(), [wire]);
    const errors = got.filter((one) => one === "!bad_slip").length;
    const good = wire.filter((byte) => byte === 0x33).length;
    assert.ok(errors > 0 && errors < 300, `${errors} errors`);
    assert.equal(got.length - errors, good);
    assert.deepEqual(feed(slip(), oneByOne(wire)), got);
  }
});
