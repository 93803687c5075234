/**
 * Cyclic redundancy checks over bytes: CRC-32 and two of 16 bits.
 *
 * @module
 */

/**
 * The CRC-32 of zlib, PNG and Ethernet: polynomial 04C11DB7, reflected, begun with and finally xored with FFFFFFFF.
 * Of the text "123456789" it is CBF43926.
 *
 * @param start Where the part begins that is summed. Default 0.
 * @param end Where it ends, exclusive. Default the end of `bytes`.
 * @returns a number from 0 to 2^32 - 1.
 */
export function crc32Of(bytes: Uint8Array, start = 0, end = bytes.length): number {
  let crc = -1;
  let at = start;
  // Eight bytes a step: their eight look-ups do not wait for each other.
  for (const last = end - 7; at < last; at += 8) {
    crc ^= bytes[at] | bytes[at + 1] << 8 | bytes[at + 2] << 16 | bytes[at + 3] << 24;
    crc = CRC32[1792 + (crc & 0xff)] ^ CRC32[1536 + (crc >>> 8 & 0xff)] ^
      CRC32[1280 + (crc >>> 16 & 0xff)] ^ CRC32[1024 + (crc >>> 24)] ^
      CRC32[768 + bytes[at + 4]] ^ CRC32[512 + bytes[at + 5]] ^
      CRC32[256 + bytes[at + 6]] ^ CRC32[bytes[at + 7]];
  }
  for (; at < end; at++) crc = crc >>> 8 ^ CRC32[(crc ^ bytes[at]) & 0xff];
  return ~crc >>> 0;
}

/**
 * The CRC-16 of Modbus: polynomial 8005, reflected, begun with FFFF. Of the text "123456789" it is 4B37.
 *
 * @param start Where the part begins that is summed. Default 0.
 * @param end Where it ends, exclusive. Default the end of `bytes`.
 * @returns a number from 0 to FFFF. On the wire Modbus sends its low byte first.
 */
export function crc16ModbusOf(bytes: Uint8Array, start = 0, end = bytes.length): number {
  let crc = 0xffff;
  for (let at = start; at < end; at++) crc = crc >>> 8 ^ CRC16_MODBUS[(crc ^ bytes[at]) & 0xff];
  return crc;
}

/**
 * CRC-16/CCITT-FALSE, also known as CRC-16/IBM-3740: polynomial 1021, begun with FFFF. Of the text "123456789" it is
 * 29B1.
 *
 * @param start Where the part begins that is summed. Default 0.
 * @param end Where it ends, exclusive. Default the end of `bytes`.
 * @returns a number from 0 to FFFF.
 */
export function crc16CcittOf(bytes: Uint8Array, start = 0, end = bytes.length): number {
  let crc = 0xffff;
  for (let at = start; at < end; at++) crc = crc << 8 & 0xffff ^ CRC16_CCITT[crc >>> 8 ^ bytes[at]];
  return crc;
}

/** The CRC of each byte as the lowest bits come first. */
function reflectedTable(polynomial: number): Int32Array {
  return Int32Array.from({ length: 256 }, (_, byte) => {
    let crc = byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc & 1) === 0 ? crc >>> 1 : crc >>> 1 ^ polynomial;
    return crc;
  });
}

/** The CRC of 16 bits of each byte as the highest bits come first. */
function straightTable(polynomial: number): Int32Array {
  return Int32Array.from({ length: 256 }, (_, byte) => {
    let crc = byte << 8;
    for (let bit = 0; bit < 8; bit++) crc = (crc & 0x8000) === 0 ? crc << 1 : crc << 1 ^ polynomial;
    return crc & 0xffff;
  });
}

/** Eight tables in one: table n holds the CRC of each byte with n zero bytes behind it. */
function slicedTable(polynomial: number): Int32Array {
  const sliced = new Int32Array(8 * 256);
  sliced.set(reflectedTable(polynomial));
  for (let at = 256; at < sliced.length; at++) {
    const before = sliced[at - 256];
    sliced[at] = before >>> 8 ^ sliced[before & 0xff];
  }
  return sliced;
}

// Typed arrays cannot be frozen; these never leave this file, and nothing here writes to them.
const CRC32 = slicedTable(0xedb88320);
const CRC16_MODBUS = reflectedTable(0xa001);
const CRC16_CCITT = straightTable(0x1021);
