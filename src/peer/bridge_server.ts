import { asError, BrokenError } from "../errors.ts";
import { MAX_WAIT_MS } from "../limits.ts";
import { aborted, type BridgeEnd, type Take } from "./bridge_end.ts";
import { CloseReason } from "./close_reason.ts";
import type { Peer } from "./peer.ts";
import type { Server } from "./server.ts";
import { REAL_WORLD, within } from "./world.ts";

/** A peer does not get a message that others may get; `error` says why, the first time. */
export type LeftOut = (peer: Peer, error?: Error) => void;

/** A server as the end of a bridge: all peers that it has, those that come later included. */
export class ServerEnd implements BridgeEnd {
  readonly #server: Server;
  readonly #leftOut: LeftOut;
  readonly #stallMs: number;
  readonly #gone = Promise.withResolvers<CloseReason>();
  readonly #stopListening: () => void;
  #isGone = false;
  #take: Take | undefined;
  #stop: AbortSignal | undefined;
  /** Those that are read, and until when. */
  readonly #read = new Map<Peer, Promise<void>>();
  /** Those that did not read for too long, until what they were sent has left. */
  readonly #stalled = new Set<Peer>();

  constructor(server: Server, stallMs: number, leftOut: LeftOut) {
    this.#server = server;
    this.#stallMs = stallMs;
    this.#leftOut = leftOut;
    const callbacks = { onConnect: (peer: Peer) => this.#join(peer), onDisconnect: () => this.#look() };
    this.#stopListening = server.use(callbacks);
  }

  get address(): string {
    return this.#server.address;
  }

  get isGone(): boolean {
    return this.#isGone;
  }

  get gone(): Promise<CloseReason> {
    return this.#gone.promise;
  }

  async read(take: Take, stop: AbortSignal): Promise<void> {
    this.#take = take;
    this.#stop = stop;
    for (const peer of this.#server.peers) this.#join(peer);
    await Promise.race([aborted(stop), this.#gone.promise]);
    this.#take = undefined;
    await Promise.all(this.#read.values());
  }

  leave(): void {
    this.#stopListening();
  }

  async write(message: unknown, stop: AbortSignal): Promise<number> {
    this.#look();
    const slow = new Set<Peer>();
    const work: Promise<void>[] = [];
    const failures: [error: Error, peer: Peer][] = [];
    for (const peer of this.#server.peers) {
      if (this.#stalled.has(peer)) {
        this.#leftOut(peer);
        continue;
      }
      slow.add(peer);
      const settled = () => (slow.delete(peer), this.#stalled.delete(peer));
      const sent = peer.send(message, { timeoutMs: MAX_WAIT_MS, signal: stop });
      work.push(sent.then(() => void settled(), (error) => {
        settled();
        if (peer.isOpen) failures.push([asError(error), peer]); // one that has left is not meant any more
      }));
    }
    await undefined; // those that had room have settled by now
    if (slow.size > 0) await this.#waitFor(slow, work);
    const reached = work.length - failures.length;
    if (reached === 0 && failures.length > 0) throw failures[0][0];
    for (const [error, peer] of failures) this.#leftOut(peer, error);
    return reached;
  }

  /** Waits for those whose outbox has to drain first, as long as they hold up nobody else. */
  async #waitFor(slow: Set<Peer>, work: readonly Promise<void>[]): Promise<void> {
    const all = Promise.all(work);
    while (slow.size > 0) {
      await within(REAL_WORLD, all, this.#stallMs);
      const others = this.#server.peers.size - this.#stalled.size - slow.size;
      if (others <= 0) continue;
      for (const peer of slow) {
        this.#stalled.add(peer);
        const text = `${peer.address} has not read for ${this.#stallMs} ms (stallMs): ` +
          `the bridge leaves it out until it has read what waits for it`;
        this.#leftOut(peer, new BrokenError("slow", text));
      }
      return;
    }
  }

  #join(peer: Peer): void {
    if (this.#take === undefined || this.#read.has(peer)) return;
    const following = this.#follow(peer, this.#take, this.#stop!).then(() => {
      this.#read.delete(peer);
      this.#look();
    });
    this.#read.set(peer, following);
  }

  async #follow(peer: Peer, take: Take, stop: AbortSignal): Promise<void> {
    for await (const message of peer[Symbol.asyncIterator](stop)) {
      await take(message, peer);
      if (stop.aborted) return;
    }
  }

  /** A server that accepts nobody and has nobody is gone; one that was not started yet is not. */
  #look(): void {
    const { openedAt, isListening, peers, waiting, address } = this.#server;
    if (this.#isGone || openedAt === undefined || isListening) return;
    if (peers.size + waiting + this.#read.size > 0) return;
    this.#isGone = true;
    this.#gone.resolve(new CloseReason("closed", `${address} accepts no links and has none`, { byUs: true }));
  }
}
