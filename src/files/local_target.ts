import { BrokenError, ParleyError } from "../errors.ts";
import { diskFailure, isMissing } from "./disk_failure.ts";
import { type FileSink, PartFile } from "./part_file.ts";
import { join, splitPath } from "./within.ts";

/** A path of the user's own that a file is to be written to, wherever that is. */
export interface LocalTarget {
  /** The real path of the file. */
  readonly path: string;
  /** Begins to write it. @throws {BrokenError} of the disk. */
  create(): Promise<FileSink>;
}

/**
 * Looks whether a file can be written to `path`, before anybody is asked for it.
 *
 * @throws {ParleyError} code `exists`: there is a file, and it is not to be overwritten.
 * @throws {BrokenError} `no_such_path`: the directory is missing; `not_a_file`, `permission`.
 */
export async function localTarget(path: string, overwrite: boolean): Promise<LocalTarget> {
  const { directory, name } = splitPath(path);
  const doing = `Cannot write ${path}`;
  try {
    const real = await Deno.realPath(directory);
    const target = join(real, name);
    const found = name === "" ? undefined : await Deno.lstat(target).catch((thrown) => {
      if (!isMissing(thrown)) throw thrown;
    });
    if (name === "" || found?.isDirectory === true) {
      throw new BrokenError("not_a_file", `${doing}: it is a directory; name the file`, NOT_SENT);
    }
    if (found !== undefined && !overwrite) {
      const text = `${doing}: it is there already; the option overwrite: true replaces it`;
      throw new ParleyError("exists", text, NOT_SENT);
    }
    return { path: target, create: () => PartFile.create(real, name, overwrite) };
  } catch (thrown) {
    throw diskFailure(doing, thrown, NOT_SENT);
  }
}

const NOT_SENT = Object.freeze({ outcome: "not-sent" as const });
