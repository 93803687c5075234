/** All parts in one piece, a copy; `total` is the sum of their lengths, for those who know it. */
export function joinBytes(
  parts: readonly Uint8Array[],
  total: number = parts.reduce((sum, { length }) => sum + length, 0),
): Uint8Array {
  const joined = new Uint8Array(total);
  let at = 0;
  for (const part of parts) {
    joined.set(part, at);
    at += part.length;
  }
  return joined;
}
