/** Ctrl-Z: the program and whatever has started it in its process group stop, and the shell goes on. */

/**
 * Stops the whole process group, as the terminal itself does it at Ctrl-Z: a `deno task` that started us has to stop as
 * well, or the shell goes on waiting for it. It catches the signal that means that, so where it is certain that there
 * is a shell to go on, the one signal is sent that nothing catches. Elsewhere the system ignores the other one when
 * there is no shell.
 */
export function suspendGroup(): void {
  Deno.kill(0, hasShell() ? "SIGSTOP" : "SIGTSTP");
}

/** What Linux tells of a process. */
interface Process {
  readonly parent: number;
  readonly group: number;
  readonly session: number;
}

/** Whether somebody of our session, outside of our group, waits for us: who stops without that is never continued. */
function hasShell(): boolean {
  try {
    const own = processOf(Deno.pid);
    let parent = processOf(own.parent);
    while (parent.group === own.group) parent = processOf(parent.parent);
    return parent.session === own.session;
  } catch {
    return false; // no Linux, or no parent any more
  }
}

/** @throws {Deno.errors.NotFound} there is no such process, or the system is not Linux. */
function processOf(pid: number): Process {
  const stat = Deno.readTextFileSync(`/proc/${pid}/stat`);
  // The name of the program, in parentheses, may hold anything.
  const [, parent, group, session] = stat.slice(stat.lastIndexOf(")") + 2).split(" ").map(Number);
  return { parent, group, session };
}
