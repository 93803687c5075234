import { asError, UsageTypeError } from "../errors.ts";
import { type BridgeEnd, PeerEnd } from "./bridge_end.ts";
import { type BridgeMap, type BridgeOptions, type BridgePlan, planOf } from "./bridge_options.ts";
import { ServerEnd } from "./bridge_server.ts";
import { BridgeWay } from "./bridge_way.ts";
import { CallbackChain } from "./callbacks.ts";
import { CloseReason } from "./close_reason.ts";
import { Peer } from "./peer.ts";
import { Server } from "./server.ts";

/** What a bridge connects: a server with all its peers, a client or serial port, or one peer of a server. */
export type Bridgeable = Pick<Server, "address" | "broadcast"> | Pick<Peer, "address" | "send">;

/** What has crossed a bridge so far, in messages. */
export interface BridgeCounts {
  /** Sent to the second end; once, however many peers have got it. */
  readonly aToB: number;
  /** Sent to the first end. */
  readonly bToA: number;
  /** Those that the map has made `undefined` of. */
  readonly filtered: number;
  /**
   * Those that were lost: nobody was there, they could not be said there, the map has failed; also once for each peer
   * of several that was left out because it did not read.
   */
  readonly dropped: number;
}

/**
 * Connects two ends of any dialect and kind: every message that one receives is sent on the other. Of a server all
 * peers take part, those that come later as well: what one of them says goes to the other end and not to its
 * neighbours, and what comes from there goes to all of them. So `bridge(await serial("auto"), await
 * listen("tcp://:5025", { dialect: "lines" }))` puts an instrument on the network, for several clients at once.
 *
 * - **Messages only.** Actions and requests stay with the handlers of the end that they come to, since somebody has to
 *   answer for them; to pass some on, name them: `server.onRequest("weigh", (call, ...args) =>
 *   client.request("weigh", args, { kwargs: call.kwargs, signal: call.signal }))`, and `onAction` likewise. In
 *   `clever-show`, which has no other messages, that is all there is to pass on.
 * - **Speed.** An end is read no faster than the other takes: one message is on its way for each peer, what waits
 *   beyond that is bounded by `limits.maxInboxMessages` and `maxInboxBytes`, then the link is read no further.
 * - **Links that are lost.** A client that is down and comes back is waited for (`whenDown`), its `onOpen` as well.
 *   The bridge ends when an end is gone for good: a client or peer that was closed, a server that accepts nobody and
 *   has nobody. It closes neither end.
 * - **Callbacks** of both ends are called as ever. The bridge reads as `for await` does: what waits in the inbox when
 *   it is made crosses first, and what somebody here waits for with `ask` or `receive` does not cross.
 *
 * @param a One end: a server, a client, a serial port, or a peer of a server.
 * @param b The other one.
 * @param options A function `(message, from) => …` that both ways go through, or options such as `{ toA: false }`.
 * @throws {UsageTypeError} code `usage`: no such end, both are the same, or an option is wrong.
 * @throws {UsageRangeError} code `usage`: `stallMs` is out of range. @throws the reason of a `signal` that is aborted.
 *
 * @example
 * ```ts
 * import { bridge, connect, listen, type Peer } from "@parley/parley";
 * import assert from "node:assert/strict";
 *
 * const onReceive = (line: string, peer: Peer) => peer.send(`${line}: 12.5`);
 * await using device = await listen("memory://scale", { dialect: "lines", onReceive });
 * await using scale = await connect(device.address, { dialect: "lines" });
 * await using server = await listen("tcp://127.0.0.1:0"); // in the native dialect
 * await using between = bridge(scale, server, { toB: (line) => ({ line }) });
 *
 * await using client = await connect(server.address);
 * assert.deepEqual(await client.ask("weigh"), { line: "weigh: 12.5" });
 * assert.equal(between.counts.aToB, 1);
 * ```
 */
export function bridge(a: Bridgeable, b: Bridgeable, options?: BridgeMap | BridgeOptions): Bridge {
  const plan = planOf(options);
  const [endA, endB] = [checkEnd("first", a), checkEnd("second", b)];
  const isLoop = endA === endB || isPeerOf(endA, endB) || isPeerOf(endB, endA);
  if (isLoop) {
    throw new UsageTypeError(
      `Cannot make a bridge from ${a.address} to ${b.address}: both ends are the same, and all that comes would be ` +
        `sent back; for an echo use onReceive: (message, peer) => peer.send(message)`,
    );
  }
  plan.signal?.throwIfAborted();
  return new Bridge(endA, endB, plan);
}

/** Two ends whose messages go from each to the other: made by {@linkcode bridge}. */
export class Bridge implements AsyncDisposable {
  readonly #ends: readonly [a: BridgeEnd, b: BridgeEnd];
  readonly #toB: BridgeWay | undefined;
  readonly #toA: BridgeWay | undefined;
  readonly #stop = new AbortController();
  readonly #asked = Promise.withResolvers<CloseReason>();
  readonly #closed: Promise<CloseReason>;
  /** Messages that a peer of several was left out of. */
  #left = 0;

