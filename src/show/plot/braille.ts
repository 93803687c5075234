/** A picture of dots, two by four of them in each character. Pure. */
export class BrailleCanvas {
  /** In characters. */
  readonly columns: number;
  readonly rows: number;
  readonly #cells: Uint8Array;

  constructor(columns: number, rows: number) {
    this.columns = columns;
    this.rows = rows;
    this.#cells = new Uint8Array(columns * rows);
  }

  /** How many dots it is wide. */
  get width(): number {
    return this.columns * 2;
  }

  /** How many dots it is high. */
  get height(): number {
    return this.rows * 4;
  }

  /** Sets one dot; (0, 0) is above on the left. Dots that are outside are not there. */
  dot(x: number, y: number): void {
    if (x < 0 || y < 0 || x >= this.width || y >= this.height) return;
    this.#cells[(y >> 2) * this.columns + (x >> 1)] |= DOTS[y & 3][x & 1];
  }

  /** The rows as text. */
  lines(): string[] {
    return Array.from({ length: this.rows }, (_, row) => {
      const cells = this.#cells.subarray(row * this.columns, (row + 1) * this.columns);
      return Array.from(cells, (dots) => dots === 0 ? " " : String.fromCharCode(0x2800 + dots)).join("");
    });
  }
}

/** The bit of each dot of a character, by row and column. */
const DOTS: readonly (readonly [number, number])[] = Object.freeze([
  [0x01, 0x08],
  [0x02, 0x10],
  [0x04, 0x20],
  [0x40, 0x80],
]);
