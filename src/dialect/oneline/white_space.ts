/**
 * Text without white space at its ends, as Python's `str.strip()` leaves it.
 *
 * `trim()` is something else: it keeps U+001C to U+001F and U+0085, and takes a byte order mark away.
 */
export function stripped(text: string): string {
  let from = 0;
  let to = text.length;
  // From the ends inwards: a pattern that looks for the end would begin anew at every space in between.
  while (from < to && isWhiteSpace(text.charCodeAt(from))) from++;
  while (to > from && isWhiteSpace(text.charCodeAt(to - 1))) to--;
  return text.slice(from, to);
}

function isWhiteSpace(code: number): boolean {
  if (code <= 0x20) return code >= 0x1c || (code >= 0x09 && code <= 0x0d);
  if (code < 0x1680) return code === 0x85 || code === 0xa0;
  return code === 0x1680 || (code >= 0x2000 && code <= 0x200a) || code === 0x2028 || code === 0x2029 ||
    code === 0x202f || code === 0x205f || code === 0x3000;
}
