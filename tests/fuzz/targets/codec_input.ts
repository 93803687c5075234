import { UsageTypeError } from "../../../src/errors.ts";
import type { SeededRandom } from "../../../src/testing/seeded_random.ts";
import { ByteWriter } from "../byte_writer.ts";
import { bombLength } from "../mixture.ts";
import type { LengthField, Sample } from "../mutation.ts";
import { noiseBytes } from "../noise.ts";
import type { CodecVariant } from "./codec.ts";

/** A few frames as the codec writes them. */
export function codecSample(random: SeededRandom, form: CodecVariant): Sample {
  const writer = new ByteWriter();
  const lengths: LengthField[] = [];
  const codec = form.make() as { encode(frame: unknown): Uint8Array };
  for (let frames = 1 + random.below(4); frames > 0; frames--) {
    if (form.prefix !== undefined) {
      lengths.push({ at: writer.length, size: form.prefix, littleEndian: form.littleEndian });
    }
    try {
      writer.bytes(codec.encode(sampleFrame(random, form)));
    } catch (error) {
      // Some frames cannot be said, such as one that holds the mark; limits are kept to, so that is all.
      if (!(error instanceof UsageTypeError)) throw error;
    }
  }
  return { bytes: writer.take(), lengths };
}

function sampleFrame(random: SeededRandom, { frames, maxFrameBytes }: CodecVariant): string | Uint8Array {
  // In one frame of four exactly as much as is allowed, where that is little.
  const full = maxFrameBytes <= 300 && random.below(4) === 0;
  const length = full ? maxFrameBytes : random.below(Math.min(maxFrameBytes, 64) + 1);
  if (frames === "bytes") return noiseBytes(random, length, [0x00, 0x01, 0xc0, 0xdb, 0xff]);
  return String.fromCharCode(...Array.from({ length }, () => 0x20 + random.below(0x5f)));
}

/** Lengths that promise a lot, marks without frames, frames without marks, escapes without end. */
export function codecBomb(random: SeededRandom, form: CodecVariant): Uint8Array {
  const writer = new ByteWriter();
  // A thousand times the limit is enough: a million frames of one byte only take their time.
  const length = Math.min(bombLength(random), form.maxFrameBytes * 1000);
  // Frames without a byte in them come one a byte: a few thousand are enough, since all of them are kept here.
  const dense = Math.min(length, 8 * 1024);
  switch (random.below(6)) {
    case 0: // one byte, again and again
      writer.repeat(random.pick(TELLING), dense);
      break;
    case 1: // a few bytes, again and again: pairs of marks, halves of them, escapes
      repeat(writer, Array.from({ length: 1 + random.below(5) }, () => random.pick(TELLING)), dense);
      break;
    case 2: // a valid start, then a frame without an end
      writer.bytes(codecSample(random, form).bytes);
      writer.repeat(random.pick([0x01, 0x41, 0xc3, 0xff]), form.prefix === 1 ? dense : length);
      break;
    case 3: // a length that promises much, and nothing or little behind it
      writer.u32(
        random.pick([0xffff_ffff, 0x8000_0000, 0x7fff_ffff, 0x10_0001, 0x10_0000, form.maxFrameBytes + 1]),
      );
      writer.repeat(0, random.below(64));
      break;
    case 4: { // a frame that ends one byte before, at, or behind the limit
      const wanted = Math.min(form.maxFrameBytes, 4096) + random.below(5) - 2;
      writer.repeat(0x41, Math.max(0, wanted)).bytes(random.pick(ENDS)).repeat(0x41, random.below(3));
      writer.bytes(random.pick(ENDS));
      break;
    }
    default: // text that is no UTF-8: cut characters, halves of pairs, forms too long
      repeat(writer, [...random.pick(BAD_UTF8), ...random.pick(ENDS)], Math.min(length, 4096));
  }
  return writer.take();
}

function repeat(writer: ByteWriter, bytes: readonly number[], length: number): void {
  while (writer.length < length) writer.bytes(bytes);
}

const TELLING = [0x00, 0x01, 0x02, 0x0a, 0x0d, 0x2d, 0x3b, 0xc0, 0xdb, 0xdc, 0xdd, 0xfe, 0xff];
const ENDS = [[0x0a], [0x0d, 0x0a], [0x0d], [0x0d, 0x0d, 0x0a], [0x00], [0xc0], [
  0x2d,
  0x2d,
  0x3b,
  0x2d,
  0x2d,
]];
const BAD_UTF8 = [[0xc3], [0xe2, 0x82], [0xf0, 0x9f, 0x98], [0xed, 0xa0, 0x80], [0xc0, 0x80], [0xff], [
  0xef,
  0xbb,
  0xbf,
]];
