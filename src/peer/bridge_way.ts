import { asError, ParleyError, UsageTypeError } from "../errors.ts";
import { aborted, type BridgeEnd, unlessAborted } from "./bridge_end.ts";
import type { BridgeMap } from "./bridge_options.ts";
import { isPromiseLike } from "./callbacks.ts";
import type { Peer } from "./peer.ts";
import { isGenerator } from "./stream_producer.ts";

/** What one way over a bridge needs of the bridge. */
export interface BridgeWayOwner {
  /** Aborted when the bridge ends. */
  readonly stop: AbortSignal;
  /** A message could not cross. */
  failed(error: Error, peer: Peer): void;
}

/** One way over a bridge: from an end, through a map, to the other end. */
export class BridgeWay {
  readonly from: BridgeEnd;
  readonly #to: BridgeEnd;
  readonly #map: BridgeMap;
  readonly #owner: BridgeWayOwner;
  /** Messages that have crossed, that the map wanted none of, and that were lost. */
  crossed = 0;
  filtered = 0;
  dropped = 0;

  constructor(from: BridgeEnd, to: BridgeEnd, map: BridgeMap, owner: BridgeWayOwner) {
    this.from = from;
    this.#to = to;
    this.#map = map;
    this.#owner = owner;
  }

  /** Takes over what comes until the bridge ends, or the end that is read is gone and all of it has crossed. */
  run(): Promise<void> {
    return this.from.read((message, peer) => this.#carry(message, peer), this.#owner.stop);
  }

  async #carry(message: unknown, peer: Peer): Promise<void> {
    const { stop } = this.#owner;
    try {
      let mapped = this.#map(message, peer);
      if (isPromiseLike(mapped)) mapped = await unlessAborted(mapped, stop);
      if (isGenerator(mapped)) await this.#sendAll(mapped, peer);
      else await this.#send(mapped, peer);
    } catch (error) {
      this.#lose(error, peer);
    }
  }

  async #sendAll(parts: AsyncIterator<unknown> | Iterator<unknown>, peer: Peer): Promise<void> {
    const { stop } = this.#owner;
    try {
      for (;;) {
        const { done, value } = await unlessAborted(Promise.resolve(parts.next()), stop);
        if (done) return;
        await this.#send(value, peer);
      }
    } finally {
      // Not awaited: it may itself wait for something that never comes.
      if (stop.aborted) void Promise.resolve(parts.return?.()).catch(() => {});
    }
  }

  async #send(message: unknown, peer: Peer): Promise<void> {
    const { stop } = this.#owner;
    if (message === undefined) return void this.filtered++;
    try {
      if (await this.#to.write(message, stop) > 0) this.crossed++;
      else this.dropped++;
    } catch (error) {
      this.#lose(error, peer);
    }
    // Nothing more is read for an end that is gone: the bridge ends as soon as all that came from there has crossed.
    if (this.#to.isGone) await aborted(stop);
  }

  #lose(thrown: unknown, peer: Peer): void {
    this.dropped++;
    if (this.#owner.stop.aborted || this.#to.isGone) return;
    const cause = asError(thrown);
    const isOurs = cause instanceof ParleyError || cause instanceof UsageTypeError;
    const text = `Message from ${peer.address} did not cross to ${this.#to.address}: ${cause.message}`;
    this.#owner.failed(new ParleyError(isOurs ? cause.code : "bridge", text, { cause }), peer);
  }
}
