/**
 * The codecs that have a name, for `--codec` and for the docs.
 *
 * To add one: write `src/codec/<name>.ts`, and add one line here.
 *
 * @module
 */
import { checksum } from "./checksum.ts";
import { cobs } from "./cobs.ts";
import type { Codec } from "./codec.ts";
import { delimiter } from "./delimiter.ts";
import { interByteTimeout } from "./inter_byte_timeout.ts";
import { lengthPrefix } from "./length_prefix.ts";
import { lines } from "./lines.ts";
import { raw } from "./raw.ts";
import { slip } from "./slip.ts";
import { crc16Modbus, xor } from "./sums.ts";

/** A codec that can be chosen by name, with the options that suit most. `frames` tells what `make` gives. */
export type NamedCodec =
  | { readonly frames: "text"; readonly about: string; readonly make: () => Codec<string> }
  | { readonly frames: "bytes"; readonly about: string; readonly make: () => Codec<Uint8Array> };

/**
 * Every named codec. `make` gives a new one, for one connection; `about` is one line for people. Look a name from
 * outside up with `Object.hasOwn` first.
 *
 * @example The names, and one of them at work
 * ```ts
 * import { codecs } from "@parley/parley";
 * import assert from "node:assert/strict";
 *
 * assert.ok(Object.hasOwn(codecs, "cobs"));
 * const { about, frames, make } = codecs["cobs"];
 * assert.match(about, /Consistent Overhead/);
 * assert.equal(frames, "bytes");
 * assert.equal(typeof make().decode, "function");
 * ```
 */
export const codecs: Readonly<Record<string, NamedCodec>> = Object.freeze({
  "lines": text("UTF-8 lines: reads LF and CR LF, writes LF", () => lines()),
  "lines-crlf": text("UTF-8 lines: reads LF and CR LF, writes CR LF", () => lines({ newline: "\r\n" })),
  "lines-cr": text("UTF-8 lines: reads CR and CR LF, writes CR", () => lines({ newline: "\r" })),
  "nul": bytes("Frames that end with a zero byte", () => delimiter(0)),
  "length-prefix": bytes("4 bytes of length (big-endian), then the frame", () => lengthPrefix(4)),
  "length-prefix-2": bytes("2 bytes of length (big-endian), then the frame", () => lengthPrefix(2)),
  "length-prefix-1": bytes("1 byte of length, then the frame", () => lengthPrefix(1)),
  "cobs": bytes("Consistent Overhead Byte Stuffing, frames end with a zero byte", () => cobs()),
  "slip": bytes("SLIP (RFC 1055), frames end with the byte C0", () => slip()),
  "quiet": bytes("Frames that end when the line is quiet for 30 ms", () => interByteTimeout()),
  "modbus-rtu": bytes(
    "Modbus RTU: up to 254 bytes, a CRC-16, 30 ms of quiet",
    () => checksum(interByteTimeout({ maxFrameBytes: MODBUS_BYTES }), crc16Modbus),
  ),
  "nmea": text(
    "NMEA 0183: lines with a checksum behind *",
    () => checksum(lines({ newline: "\r\n" }), xor, { mark: "*", from: 1 }),
  ),
  "raw": bytes("No frames: bytes as they arrive", () => raw()),
});

/** The largest frame that Modbus RTU has, its CRC included. */
const MODBUS_BYTES = 256;

function text(about: string, make: () => Codec<string>): NamedCodec {
  return Object.freeze({ frames: "text", about, make });
}

function bytes(about: string, make: () => Codec<Uint8Array>): NamedCodec {
  return Object.freeze({ frames: "bytes", about, make });
}
