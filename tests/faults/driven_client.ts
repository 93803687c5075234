import type { SeededRandom } from "../../src/testing/seeded_random.ts";
import { Child } from "./child.ts";
import { FaultProxy } from "./fault_proxy.ts";
import { LONG_MS } from "./operation.ts";

/** A client process under load behind a proxy of its own: it can be killed and started again. */
export class DrivenClient implements AsyncDisposable {
  /** The journals of all its lives, in their order. */
  readonly journals: string[] = [];
  /** When its link was last reset or cut, in milliseconds since 1970; forgotten when another fault follows. */
  brokenAt: number | undefined;
  /** From `brokenAt` to the session going on, in milliseconds. */
  readonly resumeMs: number[] = [];
  /** How many of its links went on with their session. */
  resumed = 0;
  /** How many of its links began a session. */
  fresh = 0;
  /** Why its links ended, and how often. */
  readonly downs = new Map<string, number>();
  /** The proxy that it connects through. */
  readonly proxy: FaultProxy;
  readonly #name: string;
  readonly #place: Place;
  readonly #random: SeededRandom;
  #child!: Child;

  private constructor(name: string, place: Place, proxy: FaultProxy, random: SeededRandom) {
    this.#name = name;
    this.#place = place;
    this.proxy = proxy;
    this.#random = random;
  }

  /** Starts it, and waits until its load has begun. */
  static async start(
    name: string,
    target: () => number,
    place: Place,
    random: SeededRandom,
  ): Promise<DrivenClient> {
    const client = new DrivenClient(name, place, await FaultProxy.open(target, random), random);
    await client.#start();
    return client;
  }

  /** `kill -9`, then a new one that knows nothing of the old one. */
  async restart(): Promise<void> {
    await this.#child[Symbol.asyncDispose]();
    await this.#start();
  }

  /** Stops the process where it is for `ms`. */
  freeze(ms: number): Promise<void> {
    return this.#child.freeze(ms);
  }

  /** Waits until `count` more operations were answered. @throws {Error} they were not within 30 s. */
  async answers(count: number): Promise<void> {
    const marked = this.#child.next("marked", 30_000);
    await this.#child.tell({ mark: count });
    await marked;
  }

  /** Waits until everything under way has settled and the link is closed. */
  // deno-lint-ignore no-explicit-any -- counts by name
  async finish(): Promise<Record<string, any>> {
    const done = this.#child.next("done", LONG_MS + 15_000);
    await this.#child.tell({ stop: true });
    return await done;
  }

  /** Ends it. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#child[Symbol.asyncDispose]();
    await this.proxy[Symbol.asyncDispose]();
  }

  async #start(): Promise<void> {
    const { folder, inFlight, collapsed } = this.#place;
    const life = `${this.#name}.${this.journals.length + 1}`;
    const journal = `${folder}/client-${life}`;
    this.journals.push(journal);
    const address = `tcp://127.0.0.1:${this.proxy.port}`;
    const seed = this.#random.below(2 ** 30);
    const args = [address, life, String(seed), String(inFlight), journal];
    const child = this.#child = new Child("./client_process.ts", args, (line) => {
      if (line.up) this.#up(line.at, line.resumed);
      if (line.down !== undefined) this.downs.set(line.down, (this.downs.get(line.down) ?? 0) + 1);
    });
    child.collapse().then((what) => {
      if (what !== undefined && !what.startsWith("exit code 0:")) {
        collapsed(`client ${life} ended by itself, ${what}`);
      }
    });
    await child.next("ready", 30_000);
  }

  #up(at: number, resumed: boolean): void {
    if (resumed) this.resumed++;
    else this.fresh++;
    if (this.brokenAt === undefined || at < this.brokenAt) return; // it came up for something before
    if (resumed) this.resumeMs.push(at - this.brokenAt);
    this.brokenAt = undefined;
  }
}

/** What all clients of a run share. */
export interface Place {
  /** Where journals go. */
  readonly folder: string;
  /** How many operations each client has under way. */
  readonly inFlight: number;
  /** Is called when a process ends by itself, which it never should. */
  readonly collapsed: (what: string) => void;
}
