import { asError, CancelledError, ParleyError } from "../errors.ts";
import { MAX_WAIT_MS } from "../limits.ts";
import { Client } from "./client.ts";
import { CloseReason } from "./close_reason.ts";
import type { Peer } from "./peer.ts";

/** Takes a message that has come from a peer. Never rejects; while it is at work, that peer is read no further. */
export type Take = (message: unknown, from: Peer) => Promise<void>;

/** One end of a bridge, whatever it is. */
export interface BridgeEnd {
  /** What it is called in messages. */
  readonly address: string;
  /** True once nothing can be sent there any more, nor ever again. */
  readonly isGone: boolean;
  /** Resolves with the reason when that is so. */
  readonly gone: Promise<CloseReason>;
  /** Gives every message that comes to `take`. Resolves when no more will come, or when `stop` is aborted. */
  read(take: Take, stop: AbortSignal): Promise<void>;
  /**
   * Sends a message. Resolves, when there is room for more, with how many peers have got it.
   *
   * @throws what `Peer.send` throws.
   */
  write(message: unknown, stop: AbortSignal): Promise<number>;
  /** The bridge has ended: nothing more is wanted of this end. */
  leave(): void;
}

/** A client, or one peer of a server, as the end of a bridge. */
export class PeerEnd implements BridgeEnd {
  readonly gone: Promise<CloseReason>;
  readonly #peer: Peer;
  readonly #client: Client | undefined;
  readonly #waits: boolean;
  /** By itself: what waits for the peer's end must not keep a bridge that has ended before. */
  readonly #end: { tell?: (reason: CloseReason) => void } = {};
  #isGone = false;

  constructor(peer: Peer, whenDown: "wait" | "drop") {
    this.#peer = peer;
    this.#client = peer instanceof Client ? peer : undefined;
    this.#waits = whenDown === "wait";
    const gone = Promise.withResolvers<CloseReason>();
    this.gone = gone.promise;
    const end = this.#end;
    end.tell = (reason) => {
      this.#isGone = true;
      gone.resolve(reason);
    };
    whenGone(peer, end);
  }

  get address(): string {
    return this.#peer.address;
  }

  get isGone(): boolean {
    return this.#isGone;
  }

  async read(take: Take, stop: AbortSignal): Promise<void> {
    if (!await this.#comesUp(stop)) return;
    for await (const message of this.#peer[Symbol.asyncIterator](stop)) {
      await take(message, this.#peer);
      if (stop.aborted) return;
    }
  }

  async write(message: unknown, stop: AbortSignal): Promise<number> {
    const state = this.#client?.state ?? (this.#peer.isOpen ? "open" : "down");
    if (state === "closed" || (state !== "open" && !this.#waits)) return 0;
    if (state !== "open" && !await this.#comesUp(stop)) return 0;
    await this.#peer.send(message, { queue: this.#waits, timeoutMs: MAX_WAIT_MS, signal: stop });
    return 1;
  }

  leave(): void {
    this.#end.tell = undefined;
  }

  /** Waits for the client to be connected, its `onOpen` done; false when it never is, or `stop` was aborted. */
  async #comesUp(stop: AbortSignal): Promise<boolean> {
    if (this.#client === undefined) return true; // a message to a peer waits for its link by itself
    return await unlessAborted(this.#client.ready, stop).then(() => true, () => false);
  }
}

/** By itself, too: closures of one function keep what any of them needs. */
function whenGone(peer: Peer, end: { tell?: (reason: CloseReason) => void }): void {
  peer.closed.then((reason) => end.tell?.(reason));
  // A client that cannot connect at all was never up, and so is never closed.
  if (peer instanceof Client) peer.ready.catch((error) => end.tell?.(endOf(asError(error))));
}

function endOf(error: Error): CloseReason {
  const code = error instanceof ParleyError ? error.code : "io";
  return new CloseReason(code, error.message, { byUs: false, error });
}

/**
 * What `work` resolves to, unless `signal` is aborted before.
 *
 * @throws {CancelledError} code `cancelled`. @throws what `work` rejects with.
 */
export function unlessAborted<T>(work: PromiseLike<T>, signal: AbortSignal): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    const stop = () => reject(new CancelledError("Bridge", signal));
    signal.addEventListener("abort", stop, { once: true });
    const done = () => signal.removeEventListener("abort", stop);
    work.then((value) => (done(), resolve(value)), (error) => (done(), reject(error)));
    if (signal.aborted) stop();
  });
}

/** Resolves when `signal` is aborted. */
export function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    signal.addEventListener("abort", () => resolve(), { once: true });
  });
}
