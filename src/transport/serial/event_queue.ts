/** What is wanted of a descriptor, or has become of it. */
export interface Readiness {
  readonly fd: number;
  readonly readable: boolean;
  readonly writable: boolean;
}

/**
 * The system's own list of descriptors that somebody waits for: `epoll` on Linux, `kqueue` on macOS. One call waits
 * for all of them, on one thread. What was armed is told once, then it has to be armed again. A line that hangs up
 * counts as readable and as writable.
 */
export interface EventQueue {
  /** Takes a descriptor up; nothing is told of it before it is armed. */
  add(fd: number): void;
  /** Tells once when the descriptor is ready, in place of what was asked for before. */
  arm(wanted: Readiness): void;
  /** Forgets a descriptor. Called before it is closed. */
  remove(fd: number): void;
  /** Resolves with what is ready, with nothing after `timeoutMs` or a `wake`. One call at a time. */
  wait(timeoutMs: number): Promise<Readiness[]>;
  /** What is ready now, without a wait. Not while a `wait` is under way. */
  peek(): Readiness[];
  /** Ends the `wait` under way, or the next one. */
  wake(): void;
  /** Gives back what the queue takes of the system. Not while waiting. */
  close(): void;
}
