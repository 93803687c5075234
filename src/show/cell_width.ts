/** How many columns a character takes on a terminal. */

// East Asian Wide and Fullwidth blocks, and everything terminals draw as a two-column emoji.
const wide =
  /^[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\ua960-\ua97f\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{16fe0}-\u{18d08}\u{1b000}-\u{1b2ff}\u{20000}-\u{3fffd}]|^\p{Emoji_Presentation}/u;
const joining = /^[\p{Mn}\p{Me}\p{Emoji_Modifier}]/u;

// deno-lint-ignore no-control-regex
const colourOrText = /(\x1b\[[\d;]*m)/;
// deno-lint-ignore no-control-regex
const colour = /\x1b\[[\d;]*m/g;

/** The columns one character (one code point) takes: 0 for combining marks, 2 for wide ones, else 1. */
export function characterWidth(character: string): 0 | 1 | 2 {
  if (character < "\u0300") return 1;
  if (joining.test(character)) return 0;
  return wide.test(character) ? 2 : 1;
}

/** The columns a text without control characters takes; SGR colour sequences count as nothing. */
export function textWidth(text: string): number {
  let width = 0;
  for (const character of text.replace(colour, "")) width += characterWidth(character);
  return width;
}

/** The text with blanks up to so many columns. */
export function padToWidth(text: string, columns: number): string {
  return text + " ".repeat(Math.max(0, columns - textWidth(text)));
}

/** The text without what is behind so many columns, and a mark when something is missing; colours end with it. */
export function cutToWidth(text: string, columns: number): string {
  if (textWidth(text) <= columns) return text;
  let kept = "";
  let width = 0;
  let isColoured = false;
  for (const part of text.split(colourOrText)) {
    if (part.startsWith("\x1b[")) {
      kept += part;
      isColoured = true;
      continue;
    }
    for (const character of part) {
      width += characterWidth(character);
      if (width > columns - 1) return `${kept}…${isColoured ? "\x1b[0m" : ""}`;
      kept += character;
    }
  }
  return kept;
}
