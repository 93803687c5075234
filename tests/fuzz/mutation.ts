/**
 * Input that was sensible and is not quite any more.
 *
 * @module
 */
import type { SeededRandom } from "../../src/testing/seeded_random.ts";
import { MAX_INPUT_BYTES } from "./target.ts";

/** A valid stream, and where in it lengths and counts stand. */
export interface Sample {
  readonly bytes: Uint8Array;
  readonly lengths: readonly LengthField[];
}

/** A number of `size` bytes at `at`. */
export interface LengthField {
  readonly at: number;
  readonly size: 1 | 2 | 4;
  /** Default false. */
  readonly littleEndian?: boolean;
}

/** A sample with up to four things done to it; one in eight stays as it was, to see that valid input gets through. */
export function mutate(random: SeededRandom, sample: Sample, other: () => Sample): Uint8Array {
  if (random.below(8) === 0) return sample.bytes;
  let bytes = sample.bytes;
  for (let times = 1 + random.below(4); times > 0; times--) {
    bytes = once(random, bytes, sample, other).slice(0, MAX_INPUT_BYTES);
  }
  return bytes;
}

function once(
  random: SeededRandom,
  bytes: Uint8Array,
  sample: Sample,
  other: () => Sample,
): Uint8Array {
  const at = random.below(bytes.length + 1);
  const until = Math.min(bytes.length, at + 1 + random.below(random.below(2) === 0 ? 4 : 64));
  switch (random.below(9)) {
    case 0: // a bit flips
      return changed(bytes, at, bytes[at] ^ 1 << random.below(8));
    case 1: // a byte becomes another
      return changed(bytes, at, random.pick(BYTES));
    case 2: // the end is cut off
      return bytes.subarray(0, at);
    case 3: // the start is cut off
      return bytes.subarray(random.below(Math.min(bytes.length, 16) + 1));
    case 4: // something is lost
      return joined(bytes.subarray(0, at), bytes.subarray(until));
    case 5: // something comes in between
      return joined(
        bytes.subarray(0, at),
        Uint8Array.from({ length: 1 + random.below(8) }, () => random.pick(BYTES)),
        bytes.subarray(at),
      );
    case 6: // something comes twice
      return joined(bytes.subarray(0, until), bytes.subarray(at));
    case 7: { // the second half is that of another stream
      const tail = other().bytes;
      return joined(bytes.subarray(0, at), tail.subarray(random.below(tail.length + 1)));
    }
    default:
      return withNumber(random, bytes, sample.lengths);
  }
}

/** Puts a telling number where a length stands, or anywhere. */
function withNumber(random: SeededRandom, bytes: Uint8Array, lengths: readonly LengthField[]): Uint8Array {
  const anywhere = { at: random.below(bytes.length + 1), size: random.pick([1, 2, 4] as const) };
  const { at, size, littleEndian }: LengthField = lengths.length > 0 && random.below(4) > 0
    ? random.pick(lengths)
    : anywhere;
  if (at + size > bytes.length) return bytes;
  const copy = bytes.slice();
  const view = new DataView(copy.buffer);
  const old = size === 1 ? view.getUint8(at) : view[`getUint${size === 2 ? 16 : 32}`](at, littleEndian);
  const number = random.below(2) === 0 ? old + random.below(9) - 4 : random.pick(NUMBERS);
  if (size === 1) view.setUint8(at, number);
  else view[`setUint${size === 2 ? 16 : 32}`](at, number, littleEndian);
  return copy;
}

function changed(bytes: Uint8Array, at: number, byte: number): Uint8Array {
  const copy = bytes.slice();
  if (at < copy.length) copy[at] = byte;
  return copy;
}

function joined(...parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((total, part) => total + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** Bytes that end, escape, begin or overflow something somewhere. */
const BYTES = [
  0x00,
  0x01,
  0x0a,
  0x0d,
  0x1b,
  0x20,
  0x7f,
  0x80,
  0x90,
  0xc0,
  0xc1,
  0xdb,
  0xdc,
  0xdd,
  0xdf,
  0xed,
  0xfe,
  0xff,
];

/** Lengths and counts at the edges of their types and of our limits. */
const NUMBERS = [
  0,
  1,
  2,
  9,
  10,
  11,
  0x7f,
  0x80,
  0xff,
  0x100,
  0x4000,
  0x4001,
  0x7fff,
  0x8000,
  0xffff,
  0x1_0000,
  0x1_0001,
  0xf_ffff,
  0x10_0000,
  0x10_0001,
  0x7fff_ffff,
  0x8000_0000,
  0xffff_fff6,
  0xffff_ffff,
];
