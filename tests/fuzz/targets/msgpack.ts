/**
 * The msgpack decoder by itself.
 *
 * @module
 */
import { MsgPack } from "../../../src/dialect/native/msgpack.ts";
import { checkPackable } from "../../../src/dialect/native/packable.ts";
import { ProtocolError } from "../../../src/errors.ts";
import type { SeededRandom } from "../../../src/testing/seeded_random.ts";
import { ByteWriter } from "../byte_writer.ts";
import { Digest } from "../digest.ts";
import { mixed } from "../mixture.ts";
import { noiseBytes, noiseLength } from "../noise.ts";
import { showHex } from "../pieces.ts";
import { BrokenRule, type Outcome, type Target } from "../target.ts";
import { msgpackBomb } from "./msgpack_bombs.ts";
import { writeValue } from "./msgpack_writer.ts";
import { checkValue } from "./value_rules.ts";

/** Bytes to one value; what was read is written and read again, which has to give the same. */
export const msgpackTarget: Target = ((msgpack: MsgPack) => ({
  name: "msgpack",
  about: "The msgpack decoder",
  make(random: SeededRandom) {
    const bytes = mixed(random, {
      noise: (random) => noiseBytes(random, noiseLength(random), TELLING),
      sample(random) {
        const writer = new ByteWriter();
        writeValue(random, writer);
        return { bytes: writer.take(), lengths: [] };
      },
      bomb: (random) => msgpackBomb(random),
    });
    const before = random.below(20);
    return {
      size: 0, // a decoder of whole values: what cuts them is the native dialect
      feed: (_sizes, lap) => decode(msgpack, bytes, before, lap),
      show: () => showHex(bytes),
    };
  },
}))(new MsgPack());

function decode(msgpack: MsgPack, bytes: Uint8Array, before: number, lap: () => void): Outcome {
  // In the middle of other bytes, as in a read that holds several frames.
  const around = new Uint8Array(before + bytes.length + 8).fill(0xa1);
  around.set(bytes, before);
  const digest = new Digest();
  let value: unknown;
  lap();
  try {
    value = msgpack.unpack(around, before, before + bytes.length);
  } catch (error) {
    if (!(error instanceof ProtocolError) || error.code !== "bad_msgpack" || error.fatal) throw error;
    digest.text(error.code);
    return { digest: digest.value, refused: [error.code] };
  } finally {
    lap();
  }
  checkValue(value);
  digest.any(value);
  around.fill(0x5a);
  const later = new Digest();
  later.any(value);
  if (later.value !== digest.value) {
    throw new BrokenRule("The value shares memory with the bytes it was read from");
  }
  checkPackable(value, "value");
  const again = new Digest();
  const packed = msgpack.pack(value).slice();
  again.any(msgpack.unpack(packed, 0, packed.length));
  if (again.value !== digest.value) throw new BrokenRule("Packed and unpacked again it is another value");
  return { digest: digest.value, refused: [] };
}

const TELLING = [
  0x80,
  0x81,
  0x90,
  0x91,
  0xa1,
  0xc0,
  0xc4,
  0xc7,
  0xca,
  0xcb,
  0xcf,
  0xd3,
  0xd6,
  0xd9,
  0xdc,
  0xde,
  0xff,
];
