// deno-lint-ignore-file no-control-regex -- patterns of bytes are what is tested here
/**
 * The codecs that have a name, each with its defaults and with other options, and those that need an argument.
 *
 * @module
 */
import type { Codec } from "../../../src/codec/codec.ts";
import { byteLength } from "../../../src/codec/byte_length.ts";
import { checksum } from "../../../src/codec/checksum.ts";
import { cobs } from "../../../src/codec/cobs.ts";
import { delimiter } from "../../../src/codec/delimiter.ts";
import { interByteTimeout } from "../../../src/codec/inter_byte_timeout.ts";
import { lengthPrefix } from "../../../src/codec/length_prefix.ts";
import { lines } from "../../../src/codec/lines.ts";
import { raw } from "../../../src/codec/raw.ts";
import { ready } from "../../../src/codec/ready.ts";
import { regex } from "../../../src/codec/regex.ts";
import { slip } from "../../../src/codec/slip.ts";
import { crc16Ccitt, crc16Modbus, crc32, sum, xor } from "../../../src/codec/sums.ts";
import { codecs } from "../../../src/codec/table.ts";
import { CodecDriver, CodecRuleError } from "../../../src/testing/codec_driver.ts";
import { feedPart } from "../../../src/testing/codec_expect.ts";
import type { SeededRandom } from "../../../src/testing/seeded_random.ts";
import { Digest } from "../digest.ts";
import { mixed } from "../mixture.ts";
import { noiseBytes, noiseLength } from "../noise.ts";
import { showHex } from "../pieces.ts";
import { BrokenRule, type Outcome, type Target } from "../target.ts";
import { codecBomb, codecSample } from "./codec_input.ts";

/** A codec with its options. */
export interface CodecVariant {
  readonly make: () => Codec<string> | Codec<Uint8Array>;
  readonly frames: "text" | "bytes";
  readonly maxFrameBytes: number;
  /** The longest mark that is waited for, in bytes. Default 16. */
  readonly mostMarkBytes?: number;
  /** Bytes in the length field of length prefixes. */
  readonly prefix?: 1 | 2 | 4;
  readonly littleEndian?: boolean;
}

/** Bytes that end, escape or begin something in some codec. */
const TELLING = [0x00, 0x01, 0x02, 0x0a, 0x0d, 0x3b, 0x2d, 0x80, 0xc0, 0xdb, 0xdc, 0xdd, 0xff];

/** Options beside the defaults: small limits, so that short inputs exceed them, and what else a codec can do. */
const variants: Readonly<Record<string, readonly CodecVariant[]>> = {
  "lines": [1, 16, 200].map((maxFrameBytes) => text(maxFrameBytes, () => lines({ maxFrameBytes }))),
  "lines-crlf": [1, 16].map((maxFrameBytes) =>
    text(maxFrameBytes, () => lines({ newline: "\r\n", maxFrameBytes }))
  ),
  "lines-cr": [1, 16].map((maxFrameBytes) =>
    text(maxFrameBytes, () => lines({ newline: "\r", maxFrameBytes }))
  ),
  "nul": [
    bytes(16, () => delimiter(0, { maxFrameBytes: 16 })),
    bytes(1, () => delimiter("\r\n", { maxFrameBytes: 1 })),
    bytes(16, () => delimiter("--;--", { maxFrameBytes: 16 })),
    bytes(16, () => delimiter(Uint8Array.of(0, 0, 1), { maxFrameBytes: 16 })),
  ],
  "length-prefix": [
    { ...bytes(16, () => lengthPrefix(4, { maxFrameBytes: 16 })), prefix: 4 },
    {
      ...bytes(300, () => lengthPrefix(4, { littleEndian: true, countsItself: true, maxFrameBytes: 300 })),
      prefix: 4,
      littleEndian: true,
    },
  ],
  "length-prefix-2": [
    { ...bytes(16, () => lengthPrefix(2, { countsItself: true, maxFrameBytes: 16 })), prefix: 2 },
    { ...bytes(65_535, () => lengthPrefix(2, { littleEndian: true })), prefix: 2, littleEndian: true },
  ],
  "length-prefix-1": [
    { ...bytes(3, () => lengthPrefix(1, { maxFrameBytes: 3 })), prefix: 1 },
    { ...bytes(254, () => lengthPrefix(1, { countsItself: true })), prefix: 1 },
  ],
  "cobs": [1, 16, 254, 255].map((maxFrameBytes) => bytes(maxFrameBytes, () => cobs({ maxFrameBytes }))),
  "slip": [1, 16].map((maxFrameBytes) =>
    bytes(maxFrameBytes, () => slip({ leadingEnd: true, maxFrameBytes }))
  ),
  "quiet": [1, 16].map((maxFrameBytes) => bytes(maxFrameBytes, () => interByteTimeout({ maxFrameBytes }))),
  "modbus-rtu": [
    bytes(16, () => checksum(interByteTimeout({ maxFrameBytes: 18 }), crc16Modbus)),
    bytes(16, () => checksum(cobs({ maxFrameBytes: 20 }), crc32)),
    bytes(16, () => checksum(slip({ maxFrameBytes: 20 }), crc16Ccitt, { as: "hex" })),
  ],
  "nmea": [
    text(16, () => checksum(lines({ maxFrameBytes: 19 }), xor, { mark: "*", from: 1 })),
    text(16, () => checksum(lines({ maxFrameBytes: 18 }), sum)),
  ],
  "raw": [1, 16].map((maxFrameBytes) => bytes(maxFrameBytes, () => raw({ maxFrameBytes }))),
};

