/**
 * How many columns today's terminals give each character. What the emulator knows by itself is of 2010, before emoji;
 * and it is written down anew here, so that the code under test is not measured with its own ruler.
 */
const wide =
  /\p{Script=Han}|\p{Script=Hiragana}|\p{Script=Katakana}|\p{Script=Hangul}|\p{Emoji_Presentation}|[\uff01-\uff60]/u;
const combining = /\p{M}|\p{Emoji_Modifier}|\u200d/u;

/** The widths, in the form that the emulator takes. */
export const currentWidths = {
  version: "current",
  wcwidth(codePoint: number): 0 | 1 | 2 {
    if (codePoint < 0x300) return 1;
    const character = String.fromCodePoint(codePoint);
    if (combining.test(character)) return 0;
    return wide.test(character) ? 2 : 1;
  },
  /** Bits 1 and 2 are the width of the cell so far, bit 0 is set when the character belongs into the cell before. */
  charProperties(codePoint: number, preceding: number): number {
    const width = currentWidths.wcwidth(codePoint);
    const widthBefore = (preceding >> 1) & 3;
    const joins = width === 0 && widthBefore > 0;
    return (Math.max(width, joins ? widthBefore : 0) << 1) | (joins ? 1 : 0);
  },
};
