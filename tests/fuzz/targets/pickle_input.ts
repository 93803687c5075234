/**
 * Pickles: valid ones in many forms, and bombs.
 *
 * @module
 */
import type { SeededRandom } from "../../../src/testing/seeded_random.ts";
import { writePickle } from "../../../src/dialect/serpy/pickle_writer.ts";
import { ByteWriter } from "../byte_writer.ts";
import { bombLength } from "../mixture.ts";
import type { Sample } from "../mutation.ts";

/** Bytes that mean something to a pickle reader: all of its instructions but those of text lines. */
export const PICKLE_TELLING: readonly number[] = [
  ...[
    0x28,
    0x29,
    0x2e,
    0x30,
    0x31,
    0x42,
    0x43,
    0x46,
    0x47,
    0x49,
    0x4a,
    0x4b,
    0x4c,
    0x4d,
    0x4e,
    0x52,
    0x53,
    0x55,
  ],
  ...[
    0x56,
    0x58,
    0x5d,
    0x61,
    0x62,
    0x63,
    0x64,
    0x65,
    0x67,
    0x68,
    0x69,
    0x6a,
    0x6c,
    0x70,
    0x71,
    0x72,
    0x73,
    0x74,
  ],
  ...[
    0x75,
    0x7d,
    0x80,
    0x85,
    0x86,
    0x87,
    0x88,
    0x89,
    0x8a,
    0x8b,
    0x8c,
    0x8f,
    0x90,
    0x91,
    0x93,
    0x94,
    0x95,
    0x96,
  ],
  0x0a,
];

/** A pickle that the reader accepts: as Python's own writer makes them, or of instructions at random. */
export function pickleSample(random: SeededRandom): Sample {
  if (random.below(2) === 0) return { bytes: writePickle(plain(random, 0)).slice(), lengths: [] };
  const writer = new ByteWriter();
  if (random.below(2) === 0) writer.u8(0x80).u8(random.below(6));
  writeNode(random, writer, 0);
  return { bytes: writer.u8(0x2e).take(), lengths: [] };
}

/** Any value that the writer takes. */
export function plain(random: SeededRandom, depth: number): unknown {
  switch (random.below(depth > 4 ? 7 : 11)) {
    case 0:
      return random.pick([null, true, false]);
    case 1:
      return random.pick([0, -1, 255, 65_536, 2 ** 31, -(2 ** 31), 2 ** 53, -0, NaN, Infinity, 1.5]);
    case 2:
      return random.below(2 ** 32) - 2 ** 31;
    case 3:
      return (BigInt(random.below(2 ** 32)) << BigInt(random.below(200))) *
        (random.below(2) === 0 ? 1n : -1n);
    case 4:
      return random.bytes(random.below(20));
    case 5:
      return random.pick(["", "key", "__proto__", "constructor", "é✓😀", "x".repeat(300)]);
    case 6:
      return String.fromCodePoint(0x20 + random.below(0xd000)).repeat(random.below(80));
    case 7:
      return new Map(
        list(random, depth).map((value, at) => [random.pick([at, `k${at}`, true, null]), value]),
      );
    case 8:
      return Object.fromEntries(list(random, depth).map((value, at) => [`k${at}`, value]));
    case 9:
      return new Set(list(random, 9));
    default:
      return list(random, depth);
  }
}

function list(random: SeededRandom, depth: number): unknown[] {
  return Array.from({ length: random.below(5) }, () => plain(random, depth + 1));
}

/** Instructions that leave one value on the stack. */
function writeNode(random: SeededRandom, writer: ByteWriter, depth: number): void {
  switch (random.below(depth > 4 ? 6 : 12)) {
    case 0:
      return void writer.u8(random.pick([0x4e, 0x88, 0x89, 0x29, 0x5d, 0x7d, 0x8f]));
    case 1:
      return void writer.text(
        random.pick(["I12\n", "I01\n", "L-7L\n", "F1.5\n", "F-inf\n", "S'a\\x41'\n", "Vb\\u00e9\n"]),
      );
    case 2:
      return void writer.u8(0x4b).u8(random.below(256));
    case 3:
      return void writer.u8(0x8a).u8(3).bytes(random.bytes(3));
    case 4:
      return void writer.u8(0x55).u8(2).text("hi");
    case 5:
      return void writer.u8(random.pick([0x43, 0x8c])).u8(2).text("ab").u8(0x94);
    case 6: // a list, a tuple, or a frozenset of what follows a mark
    case 7:
      writer.u8(0x28);
      for (let count = random.below(4); count > 0; count--) writeNode(random, writer, depth + 1);
      return void writer.u8(random.pick([0x6c, 0x74, 0x91]));
    case 8:
      writer.u8(0x28);
      for (let count = random.below(3); count > 0; count--) {
        writer.u8(0x8c).u8(1).text(random.pick(["a", "b"]));
        writeNode(random, writer, depth + 1);
      }
      return void writer.u8(0x64);
    case 9:
      writeNode(random, writer, depth + 1);
      writer.u8(0x71).u8(random.below(4)).u8(0x30); // remembered, dropped, and recalled by itself
      return void writer.u8(0x4e);
    case 10:
      writeNode(random, writer, depth + 1);
      writeNode(random, writer, depth + 1);
      return void writer.u8(0x86);
    default:
      writer.u8(0x5d).u8(0x94);
      writeNode(random, writer, depth + 1);
      return void writer.u8(0x61);
  }
}

