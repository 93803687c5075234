/** Bytes in one row of a hex view. */
export const HEX_ROW_BYTES = 16;

/** How many columns a row of so many bytes takes. */
export function hexRowColumns(size: number): number {
  return size * 4 + 2;
}

/** One row of up to `size` bytes, 16 by default: the bytes in hexadecimal, and beside them as ASCII, with a dot for what has no glyph there. */
export function hexRow(bytes: Uint8Array, size: number = HEX_ROW_BYTES): string {
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0"));
  const half = size / 2;
  const columns = `${hex.slice(0, half).join(" ")}  ${hex.slice(half).join(" ")}`;
  const text = [...bytes].map((byte) => byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : ".");
  return `${columns.padEnd(size * 3)}  ${text.join("")}`;
}
