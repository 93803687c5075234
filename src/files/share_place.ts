/**
 * Where in a shared directory a file is, or is to be. Links inside of it may lead to other places inside of it, and
 * nowhere else; every path is looked at as it really is before it is used.
 *
 * @module
 */
import { ProtocolError } from "../errors.ts";
import { diskFailure, isMissing } from "./disk_failure.ts";
import { foldName } from "./remote_name.ts";
import { join, namesBelow } from "./within.ts";

/** Entries of one directory that are looked through for a name like the one that is to be written. */
export const MAX_ENTRIES = 100_000;

/** A place for a file that does not lie there yet. */
export interface Place {
  /** Its directory, by its real path. */
  readonly directory: string;
  /** Its name there. */
  readonly name: string;
  /** Nothing was written: removes the directories again that were made for it. */
  leave(): Promise<void>;
}

/**
 * The real path of a file that is to be read.
 *
 * @throws {ProtocolError} `not_found`, `not_a_file`, `outside`; not fatal. @throws {BrokenError} `permission`, `io`.
 */
export async function findBelow(root: string, segments: readonly string[]): Promise<string> {
  let real: string;
  let found: Deno.FileInfo;
  try {
    real = await Deno.realPath(segments.reduce(join, root));
    found = await Deno.lstat(real);
  } catch (thrown) {
    if (isMissing(thrown) || thrown instanceof Deno.errors.NotADirectory) throw missing();
    throw diskFailure(`Cannot read below ${root}`, thrown);
  }
  const names = namesBelow(root, real);
  if (names === undefined) throw refused("outside", "a link leads out of the shared directory");
  // The same as for a file that is not there: who asks learns nothing of hidden ones.
  if (names.some((name) => name.startsWith("."))) throw missing();
  if (!found.isFile) throw refused("not_a_file", found.isDirectory ? "it is a directory" : "it is no file");
  return real;
}

/**
 * A place for a file that is to be written. Directories on the way to it are made.
 *
 * @param replace Whether it may be in the place of another file.
 * @throws {ProtocolError} `exists`, `twin`, `not_a_file`, `outside`; not fatal. @throws {BrokenError} of the disk.
 */
export async function placeBelow(
  root: string,
  segments: readonly string[],
  replace: boolean,
): Promise<Place> {
  const made: string[] = [];
  const leave = async () => {
    // From the inside out; one that somebody has put something into meanwhile stays.
    for (const path of made.toReversed()) await Deno.remove(path).catch(() => {});
  };
  const name = segments[segments.length - 1];
  try {
    let directory = root;
    for (const segment of segments.slice(0, -1)) directory = await enter(root, directory, segment, made);
    await checkTwins(directory, name);
    checkTarget(await look(join(directory, name)), replace);
    return { directory, name, leave };
  } catch (thrown) {
    await leave();
    throw diskFailure(`Cannot write below ${root}`, thrown);
  }
}

/** The real path of the directory `segment` in `directory`. */
async function enter(root: string, directory: string, segment: string, made: string[]): Promise<string> {
  const path = join(directory, segment);
  let found = await look(path);
  if (found === undefined) {
    await checkTwins(directory, segment);
    await Deno.mkdir(path).then(() => made.push(path), (thrown) => {
      if (!(thrown instanceof Deno.errors.AlreadyExists)) throw thrown; // made for another file just now
    });
    found = await look(path);
  }
  const real = await Deno.realPath(path);
  if (namesBelow(root, real) === undefined) {
    throw refused("outside", `"${segment}" is a link that leads out of the shared directory`);
  }
  if (found?.isSymlink === true) found = await Deno.lstat(real);
  if (found?.isDirectory !== true) throw refused("not_a_file", `"${segment}" is no directory`);
  return real;
}

/** Refuses a name that only some systems tell apart from one that is there. */
async function checkTwins(directory: string, name: string): Promise<void> {
  const folded = foldName(name);
  let entries = 0;
  for await (const entry of Deno.readDir(directory)) {
    if (++entries > MAX_ENTRIES) {
      throw refused("quota", `its directory has more than ${MAX_ENTRIES} entries already`);
    }
    if (entry.name === name || foldName(entry.name) !== folded) continue;
    throw refused("twin", `"${entry.name}" is there already, and not every system tells the two apart`);
  }
}

function checkTarget(found: Deno.FileInfo | undefined, replace: boolean): void {
  if (found === undefined) return;
  if (!found.isFile) {
    throw refused("not_a_file", `its name is that of ${kindOf(found)}, which is not replaced`);
  }
  if (!replace) {
    throw refused(
      "exists",
      'a file of that name is there already (share() it with the mode "overwrite" to replace it)',
    );
  }
}

async function look(path: string): Promise<Deno.FileInfo | undefined> {
  try {
    return await Deno.lstat(path);
  } catch (thrown) {
    if (isMissing(thrown)) return undefined;
    throw thrown;
  }
}

function kindOf({ isSymlink, isDirectory }: Deno.FileInfo): string {
  return isSymlink ? "a link" : isDirectory ? "a directory" : "a device";
}

function missing(): ProtocolError {
  return refused("not_found", "there is no such file in the shared directory");
}

function refused(code: string, why: string): ProtocolError {
  return new ProtocolError(code, why, { fatal: false });
}
