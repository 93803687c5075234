import { closestString, levenshteinDistance } from "@std/text";

/** `; did you mean "x"?` when one of the known names is close to what was written, and nothing otherwise. */
export function suggestion(written: string, known: readonly string[]): string {
  if (known.length === 0) return "";
  const begun = written.length < SHORTEST_BEGINNING ? [] : known.filter((name) => beginsWith(name, written));
  if (begun.length === 1) return `; did you mean "${begun[0]}"?`;
  const swapped = known.find((name) => isSwapped(name, written));
  if (swapped !== undefined) return `; did you mean "${swapped}"?`;
  const closest = closestString(written, known);
  const near =
    levenshteinDistance(written.toLowerCase(), closest.toLowerCase()) <= Math.ceil(written.length / 3);
  return near ? `; did you mean "${closest}"?` : "";
}

/** The same, and otherwise all that there are: `; there are a, b, c`. For names that are few enough to be told. */
export function suggestionOrAll(written: string, known: readonly string[]): string {
  return suggestion(written, known) ||
    (known.length === 0 ? "; there are none" : `; there are ${known.join(", ")}`);
}

/** Fewer characters are the beginning of too much. */
const SHORTEST_BEGINNING = 3;

function beginsWith(name: string, written: string): boolean {
  return name.toLowerCase().startsWith(written.toLowerCase());
}

/** Two neighbours have changed places, as hands that are too fast write them: `aks` for `ask`. */
function isSwapped(name: string, written: string): boolean {
  if (written.length < SHORTEST_BEGINNING || name.length !== written.length) return false;
  const [meant, typed] = [name.toLowerCase(), written.toLowerCase()];
  const at = [...meant].findIndex((letter, index) => letter !== typed[index]);
  if (at === -1) return false;
  return typed === meant.slice(0, at) + meant.charAt(at + 1) + meant.charAt(at) + meant.slice(at + 2);
}
