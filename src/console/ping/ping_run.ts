import type { Peer } from "../../../mod.ts";
import { histogram } from "../../show/histogram.ts";
import { escapeCell } from "../../show/escape.ts";
import { quantile } from "../../show/quantile.ts";
import { milliseconds } from "../../show/time_span.ts";
import { textTable } from "../../show/text_table.ts";
import type { PingWay } from "./ping_way.ts";

/** What a {@linkcode PingRun} does. */
export interface PingPlan {
  readonly peers: readonly Peer[];
  readonly way: PingWay;
  /** Round trips to each peer. */
  readonly count: number;
}

/** What came of the round trips to one peer. */
interface Tally {
  readonly peer: Peer;
  readonly times: number[];
  lost: number;
  lastFailure: string;
}

/** Round trips to some peers, one after the other and to all of them at once, until all are made or it is stopped. */
export class PingRun {
  readonly #plan: PingPlan;
  readonly #tallies: readonly Tally[];
  readonly #stop = new AbortController();
  #onChange = () => {};
  /** Resolves when the last round trip is made, or it was stopped. */
  readonly over: Promise<void>;

  constructor(plan: PingPlan) {
    this.#plan = plan;
    this.#tallies = plan.peers.map((peer) => ({ peer, times: [], lost: 0, lastFailure: "" }));
    this.over = this.#run();
  }

  /** Makes no more round trips; the one under way does not count. */
  stop(): void {
    this.#stop.abort();
  }

  /** Calls `onChange` at each answer. Gives what ends that. */
  start(onChange: () => void): () => void {
    this.#onChange = onChange;
    return () => this.#onChange = () => {};
  }

  /** How it stands: a row for each peer, and how often it took how long. */
  lines(): readonly string[] {
    const rows = this.#tallies.map(({ peer, times, lost, lastFailure }) => [
      escapeCell(peer.address),
      `${times.length + lost} of ${this.#plan.count}`,
      String(lost),
      ...(times.length === 0
        ? ["", "", "", ""]
        : [0, 0.5, 0.99, 1].map((part) => milliseconds(quantile(times, part)))),
      lost === 0 ? "" : escapeCell(lastFailure),
    ]);
    const table = textTable([["peer", "sent", "lost", "min", "median", "p99", "max", ""], ...rows]).split(
      "\n",
    );
    const all = this.#tallies.flatMap(({ times }) => times);
    return [...table, ...histogram(all, { show: borderText, columns: BAR_COLUMNS })];
  }

  async #run(): Promise<void> {
    const { count } = this.#plan;
    for (let made = 0; made < count && !this.#stop.signal.aborted; made++) {
      const startMs = performance.now();
      await Promise.all(this.#tallies.map((tally) => this.#once(tally)));
      this.#onChange();
      const restMs = PAUSE_MS - (performance.now() - startMs);
      if (made + 1 < count) await this.#pause(Math.max(0, restMs));
    }
  }

  async #once(tally: Tally): Promise<void> {
    const startMs = performance.now();
    const { promise: stopped, resolve } = Promise.withResolvers<void>();
    this.#stop.signal.addEventListener("abort", () => resolve(), { once: true });
    const made = this.#plan.way(tally.peer, TIMEOUT_MS).then(
      () => !this.#stop.signal.aborted && tally.times.push(performance.now() - startMs),
      (error) => {
        if (this.#stop.signal.aborted) return;
        tally.lost++;
        tally.lastFailure = String((error as { code?: unknown }).code ?? (error as Error).name);
      },
    );
    await Promise.race([made, stopped]);
    resolve();
  }

  async #pause(ms: number): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, ms);
    this.#stop.signal.addEventListener("abort", () => resolve(), { once: true });
    await promise;
    clearTimeout(timer);
  }
}

/** A border of the histogram: a round number. */
function borderText(ms: number): string {
  return `${Number(ms.toPrecision(1)).toLocaleString("en-US", { maximumFractionDigits: 6 })} ms`;
}

/** Between two round trips, in milliseconds: a link has other things to do. */
const PAUSE_MS = 100;
/** After so long an answer is lost, in milliseconds. */
const TIMEOUT_MS = 2000;
const BAR_COLUMNS = 40;
