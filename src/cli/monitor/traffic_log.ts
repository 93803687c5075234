import { CommandLineError } from "../failure.ts";

/** A file to which everything that comes is appended, byte for byte. */
export class TrafficLog implements Disposable {
  readonly #path: string;
  #file: Deno.FsFile | undefined;

  /** @throws {CommandLineError} it cannot be written. */
  constructor(path: string) {
    this.#path = path;
    try {
      this.#file = Deno.openSync(path, { append: true, create: true });
    } catch (error) {
      throw new CommandLineError(`Cannot write the log "${path}": ${(error as Error).message}`);
    }
  }

  /** Appends these bytes; when that fails says why, once, and the log ends. */
  append(bytes: Uint8Array): string | undefined {
    try {
      for (let written = 0; this.#file !== undefined && written < bytes.length;) {
        written += this.#file.writeSync(bytes.subarray(written));
      }
      return undefined;
    } catch (error) {
      this.close();
      return `the log "${this.#path}" has ended: ${(error as Error).message}`;
    }
  }

  close(): void {
    this.#file?.close();
    this.#file = undefined;
  }

  /** The same as {@linkcode close}. */
  [Symbol.dispose](): void {
    this.close();
  }
}
