const name = String.raw`[\p{ID_Start}$_][\p{ID_Continue}$]*`;
const chain = String.raw`\.?${name}(?:\??\.${name}|\[(?:\d+|"[^"\\]*"|'[^'\\]*')\])*`;
const before = new RegExp(String.raw`^\s*\?{1,2}\s*(${chain})\s*;?\s*$`, "u");
// No blank before the mark: "ready ?" is how a condition begins that goes on in the next line.
const behind = new RegExp(String.raw`^\s*(${chain})(?:\(\))?\?{1,2}\s*$`, "u");

/** A longer input is no question, and is not searched for one. */
const MAX_CHARS = 500;

/**
 * What an input such as `listen?`, `psu.ask?` or `?listen` asks about; undefined for any other. None of them is a whole
 * program, so that no code is mistaken for a question.
 */
export function questionOf(input: string): string | undefined {
  if (input.length > MAX_CHARS) return undefined;
  return (before.exec(input) ?? behind.exec(input))?.[1];
}
