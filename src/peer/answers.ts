import { showAnswers } from "../show/answers.ts";
import type { Answer, AnswersBegun } from "./answer.ts";
import { AnswerTable } from "./answer_table.ts";
import type { Peer } from "./peer.ts";

/** A call that is made to many peers. */
export interface FanOut<Value> {
  /** What is called, such as `request "battery"`. */
  readonly what: string;
  /** Whom it is made to. */
  readonly peers: readonly Peer[];
  /** How many wait for their answer at once. */
  readonly concurrency: number;
  /** Ends the wait for those that have not answered. */
  readonly signal?: AbortSignal;
  /** Milliseconds on a clock that never jumps. */
  now(): number;
  /** Calls one of them. */
  call(peer: Peer, signal: AbortSignal): Promise<Value>;
}

/**
 * Answers of many peers as they come. Await it for the whole {@linkcode AnswerTable} once all have answered or their time
 * is up, or go through it with `for await` to have each at once. A peer that fails is a row with its error: only a call
 * that is wrong for all of them, such as a request in a dialect that has none, rejects.
 *
 * Leaving the loop early calls off what has no answer yet.
 */
export class Answers<Value = unknown>
  implements PromiseLike<AnswerTable<Value>>, AsyncIterable<Answer<Value>> {
  readonly #fanOut: FanOut<Value>;
  readonly #rows: Answer<Value>[] = [];
  /** Calls that were wrong: rows at the end, unless there is nothing else. */
  readonly #wrong: (Answer<Value> & { ok: false })[] = [];
  readonly #stop = new AbortController();
  #watchers: ((answer: Answer) => void)[] = [];
  #changed = Promise.withResolvers<void>();
  #isOver = false;
  readonly #table: Promise<AnswerTable<Value>>;

  /**
   * Made by `server.request` and by groups.
   *
   * @internal
   */
  constructor(fanOut: FanOut<Value>) {
    this.#fanOut = fanOut;
    const detail: AnswersBegun = {
      what: fanOut.what,
      names: fanOut.peers.map(({ name }) => name),
      answers: this,
      watch: (show) => void this.#watchers.push(show),
      stop: (reason) => this.#stop.abort(reason),
    };
    this.#table = this.#run();
    this.#table.catch(() => {}); // who awaits it gets the error
    globalThis.dispatchEvent(new CustomEvent("parley:answers", { detail }));
  }

  /** Those that have come so far. */
  get rows(): readonly Answer<Value>[] {
    return [...this.#rows];
  }

  /** Resolves with the table when there is a row for each peer: what `await` calls. */
  then<Result = AnswerTable<Value>, Failure = never>(
    onTable?: ((table: AnswerTable<Value>) => Result | PromiseLike<Result>) | null,
    onError?: ((error: unknown) => Failure | PromiseLike<Failure>) | null,
  ): Promise<Result | Failure> {
    return this.#table.then(onTable, onError);
  }

  /** The rows as they come. */
  async *[Symbol.asyncIterator](): AsyncGenerator<Answer<Value>, void, void> {
    let isWhole = false;
    try {
      for (let at = 0;;) {
        while (at < this.#rows.length) yield this.#rows[at++];
        if (this.#isOver) break;
        await this.#changed.promise;
      }
      isWhole = true;
      await this.#table; // rejects when the call was wrong
    } finally {
      if (!isWhole) this.#stop.abort(new Error("no more answers are wanted"));
    }
  }

  /** How the console shows it. */
  [Symbol.for("Deno.customInspect")](_inspect: unknown, options?: { colors?: boolean }): string {
    const { what, peers } = this.#fanOut;
    return showAnswers(what, this.#rows, { colors: options?.colors === true, called: peers.length });
  }

  async #run(): Promise<AnswerTable<Value>> {
    const { what, peers, concurrency, signal } = this.#fanOut;
    const stop = signal === undefined ? this.#stop.signal : AbortSignal.any([signal, this.#stop.signal]);
    const left = peers.values();
    const callers = Array.from({ length: Math.min(concurrency, peers.length) }, async () => {
      for (const peer of left) this.#add(await this.#one(peer, stop));
    });
    await Promise.all(callers);
    const isWrong = this.#wrong.length > 0 && this.#rows.length === 0;
    if (!isWrong) { for (const row of this.#wrong) this.#show(row); }
    this.#isOver = true;
    this.#watchers = [];
    this.#changed.resolve();
    if (isWrong) throw this.#wrong[0].error;
    return new AnswerTable(what, this.#rows);
  }

  async #one(peer: Peer, signal: AbortSignal): Promise<Answer<Value>> {
    const { call, now } = this.#fanOut;
    const since = now();
    const row = () => ({ name: peer.name, ms: rounded(now() - since) });
    try {
      const value = await call(peer, signal);
      return withPeer(peer, { ...row(), ok: true, value });
    } catch (thrown) {
      const error = thrown instanceof Error ? thrown : new Error(String(thrown));
      const silentMs = peer.silentMs === undefined ? undefined : rounded(peer.silentMs);
      return withPeer(peer, { ...row(), ok: false, error, isOpen: peer.isOpen, silentMs });
    }
  }

  #add(row: Answer<Value>): void {
    if (!row.ok && (row.error as { code?: unknown }).code === "usage") this.#wrong.push(row);
    else this.#show(row);
  }

  #show(row: Answer<Value>): void {
    this.#rows.push(row);
    for (const show of this.#watchers) show(row);
    this.#changed.resolve();
    this.#changed = Promise.withResolvers();
  }
}

type Without<Row> = Row extends unknown ? Omit<Row, "peer"> : never;

/** The peer is there for programs; who looks at a row wants what it has said. */
function withPeer<Value>(peer: Peer, row: Without<Answer<Value>>): Answer<Value> {
  return Object.freeze(Object.defineProperty(row, "peer", { value: peer })) as Answer<Value>;
}

/** To microseconds: what a clock says beyond that is noise. */
function rounded(ms: number): number {
  return Math.round(ms * 1000) / 1000;
}
