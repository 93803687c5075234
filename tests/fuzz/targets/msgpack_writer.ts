/**
 * msgpack by hand, in every form the format has and not only the shortest one.
 *
 * @module
 */
import type { SeededRandom } from "../../../src/testing/seeded_random.ts";
import { ByteWriter } from "../byte_writer.ts";

/** Plain data as msgpack: null, booleans, whole numbers, text, lists, objects. */
export function pack(value: unknown): Uint8Array {
  const writer = new ByteWriter();
  writePlain(writer, value);
  return writer.take();
}

function writePlain(writer: ByteWriter, value: unknown): void {
  if (typeof value === "number") writer.u8(0xd2).u32(value);
  else if (typeof value === "string") writeText(writer, value);
  else if (typeof value === "boolean") writer.u8(value ? 0xc3 : 0xc2);
  else if (value === null || value === undefined) writer.u8(0xc0);
  else if (Array.isArray(value)) {
    writer.u8(0xdc).u16(value.length);
    for (const item of value) writePlain(writer, item);
  } else {
    const entries = Object.entries(value);
    writer.u8(0xde).u16(entries.length);
    for (const [key, item] of entries) {
      writeText(writer, key);
      writePlain(writer, item);
    }
  }
}

/** Text of up to 65,535 bytes. */
export function writeText(writer: ByteWriter, text: string): void {
  const bytes = new TextEncoder().encode(text);
  if (bytes.length < 32) writer.u8(0xa0 | bytes.length);
  else writer.u8(0xda).u16(bytes.length);
  writer.bytes(bytes);
}

/** Any valid value of few parts, in any form. */
export function writeValue(random: SeededRandom, writer: ByteWriter, depth = 0): void {
  const kinds = depth < 5 ? 13 : 10;
  switch (random.below(kinds)) {
    case 0:
      return void writer.u8(random.pick([0xc0, 0xc2, 0xc3]));
    case 1:
      return void writer.u8(random.pick([random.below(128), 0xe0 + random.below(32)]));
    case 2: // integers of 1, 2, 4 and 8 bytes, with and without a sign
      return number(random, writer, 0xcc + random.below(8));
    case 3:
      return void writer.u8(0xca).u32(random.below(2 ** 32));
    case 4:
      return void writer.u8(0xcb).u32(random.pick([0, 0x8000_0000, 0x7ff0_0000, 0x7ff8_0000, 0x3ff0_0000]))
        .u32(random.pick([0, random.below(2 ** 32)]));
    case 5:
      return text(random, writer, random.pick(TEXTS));
    case 6:
      return text(random, writer, String.fromCodePoint(0x20 + random.below(0xd000)).repeat(random.below(80)));
    case 7: { // bytes
      const length = random.below(20);
      head(random, writer, [0xc4, 0xc5, 0xc6], length);
      return void writer.repeat(random.below(256), length);
    }
    case 8: // timestamps
      return void writer.u8(0xd6).u8(0xff).u32(random.below(2 ** 32));
    case 9:
      return void writer.u8(0xc7).u8(12).u8(0xff).u32(random.below(1e9)).u32(random.pick([0, 0xffff_ffff]))
        .u32(
          random.below(2 ** 32),
        );
    case 10: {
      const count = random.below(6);
      if (random.below(2) === 0) writer.u8(0x90 | count);
      else head(random, writer, [undefined, 0xdc, 0xdd], count);
      for (let at = 0; at < count; at++) writeValue(random, writer, depth + 1);
      return;
    }
    default: {
      const count = random.below(5);
      if (random.below(2) === 0) writer.u8(0x80 | count);
      else head(random, writer, [undefined, 0xde, 0xdf], count);
      for (let at = 0; at < count; at++) {
        text(random, writer, `${random.pick(TEXTS)}${at}`);
        writeValue(random, writer, depth + 1);
      }
    }
  }
}

function number(random: SeededRandom, writer: ByteWriter, token: number): void {
  writer.u8(token);
  for (let bytes = 1 << (token & 3); bytes > 0; bytes--) {
    writer.u8(random.pick([0, 0x7f, 0x80, 0xff, random.below(256)]));
  }
}

function text(random: SeededRandom, writer: ByteWriter, value: string): void {
  const bytes = new TextEncoder().encode(value);
  if (bytes.length < 32 && random.below(2) === 0) writer.u8(0xa0 | bytes.length);
  else head(random, writer, [bytes.length < 256 ? 0xd9 : undefined, 0xda, 0xdb], bytes.length);
  writer.bytes(bytes);
}

/** A token and a length in one of the widths that there are. */
function head(
  random: SeededRandom,
  writer: ByteWriter,
  [one, two, four]: readonly (number | undefined)[],
  length: number,
): void {
  const width = random.below(3);
  if (width === 0 && one !== undefined) writer.u8(one).u8(length);
  else if (width < 2 && two !== undefined) writer.u8(two).u16(length);
  else writer.u8(four ?? 0).u32(length);
}

const TEXTS = [
  "",
  "a",
  "code",
  "message",
  "args",
  "kwargs",
  "constructor",
  "prototype",
  "toString",
  "hasOwnProperty",
  "length",
  "0",
  "4294967295",
  "-1",
  "é",
  "日本",
  "😀",
  "\ufeff",
  "\ufeff" + "x".repeat(70),
  "x".repeat(40),
  "\0",
];
