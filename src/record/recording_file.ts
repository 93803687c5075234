import { diskFailure } from "../files/disk_failure.ts";
import { ParleyError } from "../errors.ts";
import { escapeText } from "../show/escape.ts";

/**
 * A file that grows line by line. Each line is handed to the system before the next one is taken: of a program that
 * crashes none is missing, and nothing gathers in memory.
 */
export class RecordingFile {
  readonly path: string;
  readonly #file: Deno.FsFile;
  readonly #maxBytes: number;
  readonly #encoder = new TextEncoder();
  #bytes = 0;
  #lines = 0;
  #isOpen = true;

  private constructor(path: string, file: Deno.FsFile, maxBytes: number) {
    this.path = path;
    this.#file = file;
    this.#maxBytes = maxBytes;
  }

  /** @throws {ParleyError} `exists`, unless it may be replaced. @throws {BrokenError} the disk refused. */
  static async create(
    path: string,
    { overwrite, maxBytes }: { readonly overwrite: boolean; readonly maxBytes: number },
  ): Promise<RecordingFile> {
    const how = overwrite ? { create: true, truncate: true } : { createNew: true };
    try {
      return new RecordingFile(path, await Deno.open(path, { write: true, ...how }), maxBytes);
    } catch (thrown) {
      const doing = `Cannot record to ${escapeText(path)}`;
      if (!(thrown instanceof Deno.errors.AlreadyExists)) throw diskFailure(doing, thrown);
      throw new ParleyError("exists", `${doing}: the file exists; overwrite it, or choose another name`);
    }
  }

  get isOpen(): boolean {
    return this.#isOpen;
  }

  /** What is in it, in bytes. */
  get bytes(): number {
    return this.#bytes;
  }

  /** How many lines are in it. */
  get lines(): number {
    return this.#lines;
  }

  /**
   * Appends a line; of no effect once it is closed.
   *
   * @throws {BrokenError} the disk refused, as when it is full. @throws {ParleyError} `too_large`. The file is closed
   * then, and ends with its last whole line.
   */
  append(line: string): void {
    if (!this.#isOpen) return;
    const bytes = this.#encoder.encode(`${line}\n`);
    if (this.#bytes + bytes.length > this.#maxBytes) {
      this.close();
      const text = `Recording to ${
        escapeText(this.path)
      } has ended: it has reached ${this.#maxBytes} bytes (maxBytes)`;
      throw new ParleyError("too_large", text);
    }
    try {
      for (let written = 0; written < bytes.length;) {
        written += this.#file.writeSync(bytes.subarray(written));
      }
    } catch (thrown) {
      this.#dropHalf();
      throw diskFailure(`Recording to ${escapeText(this.path)} has ended`, thrown);
    }
    this.#bytes += bytes.length;
    this.#lines++;
  }

  close(): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    this.#file.close();
  }

  /** Takes back the line that has found no room. */
  #dropHalf(): void {
    try {
      this.#file.truncateSync(this.#bytes);
    } catch {
      // What cannot be cut, such as a pipe, ends with half a line, which readers understand.
    }
    this.close();
  }
}
