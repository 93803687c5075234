/**
 * The dialect serpy2, through a session.
 *
 * @module
 */
import { float } from "../../../src/dialect/float.ts";
import { serpy2 } from "../../../src/dialect/serpy2/serpy2.ts";
import { resolveLimits } from "../../../src/limits.ts";
import { Session } from "../../../src/session.ts";
import type { SeededRandom } from "../../../src/testing/seeded_random.ts";
import { ByteWriter } from "../byte_writer.ts";
import { bombLength, mixed } from "../mixture.ts";
import type { LengthField, Sample } from "../mutation.ts";
import { noiseBytes, noiseLength, noiseText } from "../noise.ts";
import { showHex } from "../pieces.ts";
import type { Target } from "../target.ts";
import { talk } from "./talk.ts";

/** Blocks with a checksum, and how the next one is found. */
export const serpy2Target: Target = {
  name: "dialect-serpy2",
  about: "The dialect serpy2: typed values in blocks",
  make(random) {
    const limits = resolveLimits({ maxFrameBytes: random.pick(FRAME_LIMITS) });
    const role = random.below(2) === 0 ? "client" : "server";
    const bytes = mixed(random, {
      noise: (random) => noiseBytes(random, noiseLength(random), [...MARK, ...TYPES, 0, 1]),
      sample: (random) => sample(random),
      bomb: (random) => bomb(random, limits.maxFrameBytes),
    });
    return {
      size: bytes.length,
      feed: (sizes, lap) =>
        talk(bytes, sizes, lap, {
          dialect: serpy2(),
          role,
          limits,
          mostWaiting: HEADER_BYTES + limits.maxFrameBytes + MARK.length,
          prepare(session) {
            session.open(0);
            return 0;
          },
        }),
      show: () => `dialect-serpy2, at most ${limits.maxFrameBytes} bytes a frame, ${showHex(bytes)}`,
    };
  },
};

/** A few blocks as they are written. */
function sample(random: SeededRandom): Sample {
  const writer = new ByteWriter();
  const lengths: LengthField[] = [];
  for (let blocks = 1 + random.below(4); blocks > 0; blocks--) {
    lengths.push({ at: writer.length + LENGTH_AT, size: 4, littleEndian: true });
    writer.bytes(written(sampleValue(random)));
  }
  return { bytes: writer.take(), lengths };
}

function sampleValue(random: SeededRandom): unknown {
  switch (random.below(5)) {
    case 0:
      return random.below(2 ** 32) - 2 ** 31;
    case 1:
      return float(random.pick([0, -0, 1.5, NaN, -Infinity, 5e-324, random.below(1000) / 7]));
    case 2:
      return noiseText(random, random.below(40), "grüße").toWellFormed();
    case 3:
      return BigInt.asIntN(64, BigInt(random.below(2 ** 32)) ** 2n);
    default:
      return noiseBytes(random, random.below(64), MARK);
  }
}

/** Marks that follow each other, lengths that never come or take others with them, values that are none. */
function bomb(random: SeededRandom, maxFrameBytes: number): Uint8Array {
  const writer = new ByteWriter();
  const length = Math.min(bombLength(random), maxFrameBytes * 1000);
  switch (random.below(6)) {
    case 0: // marks, whole or cut short
      repeat(writer, MARK.slice(0, 1 + random.below(MARK.length)), Math.min(length, 8192));
      break;
    case 1: // headers that promise much, one behind the other
      repeat(
        writer,
        header(random.pick(TYPES), 1, random.pick([1, 14, length >> 1, maxFrameBytes, 2 ** 32 - 1])),
        length,
      );
      break;
    case 2: // good blocks behind a length that takes them with it
      writer.bytes(header(0x21, random.below(2), random.below(400)));
      for (let blocks = random.below(20); blocks > 0; blocks--) writer.bytes(sample(random).bytes);
      break;
    case 3: { // a block around the limit
      const size = Math.min(maxFrameBytes, 4096) + random.below(3) - 1;
      writer.bytes(header(0x81, 0, size)).repeat(0, size).bytes(written("behind"));
      break;
    }
    case 4: { // a value that is none, or a large one, with a good sum
      const data = noiseBytes(random, Math.min(length, 512), [0x30, 0x70, 0x2e, 0x66, 0xc3]);
      writer.bytes(header(random.pick(TYPES), data.reduce((sum, byte) => sum + byte, 0), data.length)).bytes(
        data,
      );
      break;
    }
    default: // good blocks that are no values, again and again
      repeat(writer, header(random.pick([0x02, 0x11]), 0, 0), Math.min(length, 8192));
  }
  return writer.take();
}

function written(value: unknown): Uint8Array {
  const session = new Session(serpy2(), { role: "client", limits: resolveLimits() });
  session.open(0);
  session.send(value);
  return session.takeOutput();
}

function header(type: number, sum: number, length: number): number[] {
  const bytes = new Uint8Array(HEADER_BYTES);
  const view = new DataView(bytes.buffer);
  bytes.set([...MARK, type]);
  view.setUint32(SUM_AT, sum, true);
  view.setUint32(LENGTH_AT, length, true);
  return [...bytes];
}

function repeat(writer: ByteWriter, bytes: readonly number[], length: number): void {
  while (writer.length < length) writer.bytes(bytes);
}

const MARK = [0xde, 0xca, 0xfe, 0xca, 0xfe];
const TYPES = [0x01, 0x11, 0x21, 0x81, 0x31];
const SUM_AT = 6;
const LENGTH_AT = 10;
const HEADER_BYTES = 14;
const FRAME_LIMITS = [1024 * 1024, 300, 16];
