/**
 * Text in columns and paragraphs, for pages of help.
 *
 * @module
 */
import { padToWidth, textWidth } from "../../show/cell_width.ts";

/** The text in lines of at most so many columns, the lines after the first one indented. Long words stay whole. */
export function wrapped(text: string, columns: number, indent = ""): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(/\s+/)) {
    if (line !== "" && textWidth(line) + 1 + textWidth(word) > columns) {
      lines.push(line);
      line = indent + word;
    } else line = line === "" ? word : `${line} ${word}`;
  }
  return [...lines, line];
}

/** The text on one line of at most so many columns: its first words, and a mark when some are missing. */
export function shortened(text: string, columns: number): string {
  return textWidth(text) <= columns ? text : `${wrapped(text, Math.max(1, columns - 2))[0]} …`;
}

/** Rows of names and what they are, columns below each other; what does not fit into so many columns is shortened. */
export function glossary(rows: readonly (readonly string[])[], columns: number): string[] {
  const last = (rows[0]?.length ?? 1) - 1;
  const widths = Array.from({ length: last }, (_, column) => {
    return Math.min(
      MAX_NAME_COLUMNS,
      rows.reduce((most, cells) => Math.max(most, textWidth(cells[column])), 0),
    );
  });
  return rows.map((cells) => {
    const names = widths.map((width, column) => `${padToWidth(cells[column], width)}  `).join("");
    return `  ${names}${shortened(cells[last], columns - textWidth(names) - 2)}`.trimEnd();
  });
}

/** Longer names push aside what stands beside them. */
const MAX_NAME_COLUMNS = 24;
