import { ProtocolError } from "../errors.ts";

/** The part of a disk that files from the other side leave free: one twentieth, and no more than this, in bytes. */
const MAX_FLOOR_BYTES = 1024 ** 3;

/**
 * Refuses a file that would fill the disk of `directory`, as far as the system tells how full it is.
 *
 * @throws {ProtocolError} code `disk_full`, not fatal.
 */
export async function checkFreeSpace(directory: string, size: number): Promise<void> {
  const { statfs } = await import("node:fs/promises"); // loaded late: it takes longer than all of files/
  const disk = await statfs(directory).catch(() => undefined);
  if (disk === undefined || !(disk.blocks > 0)) return; // some file systems do not say
  const free = disk.bavail * disk.bsize;
  const floor = Math.min(MAX_FLOOR_BYTES, Math.floor(disk.blocks * disk.bsize / 20));
  if (free - size >= floor) return;
  const text = `it has ${size} bytes, and the disk has ${free} left, of which ${floor} are kept free`;
  throw new ProtocolError("disk_full", text, { fatal: false });
}
