import type { SeededRandom } from "../../../src/testing/seeded_random.ts";
import { ByteWriter } from "../byte_writer.ts";
import { bombLength } from "../mixture.ts";
import { writeText, writeValue } from "./msgpack_writer.ts";

/** One msgpack value made to cost its reader more than it weighs, of about `length` bytes at most. */
export function msgpackBomb(random: SeededRandom, length = bombLength(random)): Uint8Array {
  const writer = new ByteWriter();
  random.pick(BOMBS)(writer, length, random);
  return writer.take();
}

type Bomb = (writer: ByteWriter, length: number, random: SeededRandom) => void;

/** Ten million levels would be cut to the length of an input, so these go as deep as their length allows. */
const BOMBS: readonly Bomb[] = [
  (writer, length, random) => void writer.repeat(random.pick([0x91, 0x92, 0x9f, 0x81, 0x8f]), length),
  (writer, length) => repeat(writer, [0x81, 0xa1, 0x61], length),
  // As deep as is allowed, a little less and a little more, and whole.
  (writer, _, random) => void writer.repeat(0x91, 28 + random.below(10)).u8(random.pick([0x90, 0xc0, 0x80])),
  (writer, length) => repeat(writer, [0xdc, 0x00, 0x01], length),
  (writer, length) => repeat(writer, [0xdc, 0xff, 0xff], length),
  (writer, length) => repeat(writer, [0xdd, 0x00, 0xff, 0xff, 0xff], length),
  (writer, length) => repeat(writer, [0xdd, 0x00, 0x00, 0x00, 0x02, 0x90], length),
  (writer, length) => repeat(writer, [0xdf, 0x00, 0x00, 0x00, 0x01, 0xa1, 0x61], length),
  // Counts and lengths that nothing follows.
  (writer, _, random) => void writer.u8(random.pick([0xdd, 0xdf, 0xdb, 0xc6, 0xc9])).u32(random.pick(HUGE)),
  (writer, _, random) =>
    void writer.u8(random.pick([0xdc, 0xde, 0xda, 0xc5, 0xc8])).u16(random.pick([0xffff, 0x8000])),
  // Every extension in every form.
  (writer, _, random) => {
    const width = random.below(5);
    writer.u8(0xd4 + width).u8(extension(random)).repeat(random.pick([0, 1, 0x61, 0x91, 0xff]), 1 << width);
  },
  (writer, _, random) => {
    const size = random.below(40);
    writer.u8(0xc7).u8(size).u8(extension(random)).repeat(random.pick([0, 1, 0x61, 0x91, 0xff]), size);
  },
  // Timestamps beyond what a date can hold.
  (writer, _, random) => {
    writer.u8(0xc7).u8(12).u8(0xff);
    for (let words = 0; words < 3; words++) writer.u32(random.pick(HUGE));
  },
  (writer, _, random) => void writer.u8(0xd7).u8(0xff).u32(random.pick(HUGE)).u32(random.pick(HUGE)),
  // Keys that mean something to JavaScript, keys that stand there twice, keys that are no text.
  (writer, _, random) => map(writer, [random.pick(KEYS), random.pick(KEYS)], random),
  (writer, length, random) => map(writer, keys(length, (at) => `k${at % Math.max(1, length - 8)}`), random),
  (writer, _, random) => {
    writer.u8(0x81);
    writeValue(random, writer, 4);
    writer.u8(0xc0);
  },
  // Keys that are numbers: what is looked up by a number may be stored by it, and hashed to one place.
  (writer, length, random) => map(writer, keys(length, (at) => String((at + 1) * 65_536)), random),
  (writer, length, random) => map(writer, keys(length, (at) => String(at * 2_654_435_761 >>> 0)), random),
  // More values than are allowed, each of them small.
  (writer, length) => {
    const row = Math.min(1000, length);
    const rows = Math.min(65_535, Math.floor(length / (row + 3)) + 1);
    writer.u8(0xdc).u16(rows);
    for (let at = 0; at < rows; at++) writer.u8(0xdc).u16(row).repeat(0xc0, row);
  },
  // Text that is no UTF-8, or begins with a byte order mark.
  (writer, _, random) => {
    const bad = random.pick(BAD_UTF8);
    const before = random.below(70);
    writer.u8(0xda).u16(before + bad.length).repeat(0x41, before).bytes(bad);
  },
  (writer, length) => {
    const count = Math.min(65_535, Math.floor(length / 5));
    writer.u8(0xdc).u16(count);
    for (let at = 0; at < count; at++) writer.u8(0xa4).bytes([0xef, 0xbb, 0xbf, 0x41]);
  },
  (writer, length) => void writer.u8(0xdb).u32(length + 3).bytes([0xef, 0xbb, 0xbf]).repeat(0xc3, length),
  // A value too many, the token that is none.
  (writer, _, random) => {
    writeValue(random, writer);
    writer.u8(random.pick([0xc0, 0xc1, 0x90]));
  },
  (writer, length, random) => void writer.u8(random.pick([0xc1, 0x91])).repeat(0xc1, random.below(length)),
];

/** An extension type: often one of those that libraries make classes, regular expressions and references of. */
function extension(random: SeededRandom): number {
  return random.below(2) === 0 ? random.below(256) : random.pick(KNOWN_EXTENSIONS);
}

/** As many keys as make about `length` bytes. */
function keys(length: number, key: (at: number) => string): string[] {
  return Array.from({ length: Math.min(65_536, Math.ceil(length / 12)) }, (_, at) => key(at));
}

function map(writer: ByteWriter, names: readonly string[], random: SeededRandom): void {
  writer.u8(0xdf).u32(names.length);
  const value = random.pick([0xc0, 0x01, 0x90]);
  for (const name of names) {
    writeText(writer, name);
    writer.u8(value);
  }
}

function repeat(writer: ByteWriter, bytes: readonly number[], length: number): void {
  while (writer.length < length) writer.bytes(bytes);
}

const KNOWN_EXTENSIONS = [0xff, 0x00, 0x40, 0x42, 0x44, 0x62, 0x65, 0x69, 0x70, 0x72, 0x73, 0x74, 0x78, 0x7f];
const HUGE = [
  0xffff_ffff,
  0x8000_0000,
  0x7fff_ffff,
  0x1_0001,
  0x1_0000,
  0xffff,
  999_999_999,
  1_000_000_000,
  0,
];
const KEYS = [
  "__proto__",
  "constructor",
  "prototype",
  "toString",
  "then",
  "__defineGetter__",
  "",
  "length",
  "a",
  "é",
];
const BAD_UTF8 = [
  [0x80],
  [0xc3],
  [0xc0, 0x80],
  [0xe0, 0x80, 0x80],
  [0xe2, 0x82],
  [0xed, 0xa0, 0x80],
  [0xed, 0xbf, 0xbf],
  [0xf0, 0x80, 0x80, 0x80],
  [0xf0, 0x9f, 0x98],
  [0xf4, 0x90, 0x80, 0x80],
  [0xf8, 0x88, 0x80, 0x80, 0x80],
  [0xff],
];
