import { BrokenError } from "../errors.ts";
import { diskFailure } from "./disk_failure.ts";
import { isSameFile } from "./same_file.ts";
import { join } from "./within.ts";

/** Where a file comes from the wire goes to, piece by piece. */
export interface FileSink {
  /** The file that there will be. */
  readonly path: string;
  /** Takes the next bytes. @throws {BrokenError} `disk_full`, `no_such_path`, `permission`, `io`. */
  write(bytes: Uint8Array): Promise<void>;
  /** All bytes are there: gives the file its name. @throws {BrokenError} also `exists`. */
  publish(): Promise<void>;
  /** Takes everything back. Never rejects, may be called again. */
  discard(): Promise<void>;
}

/**
 * A file that is not whole yet. It lies beside the place where it is to be, under a hidden name that nobody can guess,
 * and gets its own name only when it is whole.
 */
export class PartFile implements FileSink {
  readonly path: string;
  readonly #part: string;
  readonly #replace: boolean;
  readonly #file: Deno.FsFile;
  #isOpen = true;
  #isDone = false;

  private constructor(path: string, part: string, replace: boolean, file: Deno.FsFile) {
    this.path = path;
    this.#part = part;
    this.#replace = replace;
    this.#file = file;
  }

  /**
   * Begins a file in `directory`, which is given by its real path.
   *
   * @param replace Whether a file that has the name already is replaced; otherwise it is left alone.
   * @throws {BrokenError} `no_such_path`, `permission`, `disk_full`, `moved`.
   */
  static async create(directory: string, name: string, replace: boolean): Promise<PartFile> {
    const path = join(directory, name);
    const part = join(directory, `.${crypto.randomUUID()}.part`);
    let file: Deno.FsFile;
    try {
      file = await Deno.open(part, { write: true, createNew: true });
    } catch (thrown) {
      throw diskFailure(`Cannot write ${path}`, thrown);
    }
    const made = new PartFile(path, part, replace, file);
    try {
      await made.#checkPlace();
      return made;
    } catch (error) {
      await made.discard();
      throw error;
    }
  }

  async write(bytes: Uint8Array): Promise<void> {
    try {
      for (let at = 0; at < bytes.length;) at += await this.#file.write(bytes.subarray(at));
    } catch (thrown) {
      throw diskFailure(`Cannot write ${this.path}`, thrown);
    }
  }

  async publish(): Promise<void> {
    try {
      await this.#file.sync(); // a machine that loses its power now must not have the name without the bytes
      await this.#checkPlace();
      this.#close();
      if (this.#replace) await Deno.rename(this.#part, this.path);
      else await this.#publishNew();
      this.#isDone = true;
    } catch (thrown) {
      throw diskFailure(`Cannot write ${this.path}`, thrown);
    }
  }

  async discard(): Promise<void> {
    if (this.#isDone) return;
    this.#isDone = true;
    this.#close();
    await Deno.remove(this.#part).catch(() => {}); // gone with its directory
  }

  /** Gives it a name that nothing else has: `rename` would replace what has it. */
  async #publishNew(): Promise<void> {
    try {
      await Deno.link(this.#part, this.path);
    } catch (thrown) {
      if (thrown instanceof Deno.errors.AlreadyExists || thrown instanceof Deno.errors.NotFound) throw thrown;
      // A file system without hard links, as on memory sticks: an empty file takes the name first.
      (await Deno.open(this.path, { write: true, createNew: true })).close();
      return await Deno.rename(this.#part, this.path);
    }
    await Deno.remove(this.#part);
  }

  /** Somebody may have put a link in the place of the directory since it was looked at. */
  async #checkPlace(): Promise<void> {
    const [opened, found, real] = await Promise.all([
      this.#file.stat(),
      Deno.lstat(this.#part),
      Deno.realPath(this.#part),
    ]).catch((thrown) => {
      throw diskFailure(`Cannot write ${this.path}`, thrown);
    });
    if (real === this.#part && isSameFile(opened, found)) return;
    throw new BrokenError("moved", `Cannot write ${this.path}: its directory was moved meanwhile`);
  }

  #close(): void {
    if (this.#isOpen) this.#file.close();
    this.#isOpen = false;
  }
}
