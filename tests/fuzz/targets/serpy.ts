/**
 * serpy: its pickles by themselves, and its blocks through a session.
 *
 * @module
 */
import { encodeBase85 } from "../../../src/dialect/serpy/base85.ts";
import { PickleRefusal } from "../../../src/dialect/serpy/pickle_error.ts";
import { readPickle } from "../../../src/dialect/serpy/pickle_reader.ts";
import { writePickle } from "../../../src/dialect/serpy/pickle_writer.ts";
import { serpy } from "../../../src/dialect/serpy/serpy.ts";
import { resolveLimits } from "../../../src/limits.ts";
import type { SeededRandom } from "../../../src/testing/seeded_random.ts";
import { ByteWriter } from "../byte_writer.ts";
import { Digest } from "../digest.ts";
import { mixed } from "../mixture.ts";
import { noiseBytes, noiseLength } from "../noise.ts";
import { showHex } from "../pieces.ts";
import { BrokenRule, type Outcome, type Target } from "../target.ts";
import { PICKLE_TELLING, pickleBomb, pickleSample } from "./pickle_input.ts";
import { talk } from "./talk.ts";
import { checkValue } from "./value_rules.ts";

/** Bytes to one value; what was read is written and read again, which has to give the same. */
const pickleTarget: Target = {
  name: "pickle",
  about: "The reader of Python pickles",
  make(random) {
    const bytes = mixed(random, {
      noise: (random) => noiseBytes(random, noiseLength(random), PICKLE_TELLING),
      sample: pickleSample,
      bomb: (random) => pickleBomb(random),
    });
    return { size: 0, feed: (_sizes, lap) => read(bytes, lap), show: () => showHex(bytes) };
  },
};

function read(bytes: Uint8Array, lap: () => void): Outcome {
  const digest = new Digest();
  lap();
  const result = readPickle(bytes);
  lap();
  if (result instanceof PickleRefusal) {
    digest.text(result.code);
    return { digest: digest.value, refused: [result.code] };
  }
  const { value } = result;
  checkValue(value);
  digest.any(value);
  let again: Uint8Array;
  try {
    again = writePickle(value);
  } catch (error) {
    // A key that is a list can be read and not be written: Python would not take it.
    if (!(error instanceof TypeError || error instanceof RangeError)) throw error;
    return { digest: digest.value, refused: [] };
  }
  const later = new Digest();
  later.any(valueOf(again));
  if (later.value !== digest.value) throw new BrokenRule("Written and read again it is another value");
  return { digest: digest.value, refused: [] };
}

function valueOf(pickle: Uint8Array): unknown {
  const result = readPickle(pickle);
  if (result instanceof PickleRefusal) throw new BrokenRule(`What was written is refused: ${result.message}`);
  return result.value;
}

const dialectTarget: Target = {
  name: "dialect-serpy",
  about: "The dialect serpy: blocks, commands and messages in every mode",
  make(random) {
    const maxFrameBytes = random.pick([1024 * 1024, 300, 16]);
    const payload = random.pick(["text", "text", "bytes"] as const);
    const bytes = mixed(random, {
      noise: (random) => noiseBytes(random, noiseLength(random), [0x01, 0x04, 0x1f, 0x30, 0x7e, 0xff]),
      sample: (random) => ({ bytes: blocks(random), lengths: [] }),
      bomb: blockBomb,
    });
    return {
      size: bytes.length,
      feed: (sizes, lap) =>
        talk(bytes, sizes, lap, {
          dialect: serpy({ encoding: "utf-8" }),
          role: "server",
          payload,
          limits: resolveLimits({ maxFrameBytes }),
          mostWaiting: maxFrameBytes + 1,
          prepare(session) {
            session.open(0);
            session.sendAcked("one", { now: 0, timeoutMs: 1000 }, 1);
            session.sendAcked("two", { now: 0, timeoutMs: 1000 }, 2);
            return 2;
          },
        }),
      show: () => `dialect-serpy, at most ${maxFrameBytes} bytes a frame, ${payload}, ${showHex(bytes)}`,
    };
  },
};

/** Both targets. */
export const serpyTargets: readonly Target[] = [pickleTarget, dialectTarget];

/** What a peer says, in changing modes. */
function blocks(random: SeededRandom): Uint8Array {
  const writer = new ByteWriter();
  let mode = 0;
  for (let count = 1 + random.below(8); count > 0; count--) {
    const roll = random.below(10);
    if (roll < 3) {
      mode = random.below(roll === 0 ? 10 : 6);
      writer.u8(0x01).text(`SETMODE${mode}`);
    } else if (roll < 5) {
      writer.u8(0x01).text(random.pick(["ACKMODCG", "ACKEOT!!", "ACKEOT!", "SETMODE", "é"]));
    } else {
      if (mode < 2) writer.text(random.pick(["text", "é", "", "12"]));
      else writer.bytes(encodeBase85(mode < 4 ? random.bytes(random.below(20)) : pickleSample(random).bytes));
      if (mode % 2 === 1 && random.below(10) > 0) writer.u8(0x04);
    }
    writer.u8(0x1f);
  }
  return writer.take();
}

function blockBomb(random: SeededRandom): Uint8Array {
  const writer = new ByteWriter().u8(0x01).text(`SETMODE${random.below(6)}`).u8(0x1f);
  const unit = random.pick([[0x1f], [0x04, 0x1f], [0x30, 0x1f], [0x01, 0x1f], [0x22, 0x1f], [0x61], [0x7e]]);
  // The bound on time is one for a read; each message that is handed over takes some 2 us of it.
  const count = random.below(random.below(500) === 0 ? 15_000 : 2000);
  for (let at = 0; at < count; at++) writer.bytes(unit);
  return writer.u8(0x04).u8(0x1f).take();
}
