/**
 * The codecs that have a name, for `--codec` and for the docs.
 *
 * To add one: write `src/codec/<name>.ts`, and add one line here.
 *
 * @module
 */
import { cobs } from "./cobs.ts";
import type { Codec } from "./codec.ts";
import { delimiter } from "./delimiter.ts";
import { lengthPrefix } from "./length_prefix.ts";
import { lines } from "./lines.ts";
import { raw } from "./raw.ts";
import { slip } from "./slip.ts";

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
  "lines-cr": text("UTF-8 lines: reads and writes CR", () => lines({ newline: "\r" })),
  "nul": bytes("Frames that end with a zero byte", () => delimiter(0)),
  "length-prefix": bytes("4 bytes of length (big-endian), then the frame", () => lengthPrefix(4)),
  "length-prefix-2": bytes("2 bytes of length (big-endian), then the frame", () => lengthPrefix(2)),
  "length-prefix-1": bytes("1 byte of length, then the frame", () => lengthPrefix(1)),
  "cobs": bytes("Consistent Overhead Byte Stuffing, frames end with a zero byte", () => cobs()),
  "slip": bytes("SLIP (RFC 1055), frames end with the byte C0", () => slip()),
  "raw": bytes("No frames: bytes as they arrive", () => raw()),
});

function text(about: string, make: () => Codec<string>): NamedCodec {
  return Object.freeze({ frames: "text", about, make });
}

function bytes(about: string, make: () => Codec<Uint8Array>): NamedCodec {
  return Object.freeze({ frames: "bytes", about, make });
}
