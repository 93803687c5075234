/**
 * The end of a saved script that opened clients: without it the script would never end by itself.
 *
 * @module
 */

const heading = "// Close what the session opened, the last first.";

/** The lines that close these links, in this order. */
export function closingLines(names: readonly string[]): string[] {
  return [heading, ...names.map((name) => `await ${name}.close();`)];
}

/** The text of a script without such an end: loaded into a session, its links are there to go on with. */
export function withoutClosing(text: string): string {
  const at = text.lastIndexOf(heading);
  if (at === -1) return text;
  const isUntouched = /^(\s*await [\p{ID_Continue}$]+\.close\(\);)*\s*$/u.test(
    text.slice(at + heading.length),
  );
  return isUntouched ? text.slice(0, at) : text; // what somebody added below is meant to run
}
