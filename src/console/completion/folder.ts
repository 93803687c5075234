import { resolve } from "node:path";
import type { Candidate } from "../terminal/completion.ts";

/** How long a folder is read, in milliseconds: one of 100,000 files takes half a second. */
const READ_MS = 70;
/** More entries are not kept: more letters are needed anyway. */
const MAX_ENTRIES = 500;

/** What a folder has to offer. */
export interface FolderEntries {
  /** Paths that begin with what was typed, folders with a slash at their end. */
  readonly entries: readonly Candidate[];
  /** Said when not all of the folder was looked at. */
  readonly note?: string;
}

/** How a folder is searched. */
export interface FolderOptions {
  /** Leave files out. Default false. */
  readonly foldersOnly?: boolean;
  /** What `~/` stands for; written out, since nothing but a shell knows the sign. */
  readonly home?: string;
}

/**
 * The files and folders whose path begins with `typed`, relative to the working directory, in alphabetical order. What
 * begins with a dot is left out unless a dot was typed. A folder that cannot be read has nothing.
 */
export async function folderEntries(typed: string, options: FolderOptions = {}): Promise<FolderEntries> {
  const { foldersOnly = false, home } = options;
  const path = home !== undefined && /^~(?=\/|$)/.test(typed) ? typed.replace(/^~\/?/, `${home}/`) : typed;
  const slash = path.lastIndexOf("/") + 1;
  const [folder, part] = [path.slice(0, slash), path.slice(slash)];
  const entries: Candidate[] = [];
  const end = performance.now() + READ_MS;
  let isCut = false;
  try {
    for await (const entry of Deno.readDir(resolve(folder === "" ? "." : folder))) {
      isCut = entries.length >= MAX_ENTRIES || performance.now() > end;
      if (isCut) break;
      if (!entry.name.startsWith(part) || (entry.name.startsWith(".") && !part.startsWith("."))) continue;
      const isFolder = entry.isDirectory ||
        (entry.isSymlink && await leadsToFolder(`${folder}${entry.name}`));
      if (foldersOnly && !isFolder) continue;
      const label = `${entry.name}${isFolder ? "/" : ""}`;
      entries.push({ text: `${folder}${label}`, label });
    }
  } catch { // it is not there, or not for us to read
    return { entries };
  }
  entries.sort((a, b) => a.text < b.text ? -1 : 1);
  return {
    entries,
    ...isCut ? { note: "(not all of the folder was looked at: type more of the name)" } : {},
  };
}

async function leadsToFolder(path: string): Promise<boolean> {
  try {
    return (await Deno.stat(resolve(path))).isDirectory;
  } catch {
    return false;
  }
}
