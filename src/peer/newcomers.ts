import { ClosedError, TimeoutError } from "../errors.ts";
import type { Alarm, Sleeper } from "./alarm.ts";
import type { Wait } from "./caller.ts";
import type { Peer } from "./peer.ts";
import { WaitList } from "./wait_list.ts";

/**
 * The peers of a server that nobody has fetched yet, for those who take them one by one. Nothing is queued: a peer that
 * has left before its turn is not among them, and one that nobody fetches costs nothing and holds up nobody.
 */
export class Newcomers implements Sleeper {
  wakeAt = Infinity;
  readonly #peers: ReadonlySet<Peer>;
  readonly #alarm: Alarm;
  readonly #fetched = new WeakSet<Peer>();
  readonly #waiting = new WaitList<Peer>();

  /** @param peers Those that are connected, in the order in which they came. */
  constructor(peers: ReadonlySet<Peer>, alarm: Alarm) {
    this.#peers = peers;
    this.#alarm = alarm;
  }

  /** The oldest that nobody has fetched. */
  take(): Peer | undefined {
    for (const peer of this.#peers) {
      if (this.#fetched.has(peer)) continue;
      this.#fetched.add(peer);
      return peer;
    }
  }

  /** The next one that comes; `where` names the server. */
  wait(where: string, timeoutMs: number, { signal }: Wait): Promise<Peer> {
    const deadline = this.#alarm.now() + timeoutMs;
    this.#alarm.wake(this, deadline);
    const timeout = () => new TimeoutError("timeout", `No peer came to ${where} within ${timeoutMs} ms`);
    return this.#waiting.add({ deadline, timeout, signal, what: `Wait for a peer of ${where}` });
  }

  /** A peer has come, or has come back. */
  came(peer: Peer): void {
    if (this.#waiting.size === 0 || this.#fetched.has(peer)) return;
    this.#fetched.add(peer);
    this.#waiting.resolveFirst(peer);
  }

  /** Nobody will come any more. */
  end(where: string): void {
    this.#waiting.rejectAll((what) =>
      new ClosedError("closed", `${what} ended: ${where} accepts nobody any more`)
    );
  }

  get nextTickAt(): number {
    return this.#waiting.nextDeadline;
  }

  tick(now: number): void {
    this.#waiting.expire(now);
  }
}
