import { MAX_DATE_SECONDS } from "./msgpack_limits.ts";

/** The unsigned number in the `size` bytes at `at`. */
export function readUnsigned(bytes: Uint8Array, at: number, size: 1 | 2 | 4): number {
  if (size === 1) return bytes[at];
  const high = bytes[at] << 8 | bytes[at + 1];
  if (size === 2) return high;
  return high * 0x10000 + (bytes[at + 2] << 8 | bytes[at + 3]);
}

/** The time in the `length` bytes at `at`, or what is wrong with it. */
export function readTimestamp(bytes: Uint8Array, at: number, length: number): Date | string {
  if (length !== 4 && length !== 8 && length !== 12) {
    return `a timestamp has ${length} bytes, only 4, 8 and 12 are allowed`;
  }
  const first = readUnsigned(bytes, at, 4);
  if (length === 4) return new Date(first * 1000);
  const nanoseconds = length === 8 ? Math.floor(first / 4) : first;
  if (nanoseconds >= 1e9) {
    return `a timestamp has ${nanoseconds} nanoseconds, at most 999999999 are allowed`;
  }
  const second = readUnsigned(bytes, at + 4, 4);
  const seconds = length === 8
    ? (first & 3) * 0x1_0000_0000 + second // 34 bits of seconds always fit
    : (second | 0) * 0x1_0000_0000 + readUnsigned(bytes, at + 8, 4);
  if (Math.abs(seconds) > MAX_DATE_SECONDS || (seconds === MAX_DATE_SECONDS && nanoseconds > 0)) {
    return `a timestamp has ${seconds} seconds, a date has at most ${MAX_DATE_SECONDS} either way`;
  }
  return new Date(seconds * 1000 + nanoseconds / 1e6);
}
