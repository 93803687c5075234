/** The size of the terminal in characters. */
export interface ScreenSize {
  /** Characters in a row. */
  readonly columns: number;
  /** Rows on the screen. */
  readonly rows: number;
}

/** What is usual, and right for a file too. */
export const USUAL_SIZE: ScreenSize = Object.freeze({ columns: 80, rows: 24 });

/** The size of the terminal on standard output at this moment; `undefined` where there is none, or it does not say. */
export function screenSize(): ScreenSize | undefined {
  try {
    const { columns, rows } = Deno.consoleSize();
    return columns > 0 && rows > 0 ? { columns, rows } : undefined;
  } catch {
    return undefined;
  }
}
