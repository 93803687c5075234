import type { RequestId } from "../message.ts";
import { Call } from "./call.ts";
import type { World } from "./world.ts";

/** A handler that has begun and not ended. */
export interface RunningCall {
  readonly call: Call;
  /** Absent for an action that nobody wants to hear of. */
  readonly id: RequestId | undefined;
  /** When its caller stops waiting, on the clock of the endpoint's alarm. */
  readonly deadline: number;
  /** Set for a request with a key, which others may wait for as well, now or on another link. */
  readonly keyed: { readonly isShared: boolean } | undefined;
  /** True once its caller does not want the answer any more: what the handler returns is dropped. */
  isStopped: boolean;
}

/** Handlers and callbacks of one link that have begun and not ended: each holds its place until it really ends. */
export class RunningCalls {
  readonly #world: World;
  readonly #owner: { workEnded(): void };
  /** By their id, or by themselves where they have none. */
  #calls: Map<unknown, RunningCall> | undefined;
  #size = 0;
  #nextDeadline = Infinity;
  #idle: PromiseWithResolvers<void> | undefined;
  #waitIsOver = false;

  /** @param owner Is told whenever one has ended. */
  constructor(world: World, owner: { workEnded(): void }) {
    this.#world = world;
    this.#owner = owner;
  }

  get size(): number {
    return this.#size;
  }

  /** When {@linkcode RunningCalls.expire} has something to do at the earliest. */
  get nextDeadline(): number {
    return this.#nextDeadline;
  }

  /** Something has begun; call what this returns when it ends. */
  begin(): () => void {
    this.#size++;
    return () => this.#end();
  }

  /** A handler goes on after it has returned; call `finish` with what this returns when it ends. */
  start(
    call: Call,
    id: RequestId | undefined,
    deadline: number,
    keyed: { readonly isShared: boolean } | undefined,
  ): RunningCall {
    const running: RunningCall = { call, id, deadline, keyed, isStopped: false };
    this.#size++;
    this.#calls ??= new Map();
    this.#calls.set(id ?? running, running);
    if (deadline < this.#nextDeadline) this.#nextDeadline = deadline;
    return running;
  }

  finish(running: RunningCall): void {
    const key = running.id ?? running;
    // An id may have come again, after the session began anew.
    if (this.#calls?.get(key) === running) this.#calls.delete(key);
    this.#end();
  }

  /** The call of that id, when it still runs and its caller still waits. */
  find(id: RequestId): RunningCall | undefined {
    const running = this.#calls?.get(id);
    return running?.isStopped === false ? running : undefined;
  }

  /** True when the call of that id still runs, but its caller does not wait any more. */
  isStopped(id: RequestId): boolean {
    return this.#calls?.get(id)?.isStopped === true;
  }

  /**
   * The caller does not wait any more: tells the handler so, unless others wait as well. Its place stays taken until
   * it ends.
   */
  stop(running: RunningCall, reason: Error): void {
    running.isStopped = true;
    if (running.keyed?.isShared !== true) Call.abort(running.call, reason);
  }

  /** Those whose callers have stopped waiting by now. */
  expire(now: number): RunningCall[] {
    if (now < this.#nextDeadline) return [];
    const expired: RunningCall[] = [];
    this.#nextDeadline = Infinity;
    for (const running of this.#calls?.values() ?? []) {
      if (running.isStopped) continue;
      if (running.deadline <= now) expired.push(running);
      else if (running.deadline < this.#nextDeadline) this.#nextDeadline = running.deadline;
    }
    return expired;
  }

  /**
   * Tells all running handlers that nobody waits for them any more.
   *
   * @param sparesKeyed True to let requests with a key go on: their callers may come back on another link.
   */
  abort(reason: Error, sparesKeyed: boolean): void {
    for (const running of this.#calls?.values() ?? []) {
      running.isStopped = true;
      if (running.keyed === undefined || !sparesKeyed) Call.abort(running.call, reason);
    }
    this.#calls?.clear(); // their ids may come again
    this.#nextDeadline = Infinity;
  }

  /** Ends a wait for `idle` early. */
  stopWaiting(): void {
    this.#waitIsOver = true;
    this.#idle?.resolve();
  }

  /** Resolves when nothing runs, or after `ms`. */
  async idle(ms: number): Promise<void> {
    const timer = this.#world.setTimer(() => this.stopWaiting(), ms);
    // A `for await` ends one message and takes the next out of the inbox in one go: so look again.
    while (this.#size > 0 && !this.#waitIsOver) {
      this.#idle = Promise.withResolvers();
      await this.#idle.promise;
    }
    this.#world.clearTimer(timer);
  }

  #end(): void {
    this.#size--;
    if (this.#size === 0) this.#idle?.resolve();
    this.#owner.workEnded();
  }
}
