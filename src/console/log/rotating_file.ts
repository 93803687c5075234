/** How large a {@linkcode RotatingFile} may become. */
export interface RotationOptions {
  /** Bytes in one file. */
  readonly maxBytes: number;
  /** Older files that are kept beside it. */
  readonly keep: number;
}

/**
 * A file that is appended to. When it is full it becomes `name.1`, what was `name.1` becomes `name.2`, and so on; the
 * oldest is deleted. Everything is written at once: what was written is there whatever becomes of the program.
 */
export class RotatingFile implements Disposable {
  readonly path: string;
  readonly #options: RotationOptions;
  #file: Deno.FsFile;
  #bytes: number;
  #lost = 0;

  /** @throws the file cannot be written. */
  constructor(path: string, options: RotationOptions) {
    this.path = path;
    this.#options = options;
    this.#file = Deno.openSync(path, { append: true, create: true });
    this.#bytes = this.#file.statSync().size;
  }

  /** How many files were deleted to make room. */
  get lost(): number {
    return this.#lost;
  }

  /** Appends this; gives true when that has begun a new file. @throws it cannot be written, as on a full disk. */
  append(bytes: Uint8Array): boolean {
    const isFull = this.#bytes > 0 && this.#bytes + bytes.length > this.#options.maxBytes;
    if (isFull) this.#rotate();
    for (let written = 0; written < bytes.length;) {
      const length = this.#file.writeSync(bytes.subarray(written));
      written += length;
      this.#bytes += length;
    }
    return isFull;
  }

  /** Nothing more is written. */
  close(): void {
    this.#file.close();
  }

  /** The same as {@linkcode close}. */
  [Symbol.dispose](): void {
    this.close();
  }

  #rotate(): void {
    const { keep } = this.#options;
    this.#file.close();
    if (removed(keep === 0 ? this.path : `${this.path}.${keep}`)) this.#lost++;
    for (let age = keep - 1; age >= 0; age--) {
      renamed(age === 0 ? this.path : `${this.path}.${age}`, `${this.path}.${age + 1}`);
    }
    this.#file = Deno.openSync(this.path, { append: true, create: true });
    this.#bytes = this.#file.statSync().size;
  }
}

function removed(path: string): boolean {
  try {
    Deno.removeSync(path);
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

function renamed(from: string, to: string): void {
  try {
    Deno.renameSync(from, to);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error; // somebody has taken it away
  }
}
