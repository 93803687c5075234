import { BrokenError } from "../errors.ts";
import { diskFailure } from "./disk_failure.ts";
import { isSameFile } from "./same_file.ts";

/** The largest piece of a file that is read at once, in bytes: as much as one write carries well. */
export const PIECE_BYTES: number = 64 * 1024;

/** A file that is being read to be sent. Its size is fixed when it is opened: wires promise it beforehand. */
export class OutgoingFile implements Disposable {
  /** Its path, as it was given. */
  readonly path: string;
  /** How many bytes will be read of it. */
  readonly size: number;
  readonly #file: Deno.FsFile;
  readonly #changedAt: number | undefined;
  #read = 0;

  private constructor(path: string, file: Deno.FsFile, info: Deno.FileInfo) {
    this.path = path;
    this.size = info.size;
    this.#file = file;
    this.#changedAt = info.mtime?.getTime();
  }

  /**
   * Opens a file. A path that leads to something else, such as a pipe, is refused before it is opened: that could
   * block.
   *
   * @param isReal True when the path has been made sure to lead through no links, and must not do so by now either.
   * @throws {BrokenError} `no_such_path`, `not_a_file`, `permission`, `too_many_files`, `source_changed`; `outcome` is
   * `"not-sent"`.
   */
  static async open(path: string, isReal = false): Promise<OutgoingFile> {
    const doing = `Cannot read ${path}`;
    let file: Deno.FsFile | undefined;
    try {
      const found = await (isReal ? Deno.lstat(path) : Deno.stat(path));
      if (!found.isFile) {
        const what = found.isDirectory ? "it is a directory; send its files one by one" : "it is no file";
        throw new BrokenError("not_a_file", `${doing}: ${what}`, NOT_SENT);
      }
      file = await Deno.open(path);
      const opened = await file.stat();
      const hasMoved = isReal && await Deno.realPath(path) !== path;
      if (hasMoved || !isSameFile(opened, found)) {
        throw new BrokenError("source_changed", `${doing}: it was replaced meanwhile`, NOT_SENT);
      }
      return new OutgoingFile(path, file, opened);
    } catch (thrown) {
      file?.close();
      throw diskFailure(doing, thrown, NOT_SENT);
    }
  }

  /** How many bytes are still to be read. */
  get missing(): number {
    return this.size - this.#read;
  }

  /**
   * The next bytes, at most {@linkcode PIECE_BYTES} and at least one: only called while some are missing.
   *
   * @throws {BrokenError} `source_changed`: it has become shorter; `io`.
   */
  async read(): Promise<Uint8Array> {
    const piece = new Uint8Array(Math.min(PIECE_BYTES, this.missing));
    let length: number | null;
    try {
      length = await this.#file.read(piece);
    } catch (thrown) {
      throw diskFailure(`Cannot read ${this.path}`, thrown);
    }
    if (length === null) {
      const text =
        `${this.path} has become shorter while it was sent: it ended after ${this.#read} of ${this.size} bytes`;
      throw new BrokenError("source_changed", text);
    }
    this.#read += length;
    return piece.subarray(0, length);
  }

  /**
   * Looks whether what was read is what there is.
   *
   * @throws {BrokenError} `source_changed`: it was written to meanwhile, so that parts of it may be old and parts new.
   */
  async checkUnchanged(): Promise<void> {
    const { size, mtime } = await this.#file.stat().catch((thrown) => {
      throw diskFailure(`Cannot read ${this.path}`, thrown);
    });
    if (size === this.size && mtime?.getTime() === this.#changedAt) return;
    const text =
      `${this.path} was changed while it was sent: ${this.size} bytes of it were sent, and it has ${size} ` +
      `now; send it again`;
    throw new BrokenError("source_changed", text, { outcome: "unknown" });
  }

  /** Closes it. Called once. */
  [Symbol.dispose](): void {
    this.#file.close();
  }
}

const NOT_SENT = Object.freeze({ outcome: "not-sent" as const });
