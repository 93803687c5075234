import { BrokenError, ParleyError, type ParleyErrorOptions } from "../errors.ts";

/** What the system calls it, what we call it, and what people read. */
const FAILURES: Readonly<Record<string, readonly [code: string, text: string]>> = Object.freeze({
  ENOSPC: ["disk_full", "no space is left on the disk"],
  EDQUOT: ["disk_full", "the disk quota of this user is used up"],
  EFBIG: ["too_large", "the file system has no room for files of that size"],
  ENOENT: ["no_such_path", "there is no such file or directory"],
  ENOTDIR: ["no_such_path", "part of the path is no directory"],
  EISDIR: ["not_a_file", "it is a directory"],
  EEXIST: ["exists", "a file of that name is there already"],
  EACCES: ["permission", "this user may not"],
  EPERM: ["permission", "the system does not allow it"],
  EROFS: ["permission", "the disk can only be read"],
  ENAMETOOLONG: ["bad_name", "the name is too long for the file system"],
  EMFILE: ["too_many_files", "this process has no file descriptors left"],
  ENFILE: ["too_many_files", "this machine has no file descriptors left"],
  ELOOP: ["outside", "the links on the way lead in a circle"],
});

/** What Deno calls what the system does not name. */
const BY_NAME: Readonly<Record<string, string>> = Object.freeze({
  NotFound: "ENOENT",
  NotADirectory: "ENOTDIR",
  IsADirectory: "EISDIR",
  AlreadyExists: "EEXIST",
  PermissionDenied: "EACCES",
  FilesystemLoop: "ELOOP",
});

/**
 * What the disk threw, as a `BrokenError` that says what was being done and why it failed. An error of ours stays.
 *
 * Only `name`, `code` and `message` of `thrown` are read: formatting its stack needs a file descriptor, and when
 * there are none left the attempt ends the whole process.
 */
export function diskFailure(doing: string, thrown: unknown, options: ParleyErrorOptions = {}): ParleyError {
  if (thrown instanceof ParleyError) return thrown;
  const { name = "", code = "", message } = thrown as { name?: string; code?: string; message?: string };
  if (name === "NotCapable") return notAllowed(doing, message ?? "", options);
  const [ourCode, text] = FAILURES[code] ?? FAILURES[BY_NAME[name] ?? ""] ??
    ["io", message ?? String(thrown)];
  return new BrokenError(ourCode, `${doing}: ${text}`, options);
}

/** Deno keeps this program from it. */
function notAllowed(doing: string, message: string, options: ParleyErrorOptions): BrokenError {
  const flag = /--allow-[a-z]+/.exec(message)?.[0] ?? "-A";
  const text =
    `${doing}: Deno keeps this program from it; start it with ${flag}, or with ${flag}=<directory>`;
  return new BrokenError("permission", text, options);
}

/** True when `thrown` says that there is no such file. */
export function isMissing(thrown: unknown): boolean {
  return thrown instanceof Deno.errors.NotFound;
}
