import type { Limits } from "../limits.ts";
import type { Sleeper } from "./alarm.ts";
import { CloseReason } from "./close_reason.ts";
import type { PeerCore } from "./peer_core.ts";

/**
 * The sessions of a server that may go on with another link, by their names. Those whose link is lost wait here, for
 * so long and so many as the limits allow; the one that has waited longest goes first.
 */
export class SessionTable implements Sleeper {
  wakeAt = Infinity;
  readonly #limits: Pick<Limits, "maxDetached" | "maxDetachedBytes" | "resumeMs">;
  readonly #bySid = new Map<string, PeerCore>();
  readonly #sids = new Map<PeerCore, string>();
  /** Those without a link, and when they are given up; the longest waiting first. */
  readonly #detached = new Map<PeerCore, number>();

  constructor(limits: Pick<Limits, "maxDetached" | "maxDetachedBytes" | "resumeMs">) {
    this.#limits = limits;
  }

  /** Sessions that wait for a link. */
  get detached(): number {
    return this.#detached.size;
  }

  /** A session has begun. */
  add(sid: string, core: PeerCore): void {
    this.#bySid.set(sid, core);
    this.#sids.set(core, sid);
  }

  /** The session of that name, unless it is about to end. */
  find(sid: string): PeerCore | undefined {
    const core = this.#bySid.get(sid);
    return core?.isOver === true ? undefined : core;
  }

  /** A session has lost its link. */
  detach(core: PeerCore, now: number): void {
    this.#detached.set(core, now + this.#limits.resumeMs);
    this.#makeRoom();
  }

  /** A session has a link again. */
  attach(core: PeerCore): void {
    this.#detached.delete(core);
  }

  /** A session has ended; true when it had no link. */
  remove(core: PeerCore): boolean {
    const sid = this.#sids.get(core);
    this.#sids.delete(core);
    if (sid !== undefined) this.#bySid.delete(sid);
    return this.#detached.delete(core);
  }

  get nextTickAt(): number {
    for (const deadline of this.#detached.values()) return deadline;
    return Infinity;
  }

  tick(now: number): void {
    for (const [core, deadline] of this.#detached) {
      if (deadline > now) break;
      this.#end(core, `did not come back within ${this.#limits.resumeMs} ms (limits.resumeMs)`);
    }
    this.#makeRoom();
  }

  #makeRoom(): void {
    const { maxDetached, maxDetachedBytes } = this.#limits;
    let bytes = 0;
    for (const core of this.#detached.keys()) bytes += core.session.keptBytes;
    for (const core of this.#detached.keys()) {
      if (this.#detached.size > maxDetached) {
        this.#end(core, `made room for others (limits.maxDetached ${maxDetached})`);
      } else if (bytes > maxDetachedBytes) {
        this.#end(core, `made room for others (limits.maxDetachedBytes ${maxDetachedBytes})`);
      } else {
        return;
      }
      bytes -= core.session.keptBytes;
    }
  }

  #end(core: PeerCore, why: string): void {
    this.#detached.delete(core);
    core.giveUp(new CloseReason("expired", `${core.label} ${why}`, { byUs: true }));
  }
}
