/**
 * Feeds bytes piece by piece, each in memory of its own. Pieces are overwritten when they were read, as a transport
 * does, and a whole input is not: what keeps a view into them gives another result.
 *
 * @param take Reads one piece.
 */
export function feedPieces(
  bytes: Uint8Array,
  sizes: readonly number[],
  take: (piece: Uint8Array) => void,
): void {
  let at = 0;
  for (const size of sizes) {
    const piece = bytes.slice(at, at + size);
    at += size;
    take(piece);
    if (sizes.length > 1) piece.fill(0xa5);
  }
}

/** Sizes as long reads have them: what one read of a transport brings at most, and the rest. */
export function readSizes(total: number): number[] {
  const sizes: number[] = new Array(Math.floor(total / READ_BYTES)).fill(READ_BYTES);
  return total % READ_BYTES > 0 || total === 0 ? [...sizes, total % READ_BYTES] : sizes;
}

/** Bytes in hexadecimal for people, the first 400 of them. */
export function showHex(bytes: Uint8Array): string {
  const shown = Array.from(bytes.subarray(0, MAX_SHOWN_BYTES), (byte) => byte.toString(16).padStart(2, "0"));
  const more = bytes.length - MAX_SHOWN_BYTES;
  return `${bytes.length} bytes: ${shown.join("")}${more > 0 ? ` …(+${more} bytes)` : ""}`;
}

const MAX_SHOWN_BYTES = 400;
/** What one read brings at most, as in `src/transport/read_memory.ts`. */
const READ_BYTES = 64 * 1024;
