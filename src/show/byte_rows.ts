import { HEX_ROW_BYTES } from "./hex_row.ts";

/** Bytes in a row, as they went one way. */
export interface RowPiece<Way> {
  readonly way: Way;
  /** How many bytes went this way before them without a pause. */
  readonly offset: number;
  /** When the first of them passed, in milliseconds since 1970. */
  readonly atMs: number;
  /** Whole rows, or less than one when no more came. */
  readonly bytes: Uint8Array;
}

/**
 * Gathers bytes to rows of a hex view, so that no row is torn by how they come: a row that is not full waits for more
 * until the other side speaks or `flush` is called. Keeps less than a row. Pure.
 */
export class ByteRows<Way> {
  #rest: RowPiece<Way> | undefined;
  /** The way of the last bytes and where the next ones stand. */
  #run: { way: Way; offset: number } | undefined;

  /** True when bytes wait for others to fill their row. */
  get isWaiting(): boolean {
    return this.#rest !== undefined;
  }

  /** What is to be shown now that these bytes have passed at `atMs`. */
  add(way: Way, bytes: Uint8Array, atMs: number): RowPiece<Way>[] {
    const pieces = this.#run === undefined || this.#run.way === way ? [] : this.flush();
    const run = this.#run ??= { way, offset: 0 };
    const rest = this.#rest;
    const needed = rest === undefined ? 0 : Math.min(HEX_ROW_BYTES - rest.bytes.length, bytes.length);
    if (rest !== undefined) {
      const joined = { ...rest, bytes: Uint8Array.from([...rest.bytes, ...bytes.subarray(0, needed)]) };
      this.#rest = joined;
      if (joined.bytes.length < HEX_ROW_BYTES) return pieces;
      pieces.push(joined);
      this.#rest = undefined;
      run.offset += HEX_ROW_BYTES;
    }
    const left = bytes.length - needed;
    const whole = left - left % HEX_ROW_BYTES;
    if (whole > 0) {
      pieces.push({ way, offset: run.offset, atMs, bytes: bytes.subarray(needed, needed + whole) });
      run.offset += whole;
    }
    if (whole < left) this.#rest = { way, offset: run.offset, atMs, bytes: bytes.slice(needed + whole) };
    return pieces;
  }

  /** What waits, since nothing more comes for now: the next byte begins at offset 0. */
  flush(): RowPiece<Way>[] {
    const rest = this.#rest;
    this.#rest = this.#run = undefined;
    return rest === undefined ? [] : [rest];
  }
}

/** The rows of a piece, of up to `size` bytes each, with where they begin. */
export function* rowsOf(
  { bytes, offset }: Pick<RowPiece<unknown>, "bytes" | "offset">,
  size: number = HEX_ROW_BYTES,
): Generator<{
  readonly offset: number;
  readonly bytes: Uint8Array;
}> {
  for (let at = 0; at < bytes.length; at += size) {
    yield { offset: offset + at, bytes: bytes.subarray(at, at + size) };
  }
}
