import { padToWidth, textWidth } from "./cell_width.ts";

/** Rows of cells as lines whose columns stand below each other, two blanks between them. The cells are printable. */
export function textTable(rows: readonly (readonly string[])[]): string {
  if (rows.length === 0) return "";
  const widths = rows[0].map((_, column) => Math.max(...rows.map((cells) => textWidth(cells[column]))));
  return rows.map((cells) =>
    cells.map((cell, column) => padToWidth(cell, widths[column])).join("  ").trimEnd()
  )
    .join("\n");
}
