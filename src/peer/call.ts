import type { Kwargs } from "../message.ts";
import type { Peer } from "./peer.ts";

/** What a handler knows of the call it answers. */
export class Call {
  /** The name it was called by. */
  readonly name: string;
  /** Who called. */
  readonly peer: Peer;
  /** The named arguments; an empty object when there are none. */
  kwargs: Kwargs;
  #abort: AbortController | undefined;
  #reason: unknown;

  /** Made for every call of a handler. */
  constructor(name: string, peer: Peer, kwargs: Kwargs | undefined) {
    this.name = name;
    this.peer = peer;
    this.kwargs = kwargs ?? {};
  }

  /**
   * Aborted when nobody waits for the answer any more: the caller has cancelled, its deadline has passed, or the link
   * has ended. Made when it is first looked at.
   */
  get signal(): AbortSignal {
    this.#abort ??= new AbortController();
    if (this.#reason !== undefined) this.#abort.abort(this.#reason);
    return this.#abort.signal;
  }

  /** Tells the handler that nobody waits any more. */
  static abort(call: Call, reason: Error): void {
    call.#reason = reason;
    call.#abort?.abort(reason);
  }
}
