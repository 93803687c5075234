import { type PortHolder, printable } from "./port_info.ts";

/** What {@linkcode portHolders} found. */
export interface PortHolders {
  /** The processes that have each node open, this one first; empty where no process can be seen at all. */
  readonly holders: ReadonlyMap<string, readonly PortHolder[]>;
  /** True when every process could be looked at: then nobody else of this machine has any of them open. */
  readonly isComplete: boolean;
}

/** Processes looked at: a busy machine has some thousands. */
const MAX_PROCESSES = 8192;

/** Open files looked at in all: reading this many links takes about half a second. */
const MAX_OPEN_FILES = 20_000;

/** Holders told of for each port: one is usual, more than a few help nobody. */
const MAX_HOLDERS = 4;

/**
 * Which processes have these nodes open, by the links in `/proc/<pid>/fd`; every process is looked at once for all
 * nodes together. Those of other users are seen by root only. `nodes` are real paths, without links in them.
 */
export async function portHolders(
  nodes: readonly string[],
  proc: string,
  ownPid: number,
): Promise<PortHolders> {
  const holders = new Map<string, PortHolder[]>(nodes.map((node) => [node, []]));
  /** The nodes of which more holders are of interest. */
  const wanted = new Set(nodes);
  let left = MAX_OPEN_FILES;
  const pids = await processes(proc, ownPid);
  if (pids.length === 0) return { holders: new Map(), isComplete: false };
  let isComplete = true;
  for (const pid of pids) {
    if (left <= 0 || wanted.size === 0) return { holders, isComplete: false };
    const open = await openFiles(`${proc}/${pid}/fd`, left);
    left -= open?.length ?? 1;
    isComplete &&= open !== undefined;
    const held = new Set(open).intersection(wanted);
    if (held.size === 0) continue;
    const program = await programOf(`${proc}/${pid}/comm`);
    for (const node of held) {
      const known = holders.get(node)!;
      if (known.push({ pid, program }) === MAX_HOLDERS) wanted.delete(node);
    }
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

async function programOf(path: string): Promise<string> {
  return printable(await Deno.readTextFile(path).catch(() => undefined)) ?? "a program";
}