/** One target for each name in the table of codecs, and one for each codec that needs an argument. */
export const codecTargets: readonly Target[] = [
  ...Object.entries(codecs).map(([name, { about, frames, make }]) => {
    const prefix = ({ "length-prefix": 4, "length-prefix-2": 2, "length-prefix-1": 1 } as const)[name];
    const standard: CodecVariant = { make, frames, prefix, maxFrameBytes: 1024 * 1024 };
    return codecTarget(name, about, [standard, ...variants[name] ?? []]);
  }),
  codecTarget(
    "byte-length",
    "Frames of one length",
    [1, 2, 7].map((length) => bytes(length, () => byteLength(length))),
  ),
  codecTarget(
    "regex",
    "Text that is split at a pattern",
    [
      text(200, () => regex(/\r?\n/, { end: "\n", maxFrameBytes: 200 })),
      text(16, () => regex(/[\0\n\r]+/, { end: "\r\n", maxFrameBytes: 16 })),
      text(16, () => regex(/\x00[^\x01]*\x01|\xc0+?|--(?:;--)?|A{3}/, { end: "--;--", maxFrameBytes: 16 })),
      text(
        300,
        () => regex(/(?:\x01|\x01?)+\x02|\xff(?:\x00[^]*\x02)?/i, { end: "\x01\x02", maxFrameBytes: 300 }),
      ),
    ].map((form) => ({ ...form, mostMarkBytes: 300 })),
  ),
  codecTarget("ready", "What comes after a mark", [
    text(16, () => ready("\n", lines({ maxFrameBytes: 16 }))),
    bytes(16, () => ready(Uint8Array.of(0, 0, 1), cobs({ maxFrameBytes: 16 }))),
    bytes(16, () => ready(0, checksum(interByteTimeout({ maxFrameBytes: 17 }), xor))),
  ]),
];

function codecTarget(name: string, about: string, forms: readonly CodecVariant[]): Target {
  return {
    name,
    about,
    acceptsAll: name === "raw" || name === "byte-length",
    make(random: SeededRandom) {
      const form = random.pick(forms);
      const bytes = mixed(random, {
        noise: (random) => noiseBytes(random, noiseLength(random), TELLING),
        sample: (random) => codecSample(random, form),
        bomb: (random) => codecBomb(random, form),
      });
      const pauses = Array.from({ length: random.below(4) }, () => 1 + random.below(bytes.length + 1)).sort((
        a,
        b,
      ) => a - b);
      return {
        size: bytes.length,
        feed: (sizes, lap) => run(form, bytes, sizes, pauses, lap, name === "raw"),
        show: () => `${name}, variant ${forms.indexOf(form)}, pauses at ${pauses}, ${showHex(bytes)}`,
      };
    },
  };
}

function run(
  form: CodecVariant,
  bytes: Uint8Array,
  sizes: readonly number[],
  pauses: readonly number[],
  lap: () => void,
  streaming: boolean,
): Outcome {
  // What comes in pieces is overwritten when it was read, what comes whole is not: a frame that is a view shows itself.
  const overwrite = sizes.length > 1;
  const driver = new CodecDriver(form.make() as Codec<string | Uint8Array>, { overwrite });
  // The most that may wait for the end of a frame: twice the limit where each byte may be escaped, and its marks.
  const mostWaiting = 2 * form.maxFrameBytes + (form.mostMarkBytes ?? 16);
  try {
    let at = 0;
    for (const size of sizes) {
      feedPart(driver, bytes, at, at += size, pauses);
      lap();
      if (driver.waitingBytes > mostWaiting && !driver.events.some(isFatal)) {
        throw new BrokenRule(`${driver.waitingBytes} bytes wait, at most ${mostWaiting} may`);
      }
    }
    driver.end();
  } catch (error) {
    throw error instanceof CodecRuleError ? new BrokenRule(error.message) : error;
  }
  const digest = new Digest();
  const refused: string[] = [];
  for (const event of driver.events) {
    if (event.kind === "error") {
      digest.text(`${event.code} ${event.fatal}`);
      refused.push(event.code);
    } else {
      const { length } = event.frame;
      if (length > form.maxFrameBytes) {
        throw new BrokenRule(`Frame of ${length} bytes, the limit is ${form.maxFrameBytes}`);
      }
      if (!streaming) digest.any(event.frame);
      else digest.run(event.frame as Uint8Array);
    }
  }
  return { digest: digest.value, refused, calls: driver.events.length };
}

function isFatal(event: CodecDriver<unknown>["events"][number]): boolean {
  return event.kind === "error" && event.fatal;
}

function text(maxFrameBytes: number, make: () => Codec<string>): CodecVariant {
  return { make, frames: "text", maxFrameBytes };
}

function bytes(maxFrameBytes: number, make: () => Codec<Uint8Array>): CodecVariant {
  return { make, frames: "bytes", maxFrameBytes };
}