/** A pickle made to cost its reader more than it weighs. */
export function pickleBomb(random: SeededRandom, length = bombLength(random)): Uint8Array {
  const writer = new ByteWriter();
  random.pick(BOMBS)(writer, length, random);
  return writer.take();
}

type Bomb = (writer: ByteWriter, length: number, random: SeededRandom) => void;

const BOMBS: readonly Bomb[] = [
  // As deep as it gets, from either side.
  (writer, length) => void writer.repeat(0x28, length >> 1).repeat(0x6c, length >> 1).u8(0x2e),
  (writer, length) => void writer.repeat(0x5d, length >> 1).repeat(0x61, (length >> 1) - 1).u8(0x2e),
  (writer, length) => void writer.u8(0x4e).repeat(0x85, length).u8(0x2e),
  // One list in many places, each holding the one before many times.
  (writer, length, random) => {
    const times = 1 + random.below(20);
    for (let at = 0; writer.length < length && at < 200; at++) {
      writer.u8(0x5d).u8(0x94).u8(0x28);
      for (let again = 0; at > 0 && again < times; again++) writer.u8(0x68).u8(at - 1);
      writer.u8(0x65);
    }
    writer.u8(0x2e);
  },
  // A list that holds itself, or a dict inside of its own value.
  (writer) => void writer.bytes([0x5d, 0x94, 0x68, 0x00, 0x61, 0x2e]),
  (writer) => void writer.bytes([0x7d, 0x94, 0x4e, 0x5d, 0x68, 0x00, 0x61, 0x73, 0x2e]),
  // Long text and bytes, remembered and said again and again.
  (writer, length) => {
    writer.u8(0x5d).u8(0x28).u8(0x58).bytes([length & 0xff, length >> 8 & 0xff, length >> 16, 0]).repeat(
      0x61,
      length,
    );
    writer.u8(0x94);
    for (let at = 0; at < length; at++) writer.u8(0x68).u8(0x00);
    writer.u8(0x65).u8(0x2e);
  },
  // Ints of many bytes and of many digits.
  (writer, length) =>
    void writer.u8(0x8b).bytes([length & 0xff, length >> 8 & 0xff, length >> 16, 0]).repeat(0x7f, length).u8(
      0x2e,
    ),
  (writer, length, random) =>
    void writer.u8(random.pick([0x49, 0x4c, 0x46])).repeat(0x39, length).u8(0x0a).u8(0x2e),
  // Lengths that nothing follows.
  (writer, _, random) => void writer.u8(random.pick([0x42, 0x54, 0x58, 0x8b])).u32(random.below(2 ** 32)),
  (writer, _, random) =>
    void writer.u8(random.pick([0x8d, 0x8e, 0x95, 0x96])).u32(random.below(9)).u32(random.below(2 ** 32)),
  // The memo, the marks and the stack, each as full as it gets.
  (writer, length) => {
    writer.u8(0x4e);
    for (let at = 0; writer.length < length; at++) writer.u8(0x72).u32(at);
    writer.u8(0x2e);
  },
  (writer, length) => void writer.repeat(0x28, length).u8(0x4e).u8(0x2e),
  (writer, length) => void writer.repeat(0x4e, length).u8(0x2e),
  (writer, length) => {
    while (writer.length < length) writer.u8(0x28).u8(0x31); // a mark, and away with it
    writer.u8(0x4e).u8(0x2e);
  },
  // Lines without an end, and one line after the other.
  (writer, length) => void writer.u8(0x56).repeat(0x5c, length),
  (writer, length) => {
    while (writer.length < length) writer.text("Vab\n0");
    writer.u8(0x4e).u8(0x2e);
  },
  (writer, length) => void writer.u8(0x53).u8(0x27).repeat(0x5c, length & ~1).u8(0x27).u8(0x0a).u8(0x2e),
];
