/**
 * The checksums that devices use.
 *
 * @module
 */
import { crc16CcittOf, crc16ModbusOf, crc32Of } from "./crc.ts";

/**
 * A checksum for {@linkcode checksum}: one of those exported beside it, or your own.
 *
 * @example Your own: all bytes added up and negated, as Intel HEX does with its own bytes
 * ```ts
 * import { type Checksum, checksum, delimiter, ReceiveBuffer } from "@parley/parley";
 * import assert from "node:assert/strict";
 *
 * const negated: Checksum = {
 *   name: "negated sum",
 *   bytes: 1,
 *   of: (bytes) => -bytes.reduce((total, byte) => total + byte, 0) & 0xff,
 * };
 * const codec = checksum(delimiter(0), negated);
 * assert.deepEqual(codec.encode(Uint8Array.of(1, 2)), Uint8Array.of(1, 2, 0xfd, 0));
 * const buffer = new ReceiveBuffer();
 * buffer.append(Uint8Array.of(1, 2, 0xfd, 0));
 * assert.deepEqual(codec.decode(buffer), Uint8Array.of(1, 2));
 * ```
 */
export interface Checksum {
  /** Its name, for error messages. */
  readonly name: string;
  /** How many bytes it takes: 1 to 4. */
  readonly bytes: number;
  /** Which of its bytes goes first where it is sent as bytes, unless the options say otherwise. Default `"big"`. */
  readonly order?: "little" | "big";
  /** The sum of `bytes`, a number from 0 on that fits into its bytes. The array is only good during the call. */
  of(bytes: Uint8Array): number;
}

/** CRC-16 of Modbus (polynomial 8005 reflected, begun with FFFF), its low byte first. "123456789" gives 4B37. */
export const crc16Modbus: Checksum = Object.freeze({
  name: "CRC-16 (Modbus)",
  bytes: 2,
  order: "little",
  of: (bytes: Uint8Array) => crc16ModbusOf(bytes),
});

/** CRC-16/CCITT-FALSE (polynomial 1021, begun with FFFF), its high byte first. "123456789" gives 29B1. */
export const crc16Ccitt: Checksum = Object.freeze({
  name: "CRC-16 (CCITT)",
  bytes: 2,
  order: "big",
  of: (bytes: Uint8Array) => crc16CcittOf(bytes),
});

/** CRC-32 of zlib, PNG and Ethernet, its low byte first. "123456789" gives CBF43926. */
export const crc32: Checksum = Object.freeze({
  name: "CRC-32",
  bytes: 4,
  order: "little",
  of: (bytes: Uint8Array) => crc32Of(bytes),
});

/** All bytes xored: one byte, as NMEA 0183 has it. "123456789" gives 31. */
export const xor: Checksum = Object.freeze({
  name: "xor",
  bytes: 1,
  of(bytes: Uint8Array) {
    let all = 0;
    for (let at = 0; at < bytes.length; at++) all ^= bytes[at];
    return all;
  },
});

/** All bytes added up, the lowest eight bits of it: one byte. "123456789" gives DD. */
export const sum: Checksum = Object.freeze({
  name: "sum",
  bytes: 1,
  of(bytes: Uint8Array) {
    let all = 0;
    for (let at = 0; at < bytes.length; at++) all = all + bytes[at] & 0xff;
    return all;
  },
});
