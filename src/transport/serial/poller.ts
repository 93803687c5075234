import { setImmediate } from "node:timers";
import { Epoll } from "./epoll.ts";
import type { EventQueue, Readiness } from "./event_queue.ts";
import { Kqueue } from "./kqueue.ts";

/** Who waits for a descriptor. */
interface Watched {
  /** Called from time to time, to see whether the device is still there. */
  readonly look: () => void;
  read?: PromiseWithResolvers<void>;
  write?: PromiseWithResolvers<void>;
}

/**
 * Waits for any number of descriptors with one call, on one thread of the runtime: 64 lines that are open and silent
 * cost no more than one. Holds nothing of the system while nothing is watched.
 */
export class Poller {
  readonly #watched = new Map<number, Watched>();
  #queue: EventQueue | undefined;
  #isRunning = false;
  /** True when what was waited for last came so soon that looking again would have been enough. */
  #isQuick = false;
  /** When somebody began to wait last. */
  #armedAt = 0;
  /** The wait under way. */
  #turn: Promise<Readiness[]> | undefined;

  /** Takes a descriptor up. `look` is called about twice a second as long as it is watched. */
  watch(fd: number, look: () => void): void {
    this.#queue ??= Deno.build.os === "darwin" ? new Kqueue() : new Epoll();
    this.#watched.set(fd, { look });
    this.#queue.add(fd);
    if (!this.#isRunning) this.#run(this.#queue);
  }

  /** Resolves when the descriptor can be read or has hung up, or is forgotten. */
  readable(fd: number): Promise<void> {
    return this.#ready(fd, "read");
  }

  /** Resolves when the descriptor can be written or has hung up, or is forgotten. */
  writable(fd: number): Promise<void> {
    return this.#ready(fd, "write");
  }

  /** Lets a descriptor go, before it is closed. Resolves when nothing in the system waits for it any more. */
  async forget(fd: number): Promise<void> {
    const watched = this.#watched.get(fd);
    if (watched === undefined) return;
    this.#watched.delete(fd);
    this.#queue?.remove(fd);
    watched.read?.resolve();
    watched.write?.resolve();
    if (this.#watched.size > 0) return;
    this.#queue?.wake();
    await this.#turn;
  }

  #ready(fd: number, what: "read" | "write"): Promise<void> {
    const watched = this.#watched.get(fd);
    if (watched === undefined) return Promise.resolve();
    const waiting = watched[what] ??= Promise.withResolvers();
    this.#arm(fd, watched);
    this.#armedAt = performance.now();
    return waiting.promise;
  }

  #arm(fd: number, { read, write }: Watched): void {
    this.#queue!.arm({ fd, readable: read !== undefined, writable: write !== undefined });
  }

  async #run(queue: EventQueue): Promise<void> {
    this.#isRunning = true;
    let lookedAt = performance.now();
    while (this.#watched.size > 0) {
      this.#turn = this.#next(queue);
      const ready = await this.#turn;
      for (const { fd, readable, writable } of ready) this.#tell(fd, readable, writable);
      const now = performance.now();
      if (now - lookedAt < LOOK_MS && ready.length > 0) continue;
      lookedAt = now;
      for (const { look } of [...this.#watched.values()]) look();
    }
    queue.close();
    this.#queue = this.#turn = undefined;
    this.#isRunning = false;
  }

  /**
   * What is ready next. A wait in the system takes the runtime to another thread and back, some 40 µs of work. Where
   * things happen sooner than that, as on virtual lines, looking again at every turn of the program is quicker and costs
   * less: for a moment, and only as long as it succeeds. Real lines are slower, and nothing is looked at twice there.
   */
  async #next(queue: EventQueue): Promise<Readiness[]> {
    for (const since = performance.now(); this.#isQuick && performance.now() - since < LINGER_MS;) {
      await turn();
      const ready = queue.peek();
      if (ready.length > 0 || this.#watched.size === 0) return ready;
    }
    const ready = await queue.wait(LOOK_MS);
    this.#isQuick = ready.length > 0 && performance.now() - this.#armedAt < QUICK_MS;
    return ready;
  }

  #tell(fd: number, readable: boolean, writable: boolean): void {
    const watched = this.#watched.get(fd);
    if (watched === undefined) return;
    const { read, write } = watched;
    if (readable) watched.read = undefined;
    if (writable) watched.write = undefined;
    if (watched.read !== undefined || watched.write !== undefined) this.#arm(fd, watched);
    if (readable) read?.resolve();
    if (writable) write?.resolve();
  }
}

/** How often to look whether a silent device is still there, in milliseconds: unplugging is to be seen within 1.5 s. */
const LOOK_MS = 500;
/** In milliseconds, some waits in the system: a guess that was wrong costs no more than that. */
const LINGER_MS = 0.1;
/** In milliseconds. A wait no longer than this could have been spared: some of it is its own cost. */
const QUICK_MS = 0.15;

/** Resolves when everything else that is ready in the program has had its turn. */
function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
