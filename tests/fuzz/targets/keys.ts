/**
 * What a terminal sends: keys, sequences, pasted text.
 *
 * @module
 */
import { type Key, KeyDecoder } from "../../../src/console/terminal/key_decoder.ts";
import type { SeededRandom } from "../../../src/testing/seeded_random.ts";
import { Digest } from "../digest.ts";
import { bombLength } from "../mixture.ts";
import { noiseLength, noiseText } from "../noise.ts";
import { BrokenRule, type Outcome, type Target } from "../target.ts";

/** Text to keys: no control character becomes text, and nothing is held back for long. */
export const keysTarget: Target = {
  name: "keys",
  about: "The key decoder of the terminal",
  acceptsAll: true,
  make(random: SeededRandom) {
    const text = keyText(random);
    return {
      size: text.length,
      feed: (sizes, lap) => press(text, sizes, lap),
      show: () => JSON.stringify(text.slice(0, 400)),
    };
  },
};

function press(text: string, sizes: readonly number[], lap: () => void): Outcome {
  const decoder = new KeyDecoder();
  const digest = new Digest();
  let at = 0;
  let typed = "";
  for (const size of sizes) {
    typed += hear(digest, decoder.feed(text.slice(at, at += size)));
    lap();
  }
  if (text.isWellFormed() && !typed.isWellFormed()) {
    throw new BrokenRule("Half a character was inserted as text");
  }
  const after = decoder.feed("x".repeat(64)).at(-1);
  if (after === undefined || !("insert" in after) || after.insert.length < 60) {
    throw new BrokenRule(`64 letters behind it came out as ${JSON.stringify(after)}`);
  }
  return { digest: digest.value, refused: [] };
}

/** Returns what is inserted as text. */
function hear(digest: Digest, keys: readonly Key[]): string {
  let typed = "";
  for (const key of keys) {
    if ("name" in key) {
      digest.text(key.name);
    } else {
      // deno-lint-ignore no-control-regex
      if (key.insert === "" || /[\x00-\x1f\x7f]/.test(key.insert)) {
        throw new BrokenRule(`Inserted as text: ${JSON.stringify(key.insert.slice(0, 80))}`);
      }
      digest.textRun(key.insert); // where a run of text was cut does not matter
      typed += key.insert;
    }
  }
  return typed;
}

function keyText(random: SeededRandom): string {
  const roll = random.below(100);
  if (roll < 40) return noiseText(random, noiseLength(random), TELLING);
  let text = "";
  if (roll < 80) {
    for (let parts = 1 + random.below(8); parts > 0; parts--) {
      const sequence = random.pick(SEQUENCES);
      text += random.below(3) === 0 ? sequence.slice(0, random.below(sequence.length + 1)) : sequence;
    }
    return text;
  }
  const unit = random.below(2) === 0
    ? random.pick(SEQUENCES)
    : noiseText(random, 1 + random.below(4), TELLING);
  return random.pick(["", "\x1b[", "\x1bO", "\x1b[1;"]) + unit.repeat(Math.min(bombLength(random), 8192));
}

const TELLING = "\x1b[O;:<=>?0123456789ABCDHFPRZ~ !/@xb\r\n\t\x7f\0\x1b\x1b";
const SEQUENCES = [
  "\x1b[A",
  "\x1bOD",
  "\x1b[1;5C",
  "\x1b[3~",
  "\x1b[3;5~",
  "\x1b[200~",
  "\x1b[201~",
  "\x1b[<0;10;20M",
  "\x1b[?1;2c",
  "\x1b[1;1:3u",
  "\x1bb",
  "\x1b\x7f",
  "\x1b\x1b",
  "text",
  "é\u{1f600}",
  "\r",
  "\t",
  "\x04",
  "\x1b[999999999999999999999999999999999999",
];
