import { closestString, levenshteinDistance } from "@std/text";

/** `; did you mean "x"?` when one of the known names is close to what was written, and nothing otherwise. */
export function suggestion(written: string, known: readonly string[]): string {
  if (known.length === 0) return "";
  const closest = closestString(written, known);
  const near =
    levenshteinDistance(written.toLowerCase(), closest.toLowerCase()) <= Math.ceil(written.length / 3);
  return near ? `; did you mean "${closest}"?` : "";
}
