/**
 * Paths below a directory. All of them are real paths: without links, `.` and `..`.
 *
 * @module
 */

/** What stands between the parts of a path here. */
export const SEPARATOR: string = Deno.build.os === "windows" ? "\\" : "/";

/** The path of `name` in `directory`. */
export function join(directory: string, name: string): string {
  return directory.endsWith(SEPARATOR) ? directory + name : directory + SEPARATOR + name;
}

/** The names that lead from `root` to `path`; `undefined` when that is not below it. */
export function namesBelow(root: string, path: string): string[] | undefined {
  if (path === root) return [];
  const start = root.endsWith(SEPARATOR) ? root : root + SEPARATOR;
  return path.startsWith(start) ? path.slice(start.length).split(SEPARATOR) : undefined;
}

/** A path as its directory and the last name in it. */
export function splitPath(path: string): { directory: string; name: string } {
  const cut = Deno.build.os === "windows" ? path.search(/[^\\/]*$/) : path.lastIndexOf("/") + 1;
  const directory = path.slice(0, cut);
  return { directory: directory === "" ? "." : directory, name: path.slice(cut) };
}
