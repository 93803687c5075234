/**
 * Cuts what a device sends into lines, whatever ends them: LF, CR LF or CR; empty ones are none. What is longer than a
 * line should be is cut into several. Pure.
 */
export class DeviceLines {
  #rest: number[] = [];

  /** The line that is being received, as far as it has come. */
  get rest(): Uint8Array {
    return Uint8Array.from(this.#rest);
  }

  /** The lines that end in these bytes, each with the place behind its end. */
  feed(bytes: Uint8Array): { readonly line: Uint8Array; readonly end: number }[] {
    const lines: { line: Uint8Array; end: number }[] = [];
    for (const [index, byte] of bytes.entries()) {
      const isEnd = byte === LF || byte === CR;
      if (!isEnd) this.#rest.push(byte);
      if (!isEnd && this.#rest.length < MAX_LINE_BYTES) continue;
      if (this.#rest.length > 0) lines.push({ line: this.rest, end: index + 1 });
      else if (byte === LF && lines.at(-1)?.end === index) lines.at(-1)!.end++; // CR LF is one end
      this.#rest = [];
    }
    return lines;
  }

  /** The last line, since nothing more comes; `undefined` when there is none. */
  end(): Uint8Array | undefined {
    const { rest } = this;
    this.#rest = [];
    return rest.length === 0 ? undefined : rest;
  }
}

const LF = 0x0a;
const CR = 0x0d;

/** A line is kept until it ends, and of a device that never ends one no more than this. */
const MAX_LINE_BYTES = 64 * 1024;
