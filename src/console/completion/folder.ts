import { resolve } from "node:path";
import type { Candidate, Completion } from "../terminal/completion.ts";
import { within } from "./within.ts";

/** How long a folder is waited for, in milliseconds. */
const WAIT_MS = 70;
/** How long it is read at most, in milliseconds: one of 100,000 files takes half a second, one on a network for ever. */
const READ_MS = 3000;
/** How long what was read counts, in milliseconds: files come and go. */
const FRESH_MS = 2000;
/** More entries are not kept: more letters are needed anyway. */
const MAX_ENTRIES = 500;

/** What a folder has to offer. */
export interface FolderEntries {
  /** Paths that begin with what was typed, folders with a slash at their end. */
  readonly entries: readonly Candidate[];
  /** Said when these are not all: nothing can be put in then. */
  readonly note?: string;
}

/** How a folder is searched. */
export interface FolderOptions {
  /** Leave files out. Default false. */
  readonly foldersOnly?: boolean;
  /** What `~/` stands for; written out, since nothing but a shell knows the sign. */
  readonly home?: string;
}

/** Looks into folders for paths that begin with what was typed, relative to the working directory. */
export class Folders {
  #reading: Reading | undefined;

  /**
   * The files and folders, in alphabetical order, that were found in time; what is found later is there the next time.
   * What begins with a dot is left out unless a dot was typed. A folder that cannot be read has nothing.
   */
  async look(typed: string, { foldersOnly = false, home }: FolderOptions = {}): Promise<FolderEntries> {
    const path = home !== undefined && /^~(?=\/|$)/.test(typed) ? typed.replace(/^~\/?/, `${home}/`) : typed;
    if (this.#reading?.path !== path || this.#reading.isStale) this.#reading = new Reading(path);
    const { done, found } = this.#reading;
    const isWhole = await within(done, WAIT_MS);
    const entries = found.filter(({ text }) => !foldersOnly || text.endsWith("/"))
      .sort((a, b) => a.text < b.text ? -1 : 1);
    if (isWhole === true) return { entries };
    const next = isWhole === undefined ? "Tab looks again" : "type more of the name";
    return { entries, note: `(not all of the folder was looked at: ${next})` };
  }
}

/** A folder that is being read. */
class Reading {
  readonly path: string;
  readonly found: Candidate[] = [];
  /** Resolves to whether that was all of it. */
  readonly done: Promise<boolean>;
  readonly #begun = performance.now();
  #isOver = false;

  constructor(path: string) {
    this.path = path;
    this.done = this.#read().finally(() => this.#isOver = true);
  }

  get isStale(): boolean {
    return this.#isOver && performance.now() - this.#begun > FRESH_MS;
  }

  async #read(): Promise<boolean> {
    const slash = this.path.lastIndexOf("/") + 1;
    const [folder, part] = [this.path.slice(0, slash), this.path.slice(slash)];
    try {
      for await (const entry of Deno.readDir(resolve(folder === "" ? "." : folder))) {
        if (this.found.length >= MAX_ENTRIES || performance.now() - this.#begun > READ_MS) return false;
        const { name } = entry;
        if (!name.startsWith(part) || (name.startsWith(".") && !part.startsWith("."))) continue;
        const isFolder = entry.isDirectory || (entry.isSymlink && await leadsToFolder(`${folder}${name}`));
        const label = `${name}${isFolder ? "/" : ""}`;
        this.found.push({ text: `${folder}${label}`, label });
      }
    } catch { // it is not there, or not for us to read
      return true;
    }
    return true;
  }
}

async function leadsToFolder(path: string): Promise<boolean> {
  try {
    return (await Deno.stat(resolve(path))).isDirectory;
  } catch {
    return false;
  }
}

/** A completion of which not all is known may be listed, but nothing of it put in: the next letter might be another. */
export function onlyListed(completion: Completion | undefined, typed: string): Completion | undefined {
  return completion && { ...completion, common: typed };
}
