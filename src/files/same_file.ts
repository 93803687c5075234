/** True when both tell of the same file on disk, and it is a file. Where there are no numbers for files, size decides. */
export function isSameFile(opened: Deno.FileInfo, found: Deno.FileInfo): boolean {
  if (!opened.isFile || !found.isFile) return false;
  if (opened.ino === null || found.ino === null) return opened.size === found.size;
  return opened.ino === found.ino && opened.dev === found.dev;
}
