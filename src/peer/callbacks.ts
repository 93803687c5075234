import { asError } from "../errors.ts";
import type { CloseReason } from "./close_reason.ts";
import type { Connection, LinkEvent } from "./link_event.ts";
import type { Peer } from "./peer.ts";
import type { Direction, Traffic } from "./traffic.ts";

/** What is known of a message beside the message. */
export interface MessageDetails {
  /**
   * True when its bytes were no valid text in a dialect of text: what could not be read was replaced by U+FFFD or left
   * out; in `serpy` also for a pickle that is handed over as its bytes, in `lines` for a U+FFFD that was sent as such.
   */
  readonly invalid: boolean;
}

/** What is known of nearly every message. */
export const PLAIN: MessageDetails = Object.freeze({ invalid: false });
/** What is known of text that was none. */
export const INVALID: MessageDetails = Object.freeze({ invalid: true });

/**
 * Life-cycle hooks of an endpoint. Each may be left out, may be asynchronous, and may throw: what it throws is
 * reported through `onFail` and hurts neither the link nor the other callbacks.
 *
 * @typeParam Endpoint `Server` or `Client`.
 */
export interface Callbacks<Endpoint = unknown> {
  /** The endpoint starts: a server is bound but has accepted nobody, a client is about to connect. */
  onInitialize?(endpoint: Endpoint): unknown;
  /** A link is up, its handshake done: the first one, or another of a peer that came back. */
  onConnect?(peer: Peer, connection: Connection): unknown;
  /** A message has come; also one that answers an `ask`. Messages of one peer come in order. */
  // deno-lint-ignore no-explicit-any -- what comes is for the user's dialect to know
  onReceive?(message: any, peer: Peer, details: MessageDetails): unknown;
  /** A link that was up has ended; with `reason.willRetry` another may follow. */
  onDisconnect?(peer: Peer, reason: CloseReason): unknown;
  /** Something went wrong: their bytes, a callback or a handler of ours, a connection that was not accepted. */
  onFail?(error: Error, peer?: Peer): unknown;
  /** Everything that happens to a link, in one place; see {@linkcode LinkEvent}. */
  onEvent?(event: LinkEvent, peer: Peer): unknown;
  /**
   * Everything that is said on a link, received and sent alike, requests and their answers included: for logs and
   * views. Before `onReceive` and handlers; what they make of it does not wait for this.
   */
  onTraffic?(traffic: Traffic, peer: Peer): unknown;
  /** The bytes as they come and go, for recordings and views; a piece is no message. They may be kept. */
  onBytes?(bytes: Uint8Array, direction: Direction, peer: Peer): unknown;
}

/** The hooks that are told something; `onFail` is the one they fail into. */
type Hook = Exclude<keyof Callbacks, "onFail">;

/** Several sets of callbacks in a row, each called in the order in which they were added. */
export class CallbackChain<Endpoint> {
  #sets: readonly Callbacks<Endpoint>[] = [];
  /** Those that have `onReceive`, since that is the one called a million times. */
  #receivers: readonly Callbacks<Endpoint>[] = [];
  #watches = false;
  #taps = false;

  /** True while somebody has `onTraffic`. */
  get hasWatchers(): boolean {
    return this.#watches;
  }

  /** True while somebody has `onBytes`. */
  get hasTaps(): boolean {
    return this.#taps;
  }

  get hasReceivers(): boolean {
    return this.#receivers.length > 0;
  }

  add(callbacks: Callbacks<Endpoint>): void {
    this.#sets = [...this.#sets, callbacks];
    if (typeof callbacks.onReceive === "function") this.#receivers = [...this.#receivers, callbacks];
    this.#look();
  }

  /** Takes a set out again; of no effect when it is not there. */
  remove(callbacks: Callbacks<Endpoint>): void {
    // New lists: one of them may be gone through just now.
    this.#sets = this.#sets.filter((set) => set !== callbacks);
    this.#receivers = this.#receivers.filter((set) => set !== callbacks);
    this.#look();
  }

