/** Rows of so many bytes (an even number): offset, hexadecimal, and what of it can be read. */
export function hexDump(bytes: Uint8Array, width: number): string {
  const rows: string[] = [];
  for (let at = 0; at < bytes.length; at += width) rows.push(row(bytes.subarray(at, at + width), at, width));
  return rows.join("\n");
}

function row(bytes: Uint8Array, at: number, width: number): string {
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0"));
  const left = hex.slice(0, width / 2).join(" ").padEnd(width / 2 * 3 - 1);
  const right = hex.slice(width / 2).join(" ").padEnd(width / 2 * 3 - 1);
  const text = Array.from(bytes, (byte) => byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : "·");
  return `${at.toString(16).padStart(4, "0")}  ${left}  ${right}  ${text.join("")}`;
}
