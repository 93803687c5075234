import type { Kwargs } from "../message.ts";
import { isPromiseLike } from "./callbacks.ts";
import { Call } from "./call.ts";
import type { Handler } from "./handlers.ts";
import type { Peer } from "./peer.ts";

/** Handlers and callbacks of one link that have begun and not ended: each holds its place until it really ends. */
export class RunningCalls {
  readonly #ended: () => void;
  readonly #calls = new Set<Call>();
  #size = 0;
  #idle: PromiseWithResolvers<void> | undefined;
  #waitIsOver = false;

  /** @param ended Called whenever one has ended. */
  constructor(ended: () => void) {
    this.#ended = ended;
  }

  get size(): number {
    return this.#size;
  }

  /** Something has begun; call what this returns when it ends. */
  begin(): () => void {
    this.#size++;
    return () => {
      this.#size--;
      if (this.#size === 0) this.#idle?.resolve();
      this.#ended();
    };
  }

  /** Calls a handler, and `answer` or `fail` with how it ended. */
  run(
    handler: Handler,
    { name, args, kwargs }: { name: string; args: readonly unknown[]; kwargs?: Kwargs },
    peer: Peer,
    answer: ((value: unknown) => void) | undefined,
    fail: (thrown: unknown) => void,
  ): void {
    const call = new Call(name, peer, kwargs);
    let result: unknown;
    try {
      result = handler(call, ...args);
    } catch (thrown) {
      return fail(thrown);
    }
    if (!isPromiseLike(result)) return answer?.(result);
    const done = this.begin();
    this.#calls.add(call);
    const end = () => {
      this.#calls.delete(call);
      done();
    };
    result.then((value) => (answer?.(value), end()), (thrown) => (fail(thrown), end()));
  }

  /** Tells all running handlers that nobody waits for them any more. */
  abort(reason: Error): void {
    for (const call of this.#calls) Call.abort(call, reason);
  }

  /** Ends a wait for `idle` early. */
  stopWaiting(): void {
    this.#waitIsOver = true;
    this.#idle?.resolve();
  }

  /** Resolves when nothing runs, or after `ms`. */
  async idle(ms: number): Promise<void> {
    const timer = setTimeout(() => this.stopWaiting(), ms);
    // A `for await` ends one message and takes the next out of the inbox in one go: so look again.
    while (this.#size > 0 && !this.#waitIsOver) {
      this.#idle = Promise.withResolvers();
      await this.#idle.promise;
    }
    clearTimeout(timer);
  }
}