  #look(): void {
    this.#watches = this.#sets.some((set) => typeof set.onTraffic === "function");
    this.#taps = this.#sets.some((set) => typeof set.onBytes === "function");
  }

  initialize(endpoint: Endpoint): void {
    this.#call("onInitialize", undefined, (set) => set.onInitialize?.(endpoint));
  }

  connect(peer: Peer, connection: Connection): void {
    this.#call("onConnect", peer, (set) => set.onConnect?.(peer, connection));
  }

  event(event: LinkEvent, peer: Peer): void {
    this.#call("onEvent", peer, (set) => set.onEvent?.(event, peer));
  }

  traffic(traffic: Traffic, peer: Peer): void {
    this.#call("onTraffic", peer, (set) => set.onTraffic?.(traffic, peer));
  }

  bytes(bytes: Uint8Array, direction: Direction, peer: Peer): void {
    this.#call("onBytes", peer, (set) => set.onBytes?.(bytes, direction, peer));
  }

  disconnect(peer: Peer, reason: CloseReason): void {
    this.#call("onDisconnect", peer, (set) => set.onDisconnect?.(peer, reason));
  }

  /** Calls every `onReceive`; `running` is told of each that goes on asynchronously. */
  receive(
    message: unknown,
    peer: Peer,
    details: MessageDetails,
    running: (work: PromiseLike<unknown>) => void,
  ): void {
    const receivers = this.#receivers;
    for (let i = 0; i < receivers.length; i++) {
      try {
        const result = receivers[i].onReceive!(message, peer, details);
        if (isPromiseLike(result)) running(this.#guard(result, "onReceive", peer));
      } catch (error) {
        this.fail(named(error, "onReceive"), peer);
      }
    }
  }

  /**
   * Calls every `onReceive`, resolves when all of them are done, and reports what they throw.
   *
   * @throws what the first one throws that does.
   */
  async receiveAll(message: unknown, peer: Peer, details: MessageDetails): Promise<void> {
    const results = this.#receivers.map(async (set) => await set.onReceive!(message, peer, details));
    const failed = (await Promise.allSettled(results)).filter((result) => result.status === "rejected");
    const errors = failed.map(({ reason }) => named(reason, "onReceive"));
    for (const error of errors) this.fail(error, peer);
    if (errors.length > 0) throw errors[0];
  }

  /**
   * Reports an error. When no set has an `onFail`, or one of them throws, the error is dispatched as the global
   * event `"parley:fail"`: the library itself prints nothing and never ends the program.
   */
  fail(error: Error, peer?: Peer): void {
    let heard = false;
    for (const set of this.#sets) {
      if (typeof set.onFail !== "function") continue;
      heard = true;
      try {
        const result = set.onFail(error, peer);
        if (isPromiseLike(result)) {
          result.then(undefined, (thrown) => announce(named(thrown, "onFail"), peer));
        }
      } catch (thrown) {
        announce(named(thrown, "onFail"), peer);
      }
    }
    if (!heard) announce(error, peer);
  }

  #call(hook: Hook, peer: Peer | undefined, call: (set: Callbacks<Endpoint>) => unknown): void {
    for (const set of this.#sets) {
      try {
        const result = call(set);
        if (isPromiseLike(result)) this.#guard(result, hook, peer);
      } catch (error) {
        this.fail(named(error, hook), peer);
      }
    }
  }

  #guard(work: PromiseLike<unknown>, hook: Hook, peer: Peer | undefined): PromiseLike<unknown> {
    return work.then(undefined, (error) => this.fail(named(error, hook), peer));
  }
}

/** True for anything with a `then`, which is what `await` waits for. */
export function isPromiseLike(value: unknown): value is PromiseLike<unknown> {
  return typeof value === "object" && value !== null &&
    typeof (value as PromiseLike<unknown>).then === "function";
}

/** An error of a callback that keeps its identity and its stack, with a note of where it was thrown. */
function named(thrown: unknown, hook: string): Error {
  const error = asError(thrown);
  try {
    if (!("callback" in error)) Object.defineProperty(error, "callback", { value: hook, configurable: true });
  } catch {
    // A frozen error carries no note.
  }
  return error;
}

function announce(error: Error, peer: Peer | undefined): void {
  globalThis.dispatchEvent(new CustomEvent("parley:fail", { detail: { error, peer } }));
}
