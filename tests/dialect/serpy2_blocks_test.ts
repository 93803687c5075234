import assert from "node:assert/strict";
import { isDeepStrictEqual } from "node:util";
import { BlockCodec, type Content } from "../../src/dialect/serpy2/block_codec.ts";
import { serpy2 } from "../../src/dialect/serpy2/serpy2.ts";
import { checkCodec } from "../../src/testing/check_codec.ts";
import { CountingBuffer } from "../codec/counting_buffer.ts";
import { opened, told } from "./conversation.ts";
import { block, join, str } from "./serpy2_block.ts";

const MARK = Uint8Array.of(0xde, 0xca, 0xfe, 0xca, 0xfe);

function contents(...values: unknown[]): Content[] {
  return values.map((value) => ({ value }));
}

Deno.test("the blocks of serpy2 keep the contract of codecs", () => {
  checkCodec<Content>({
    make: ({ maxFrameBytes = 1024 * 1024 } = {}) => new BlockCodec(maxFrameBytes, 5000),
    equal: (one, other) => isDeepStrictEqual(one.value, other.value),
    samples: [
      {
        frames: contents(
          0,
          -1,
          2 ** 53 - 1,
          2n ** 63n - 1n,
          1.5,
          NaN,
          "",
          "grüße 🚀",
          "\ufeff",
          new Uint8Array(0),
        ),
      },
      { frames: contents(MARK, new Uint8Array(3000).fill(0xde), join(MARK, MARK), "x".repeat(300)) },
      { frames: contents("one", "two"), bytes: join(str("one"), str("two")), pauses: [17] },
    ],
    malformed: [
      {
        bytes: join("stray bytes, more than fourteen", str("a")),
        code: "bad_mark",
        fatal: false,
        then: contents("a"),
      },
      { bytes: join("few", str("a"), str("b")), code: "bad_mark", fatal: false, then: contents("a", "b") },
      { bytes: join(MARK.subarray(0, 4), str("a")), code: "bad_mark", fatal: false, then: contents("a") },
      {
        bytes: join(str("a", { sum: 0 }), str("b")),
        code: "bad_checksum",
        fatal: false,
        then: contents("b"),
      },
      { bytes: join(block(0x02, "?"), str("b")), code: "bad_type", fatal: false, then: contents("b") },
      {
        bytes: join(block(0x21, Uint8Array.of(0xff)), str("b")),
        code: "bad_text",
        fatal: false,
        then: contents("b"),
      },
      { bytes: join(block(0x11, ""), str("b")), code: "bad_float", fatal: false, then: contents("b") },
      // Its length is too small: what is left of its data begins no block.
      {
        bytes: join(str("abcdef", { length: 4 }), str("b")),
        code: "bad_checksum",
        fatal: false,
        then: contents("b"),
      },
      // Its length is too large, and ends within the third of the blocks behind it: none of them is lost.
      {
        bytes: join(str("", { length: 40 }), str("b"), str("c"), str("d"), str("e")),
        code: "bad_checksum",
        fatal: false,
        then: contents("b", "c", "d", "e"),
      },
      // The rest of its data does not come; what came instead is read after a pause.
      {
        bytes: join(str("ab", { length: 100 }), str("c"), str("d")),
        code: "truncated",
        fatal: false,
        then: contents("c", "d"),
        pauses: [16 + 15 + 15],
      },
      { bytes: join(MARK, MARK), code: "truncated", fatal: false, pauses: [10] },
    ],
    tooLarge: [
      { maxFrameBytes: 3, bytes: join(str("abcd"), str("b")), then: contents("b"), frame: { value: "abcd" } },
      {
        maxFrameBytes: 3,
        bytes: join(str("", { length: 2 ** 32 - 1 }), str("b"), str("c")),
        then: contents("b", "c"),
      },
    ],
    flood: join(str("", { length: 64 }), "x"),
    overheadBytes: 14 + 5,
    garbageInputs: 4000,
  });
});

Deno.test("a block whose sum is wrong is dropped with all that it holds, when a block follows it", () => {
  const session = opened(serpy2(), "server");
  const bytes = join(block(0x81, str("inside"), { sum: 1 }), str("behind"));
  assert.deepEqual(told(session.receive(bytes, 0)), ["fault bad_checksum", 'message "behind"']);
});

Deno.test("a good block is what its length says, whatever is in it", () => {
  const session = opened(serpy2(), "server");
  const inside = join(str("inside"), MARK, str("inside"));
  assert.deepEqual(session.receive(block(0x81, inside), 0), [
    { kind: "message", value: inside, bytes: inside.length },
  ]);
});

Deno.test("bytes that are no blocks are told of once, whatever they are", () => {
  const session = opened(serpy2(), "server");
  const noise = join(
    "noise",
    MARK.subarray(0, 3),
    "noise",
    str("x", { sum: 0 }),
    "noise",
    str("y", { sum: 0 }),
  );
  assert.deepEqual(told(session.receive(join(noise, str("a"), "noise"), 0)), [
    "fault bad_mark",
    'message "a"',
    "fault bad_mark",
  ]);
});

Deno.test("of bad blocks that come thick and fast only some are told of, and the others counted", () => {
  const session = opened(serpy2(), "server");
  const flood = join(...new Array(1000).fill(block(0x02, "")), str("good"));
  const events = [...session.receive(flood, 0), ...session.receive(str("x".repeat(300)), 0)];
  const faults = events.filter((event) => event.kind === "fault").map(({ error }) => error.message);
  const counted = faults.reduce(
    (sum, text) => sum + Number(/others .*: (\d+)|each: (\d+)/.exec(text)?.slice(1).join("") ?? 0),
    0,
  );
  assert.ok(faults.length < 100, `${faults.length} faults`);
  const told = faults.filter((text) => /unknown/.test(text)).length;
  assert.equal(told + counted, 1000);
});

Deno.test("marks one behind the other cost no more than a look at every byte", () => {
  const size = 64 * 1024;
  const marks = new Uint8Array(size);
  const header = str("", { length: size / 2, sum: 1 });
  for (let at = 0; at + header.length <= size; at += header.length) marks.set(header, at);
  const codec = new BlockCodec(size, 5000);
  const buffer = new CountingBuffer();
  buffer.append(marks);
  for (let frame: unknown = 0; frame !== undefined;) {
    try {
      frame = codec.decode(buffer);
    } catch {
      frame = 0;
    }
  }
  assert.ok(buffer.lookedAt < 40 * size, `${buffer.lookedAt / size} looks at each byte`);
});
