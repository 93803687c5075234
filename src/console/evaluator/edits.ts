/**
 * Changes to a text that are collected first and made in one go.
 *
 * @module
 */

/** What {@linkcode Edits.apply} gives back. */
export interface Edited {
  /** The changed text. */
  readonly text: string;
  /** Where the character at `offset` of the changed text comes from: an offset into the text before. */
  readonly originOf: (offset: number) => number;
}

/** Unchanged text that moved from `from` to `to`. */
interface Kept {
  readonly from: number;
  readonly to: number;
  readonly length: number;
}

/** The order of changes at one offset: what ends there, then what begins there, then what is replaced. */
const rank = { close: 0, open: 1, replace: 2 } as const;

interface Change {
  readonly kind: keyof typeof rank;
  readonly start: number;
  readonly end: number;
  readonly text: string;
  readonly dropsLines?: boolean;
}

/**
 * Collects changes by offsets of the original text. Wrapped ranges may be nested when the outer one is added
 * first. What lies inside of a replaced range is dropped, changes of it too.
 */
export class Edits {
  readonly #changes: Change[] = [];

  /** Inserts `text` at `offset`, behind what was inserted there before. */
  insert(offset: number, text: string): void {
    this.#changes.push({ kind: "open", start: offset, end: offset, text });
  }

  /** Puts `before` and `after` around the range, inside every range that was wrapped earlier. */
  wrap(start: number, end: number, before: string, after: string): void {
    this.insert(start, before);
    this.#changes.push({ kind: "close", start: end, end, text: after });
  }

  /** Replaces the range. Line breaks of the range stay, so that no later line gets another number. */
  replace(start: number, end: number, text: string): void {
    if (start < end) this.#changes.push({ kind: "replace", start, end, text });
    else this.insert(start, text);
  }

  /** Replaces the range and its line breaks too, for text that is only to be read. */
  cut(start: number, end: number, text = ""): void {
    if (start < end) this.#changes.push({ kind: "replace", start, end, text, dropsLines: true });
    else this.insert(start, text);
  }

  /** Makes all the changes to `source`. */
  apply(source: string): Edited {
    const ordered = this.#changes.map((change, index) => ({ ...change, index })).sort((a, b) =>
      a.start - b.start || rank[a.kind] - rank[b.kind] ||
      (a.kind === "close" ? b.index - a.index : a.index - b.index)
    );
    const kept: Kept[] = [];
    let text = "", done = 0;
    const keep = (end: number): void => {
      if (end > done) kept.push({ from: done, to: text.length, length: end - done });
      text += source.slice(done, end);
    };
    for (const { start, end, text: inserted, dropsLines } of ordered) {
      if (start < done) continue; // inside of text that is replaced as a whole
      keep(start);
      text += inserted;
      const missing = dropsLines ? 0 : lineBreaks(source.slice(start, end)) - lineBreaks(inserted);
      if (end > start && missing > 0) text += "\n".repeat(missing);
      done = Math.max(done, end);
    }
    keep(source.length);
    return { text, originOf: (offset) => originOf(kept, offset) };
  }
}

function lineBreaks(text: string): number {
  return text.split("\n").length - 1;
}

function originOf(kept: readonly Kept[], offset: number): number {
  const part = kept.findLast((each) => each.to <= offset);
  return part === undefined ? 0 : part.from + Math.min(offset - part.to, part.length);
}
