import { printable } from "./port_info.ts";

/** A process that has a port open. */
export interface PortHolder {
  /** Its process id. */
  readonly pid: number;
  /** The name of its program, where it can be read. */
  readonly name?: string;
}

/** What {@linkcode portHolders} found. */
export interface PortHolders {
  /** The processes that have the port open, this one first. */
  readonly holders: PortHolder[];
  /** True when every process could be looked at: then nobody else of this machine has it open. */
  readonly isComplete: boolean;
}

/** Processes looked at: a busy machine has some thousands. */
const MAX_PROCESSES = 8192;

/** Open files looked at in all: reading this many links takes about half a second. */
const MAX_OPEN_FILES = 20_000;

/** Holders told of: one is usual, more than a few help nobody. */
const MAX_HOLDERS = 4;

/**
 * Which processes have the node open, by the links in `/proc/<pid>/fd`. Those of other users are seen by root only.
 * `node` is the real path, without links in it.
 */
export async function portHolders(node: string, proc: string, ownPid: number): Promise<PortHolders> {
  const holders: PortHolder[] = [];
  let left = MAX_OPEN_FILES;
  const pids = await processes(proc, ownPid);
  let isComplete = pids.length > 0;
  for (const pid of pids) {
    if (left <= 0 || holders.length === MAX_HOLDERS) return { holders, isComplete: false };
    const open = await openFiles(`${proc}/${pid}/fd`, left);
    left -= open?.length ?? 1;
    isComplete &&= open !== undefined;
    if (open?.includes(node)) holders.push({ pid, name: await nameOf(`${proc}/${pid}/comm`) });
  }
  return { holders, isComplete };
}

/** The ids of processes, our own first and then the youngest, which are the likeliest to have taken the port. */
async function processes(proc: string, ownPid: number): Promise<number[]> {
  const pids: number[] = [];
  try {
    for await (const { name } of Deno.readDir(proc)) {
      if (/^\d+$/.test(name)) pids.push(Number(name));
    }
  } catch {
    return [];
  }
  const rank = (pid: number) => pid === ownPid ? Infinity : pid;
  return pids.sort((a, b) => rank(b) - rank(a)).slice(0, MAX_PROCESSES);
}

/** What the open files of a process lead to; nothing when we may not look. */
async function openFiles(folder: string, max: number): Promise<string[] | undefined> {
  const links: string[] = [];
  try {
    for await (const { name } of Deno.readDir(folder)) {
      links.push(`${folder}/${name}`);
      if (links.length === max) break;
    }
  } catch (error) {
    return error instanceof Deno.errors.NotFound ? [] : undefined; // a process that has ended holds nothing
  }
  return await Promise.all(links.map((link) => Deno.readLink(link).catch(() => "")));
}

async function nameOf(path: string): Promise<string | undefined> {
  return printable(await Deno.readTextFile(path).catch(() => undefined));
}
