/**
 * The end of a saved script that opened clients: without it the script would never end by itself.
 *
 * @module
 */

const heading = "// Close what the session opened, the last first.";

/** Closes what no variable holds any more. */
const leaving = "Deno.exit(); // closes the clients that no variable holds";

/** The lines that close these links, in this order, and with `hasNameless` those that have no name. */
export function closingLines(names: readonly string[], hasNameless: boolean): string[] {
  const lines = names.map((name) => `await ${name}.close();`);
  return [heading, ...lines, ...hasNameless ? [leaving] : []];
}

/** The text of a script without such an end: loaded into a session, its links are there to go on with. */
export function withoutClosing(text: string): string {
  const at = text.lastIndexOf(heading);
  if (at === -1) return text;
  const end = text.slice(at + heading.length).replace(leaving, "");
  const isUntouched = /^(\s*await [\p{ID_Continue}$]+\.close\(\);)*\s*$/u.test(end);
  return isUntouched ? text.slice(0, at) : text; // what somebody added below is meant to run
}
