import { textWidth } from "../cell_width.ts";
import { BrailleCanvas } from "./braille.ts";
import { label, type Scale } from "./scale.ts";
import type { Slice } from "./time_series.ts";

/** What a panel shows. */
export interface Panel {
  /** The values of each column of dots, the latest last: `2 * columns` of them. */
  readonly slices: readonly (Slice | undefined)[];
  readonly scale: Scale;
  /** In characters, without the labels. */
  readonly columns: number;
  readonly rows: number;
  /** Columns for the labels on the left. */
  readonly labelColumns: number;
}

/**
 * One series as rows of text: labels on the left, a line of dots on the right.
 *
 * ```text
 * 3,000 ┤            ⢀⡠⠤⠒⠉
 *       │      ⢀⣀⠤⠒⠉⠁
 * 1,000 ┤⠤⠤⠒⠒⠉⠉
 * ```
 */
export function panelLines({ slices, scale, columns, rows, labelColumns }: Panel): string[] {
  const canvas = new BrailleCanvas(columns, rows);
  drawLine(canvas, slices, scale);
  const top = label(scale.max, scale);
  const bottom = label(scale.min, scale);
  return canvas.lines().map((line, row) => {
    const text = row === 0 ? top : row === rows - 1 ? bottom : "";
    const padded = " ".repeat(Math.max(0, labelColumns - textWidth(text))) + text;
    return `${padded} ${text === "" ? "│" : "┤"}${line}`.trimEnd();
  });
}

/** Columns without a value are bridged from the value before them, so that what comes seldom is a line as well. */
function drawLine(canvas: BrailleCanvas, slices: readonly (Slice | undefined)[], scale: Scale): void {
  const place = (value: number) => {
    const part = (value - scale.min) / (scale.max - scale.min || 1);
    return Math.round((1 - Math.min(1, Math.max(0, part))) * (canvas.height - 1));
  };
  let before: { readonly x: number; readonly y: number } | undefined;
  slices.forEach((slice, x) => {
    if (slice === undefined) return;
    const [above, below] = [place(slice.max), place(slice.min)];
    for (let y = above; y <= below; y++) canvas.dot(x, y);
    const near = before === undefined ? above : Math.min(Math.max(before.y, above), below);
    if (before !== undefined) join(canvas, before, { x, y: near });
    before = { x, y: near === above ? below : above };
    if (above === below) before = { x, y: above };
  });
}

function join(
  canvas: BrailleCanvas,
  from: { readonly x: number; readonly y: number },
  to: { readonly x: number; readonly y: number },
): void {
  const steps = Math.max(Math.abs(to.x - from.x), Math.abs(to.y - from.y));
  for (let step = 1; step < steps; step++) {
    const part = step / steps;
    canvas.dot(Math.round(from.x + (to.x - from.x) * part), Math.round(from.y + (to.y - from.y) * part));
  }
}