  /**
   * Made by `bridge`.
   *
   * @internal
   */
  constructor(a: Server | Peer, b: Server | Peer, plan: BridgePlan) {
    const chain = new CallbackChain<Bridge>();
    chain.add({ onFail: plan.onFail });
    const left = (peer: Peer, error?: Error) => {
      this.#left++;
      if (error !== undefined) chain.fail(error, peer);
    };
    const [endA, endB] = this.#ends = [endOf(a, plan, left), endOf(b, plan, left)];
    const owner = {
      stop: this.#stop.signal,
      failed: (error: Error, peer: Peer) => chain.fail(error, peer),
    };
    this.#toB = plan.toB && new BridgeWay(endA, endB, plan.toB, owner);
    this.#toA = plan.toA && new BridgeWay(endB, endA, plan.toA, owner);
    this.#closed = this.#run(plan.signal);
  }

  /** What has crossed so far. */
  get counts(): BridgeCounts {
    const [toB, toA] = [this.#toB, this.#toA];
    return {
      aToB: toB?.crossed ?? 0,
      bToA: toA?.crossed ?? 0,
      filtered: (toB?.filtered ?? 0) + (toA?.filtered ?? 0),
      dropped: (toB?.dropped ?? 0) + (toA?.dropped ?? 0) + this.#left,
    };
  }

  /** True until the bridge is closed, or one of its ends is gone. */
  get isOpen(): boolean {
    return !this.#stop.signal.aborted;
  }

  /**
   * Resolves when nothing crosses any more, with why: the reason of the end that is gone for good, once all that had
   * come from it has crossed, or the code `closed` when the bridge was closed. Never rejects.
   */
  get closed(): Promise<CloseReason> {
    return this.#closed;
  }

  /** Ends the bridge; its ends stay open. Resolves with the reason, never rejects, may be called again. */
  close(): Promise<CloseReason> {
    this.#end("was closed");
    return this.#closed;
  }

  /** Ends the bridge at the end of an `await using` block. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  /** How the console shows a bridge. */
  [Symbol.for("Deno.customInspect")](): string {
    const { aToB, bToA, dropped } = this.counts;
    const state = this.isOpen ? "open" : "closed";
    return `Bridge { ${this.#between} ${state}, ${aToB} there, ${bToA} back, ${dropped} dropped }`;
  }

  get #between(): string {
    return `${this.#ends[0].address} <-> ${this.#ends[1].address}`;
  }

  #end(how: string): void {
    this.#asked.resolve(new CloseReason("closed", `Bridge ${this.#between} ${how}`, { byUs: true }));
  }

  async #run(signal: AbortSignal | undefined): Promise<CloseReason> {
    const onAbort = () => this.#end(`was closed: ${asError(signal!.reason).message}`);
    signal?.addEventListener("abort", onAbort, { once: true });
    const ways = [this.#toB, this.#toA].filter((way) => way !== undefined);
    const runs = ways.map((way) => way.run());
    const ends = this.#ends.map(async (end) => {
      const at = ways.findIndex(({ from }) => from === end);
      if (at >= 0) await runs[at]; // what has come from an end that is read crosses before the end counts as gone
      return await end.gone;
    });
    const reason = await Promise.race([this.#asked.promise, ...ends]);
    this.#stop.abort(reason);
    await Promise.all(runs);
    signal?.removeEventListener("abort", onAbort);
    for (const end of this.#ends) end.leave(); // an end may see many bridges come and go
    return reason;
  }
}

function endOf(
  endpoint: Server | Peer,
  plan: BridgePlan,
  left: (peer: Peer, error?: Error) => void,
): BridgeEnd {
  if (endpoint instanceof Peer) return new PeerEnd(endpoint, plan.whenDown);
  return new ServerEnd(endpoint, plan.stallMs, left);
}

function isPeerOf(server: Server | Peer, peer: Server | Peer): boolean {
  return server instanceof Server && peer instanceof Peer && server.peers.has(peer);
}

/** @throws {UsageTypeError} code `usage`: it is nothing that sends and receives. */
function checkEnd(which: string, end: unknown): Server | Peer {
  if (end instanceof Server || end instanceof Peer) return end;
  const isPromise = end instanceof Promise;
  const hint = isPromise ? " (await it: await connect(…), await listen(…))" : "";
  throw new UsageTypeError(
    `Cannot use ${
      isPromise ? "a promise" : typeof end === "object" ? "an object" : String(end)
    } as the ${which} ` +
      `end of bridge(): a server, a client, a serial port or a peer is wanted${hint}`,
  );
}
