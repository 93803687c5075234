/**
 * A block of serpy2 as it stands on the wire: 14 bytes of header, and the data.
 *
 * ```text
 * AT  BYTES  CONTENT
 * 0   5      the mark: de ca fe ca fe
 * 5   1      the type
 * 6   4      the sum of the bytes of the data modulo 2^32, little endian
 * 10  4      how many bytes of data there are, little endian
 * ```
 *
 * @module
 */
import type { ReceiveBuffer } from "../../receive_buffer.ts";

/** What every block begins with. Its first byte is not in it again. */
export const MARK: readonly number[] = Object.freeze([0xde, 0xca, 0xfe, 0xca, 0xfe]);
/** Where the type stands. */
export const TYPE_AT = 5;
/** Where the sum of the data stands. */
export const SUM_AT = 6;
/** Where the length of the data stands. */
export const LENGTH_AT = 10;
/** Where the data begins. */
export const HEADER_BYTES = 14;

/** The block of that type and data. */
export function writeBlock(type: number, data: Uint8Array): Uint8Array {
  const block = new Uint8Array(HEADER_BYTES + data.length);
  const view = new DataView(block.buffer);
  block.set(MARK);
  block[TYPE_AT] = type;
  view.setUint32(SUM_AT, sumOf(data), true);
  view.setUint32(LENGTH_AT, data.length, true);
  block.set(data, HEADER_BYTES);
  return block;
}

/** The sum of the bytes modulo 2^32. */
export function sumOf(data: Uint8Array): number {
  let sum = 0;
  for (let index = 0; index < data.length; index++) sum += data[index];
  return sum >>> 0; // exact before that up to 2^53, which no block comes near
}

/** How many bytes of the mark stand at `offset`: less than all when others follow, or none any more. */
export function markBytesAt(buffer: ReceiveBuffer, offset: number): number {
  const most = Math.min(MARK.length, buffer.length - offset);
  let matched = 0;
  while (matched < most && buffer.byteAt(offset + matched) === MARK[matched]) matched++;
  return matched;
}

/** A byte as two hexadecimal digits. */
export function hexByte(byte: number): string {
  return byte.toString(16).padStart(2, "0");
}
