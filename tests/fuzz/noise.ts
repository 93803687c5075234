/**
 * Input without any sense: bytes and text.
 *
 * @module
 */
import type { SeededRandom } from "../../src/testing/seeded_random.ts";

/** How long a piece of noise is: mostly short, since most of what can go wrong goes wrong early. */
export function noiseLength(random: SeededRandom): number {
  const roll = random.below(100);
  if (roll < 40) return random.below(17);
  if (roll < 85) return random.below(129);
  return random.below(roll < 99 ? 1025 : 8193);
}

/** Bytes: of every value, or few of them, with the ones that mean something to the target among them. */
export function noiseBytes(random: SeededRandom, length: number, telling: ArrayLike<number>): Uint8Array {
  const bytes = new Uint8Array(length);
  const style = random.below(4);
  if (style === 0) return fillWithAny(random, bytes);
  for (let at = 0; at < length; at++) {
    // Text, the telling bytes alone, or every third byte of them among others.
    if (style === 1) bytes[at] = 0x20 + random.below(0x5f);
    else if (style === 2 || random.below(3) === 0) bytes[at] = random.pick(telling);
    else bytes[at] = random.below(256);
  }
  return bytes;
}

/** Text with everything in it that can hurt: control and format characters, half pairs, astral planes. */
export function noiseText(random: SeededRandom, length: number, telling: string): string {
  let text = "";
  const style = random.below(4);
  while (text.length < length) {
    if (style === 0) text += String.fromCharCode(random.below(0x80));
    else if (style === 1) text += random.pick(telling);
    else if (style === 2) text += hostileCharacter(random);
    else text += random.below(2) === 0 ? random.pick(telling) : hostileCharacter(random);
  }
  return text;
}

function hostileCharacter(random: SeededRandom): string {
  switch (random.below(6)) {
    case 0:
      return String.fromCharCode(random.below(0x20));
    case 1:
      return String.fromCharCode(0x7f + random.below(0x21)); // DEL and C1
    case 2:
      return String.fromCharCode(0x2000 + random.below(0x70)); // spaces, marks of direction, separators
    case 3:
      return String.fromCharCode(random.below(0x10000)); // half pairs among them
    case 4:
      return String.fromCodePoint(0x10000 + random.below(0x100000));
    default:
      return random.pick(SEQUENCES);
  }
}

/** What terminals act on. */
const SEQUENCES = [
  "\x1b[2J",
  "\x1b[31m",
  "\x1b[0m",
  "\x1b]0;title\x07",
  "\x1b]52;c;AAAA\x1b\\",
  "\x1bP0;1|17/ab\x1b\\",
  "\x9b2J",
  "\x1b[6n",
  "\r\n",
  "\u202e",
  "\u{e0041}",
];

function fillWithAny(random: SeededRandom, bytes: Uint8Array): Uint8Array {
  for (let at = 0; at < bytes.length; at += 4) {
    const four = random.below(2 ** 32);
    bytes[at] = four;
    bytes[at + 1] = four >>> 8;
    bytes[at + 2] = four >>> 16;
    bytes[at + 3] = four >>> 24;
  }
  return bytes;
}
