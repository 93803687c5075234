/**
 * Addresses as people and scripts write them.
 *
 * @module
 */
import { UsageTypeError } from "../../../src/errors.ts";
import type { SeededRandom } from "../../../src/testing/seeded_random.ts";
import { parseAddress } from "../../../src/transport/table.ts";
import { Digest } from "../digest.ts";
import { bombLength } from "../mixture.ts";
import { noiseLength, noiseText } from "../noise.ts";
import { BrokenRule, type Outcome, type Target } from "../target.ts";

/** Text to an address; its normal form has to mean the same. */
export const addressTarget: Target = {
  name: "address",
  about: "parseAddress",
  make(random: SeededRandom) {
    const text = addressText(random);
    return {
      size: 0,
      feed: (_sizes, lap) => parse(text, lap),
      show: () => JSON.stringify(text.slice(0, 400)),
    };
  },
};

function parse(text: string, lap: () => void): Outcome {
  const digest = new Digest();
  try {
    const { address } = parseAddress(text);
    lap();
    digest.any(address);
    const again = new Digest();
    again.any(parseAddress(address.href).address);
    if (again.value !== digest.value) {
      throw new BrokenRule(`Its normal form ${address.href} is another address`);
    }
    if (!Number.isInteger(address.port) || address.port < 0 || address.port > 65_535) {
      throw new BrokenRule(`Its port is ${address.port}`);
    }
    return { digest: digest.value, refused: [] };
  } catch (error) {
    lap();
    if (!(error instanceof UsageTypeError)) throw error;
    digest.text(error.message);
    return { digest: digest.value, refused: [error.code] };
  }
}

function addressText(random: SeededRandom): string {
  const roll = random.below(100);
  if (roll < 40) return noiseText(random, noiseLength(random) % 200, TELLING);
  const sample = random.pick(SAMPLES);
  if (roll < 80) {
    const at = random.below(sample.length + 1);
    const other = random.pick([noiseText(random, random.below(6), TELLING), random.pick(SAMPLES), ""]);
    return sample.slice(0, at) + other + sample.slice(at + random.below(3));
  }
  // A few characters again and again: what makes a search go back and forth.
  const unit = noiseText(random, 1 + random.below(3), TELLING);
  return random.pick(SCHEMES) + unit.repeat(Math.min(bombLength(random), 65_536)) +
    random.pick(["", ":1", "]", "/"]);
}

const TELLING = "tcp:/unixmemory[]:/?#@%.-_0123456789abcdef \0\n\t";
const SCHEMES = [
  "tcp://",
  "unix://",
  "memory://",
  "tcp:",
  "TCP://",
  "tcp://[",
  "tcp://a:",
  "",
  "a+b://",
  "__proto__://",
];
const SAMPLES = [
  "tcp://127.0.0.1:16900",
  "tcp://:16900",
  "tcp://[::1]:0",
  "tcp://host.name:65535/",
  "unix:///run/x.sock",
  "unix://x.sock",
  "memory://name",
  "MEMORY://a.b-c_d",
  "constructor://x",
  " tcp://localhost:80 ",
];
