/**
 * Lets the greeting in `bytes` claim `by` frames fewer than were received, as an end may that has forgotten the last
 * ones: what it then gets a second time it has to know again. Nothing happens to anything that is no greeting.
 */
export function understateRx(bytes: Uint8Array, by: number): void {
  for (let at = 0; at + RX.length < bytes.length && at < LONGEST_GREETING; at++) {
    if (!RX.every((byte, i) => bytes[at + i] === byte)) continue;
    const value = bytes[at + RX.length] === UINT8 ? at + RX.length + 1 : at + RX.length;
    // Larger numbers are left as they are: their last byte alone may wrap.
    if (bytes[at + RX.length] <= UINT8) bytes[value] = Math.max(0, bytes[value] - by);
    return;
  }
}

/** The key "rx" as msgpack writes it. */
const RX = [0xa2, 0x72, 0x78];
/** What msgpack writes before a number of one byte that is larger than 127. */
const UINT8 = 0xcc;
/** Bytes in which a greeting has its "rx". */
const LONGEST_GREETING = 300;
