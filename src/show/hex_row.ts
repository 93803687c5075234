/** Bytes in one row of a hex view. */
export const HEX_ROW_BYTES = 16;

/** One row: the bytes in hexadecimal, and beside them as ASCII, with a dot for what has no glyph there. */
export function hexRow(bytes: Uint8Array): string {
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0"));
  const half = HEX_ROW_BYTES / 2;
  const columns = `${hex.slice(0, half).join(" ")}  ${hex.slice(half).join(" ")}`;
  const text = [...bytes].map((byte) => byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : ".");
  return `${columns.padEnd(HEX_ROW_BYTES * 3)}  ${text.join("")}`;
}
