import type { SeededRandom } from "../../src/testing/seeded_random.ts";
import { Child } from "./child.ts";
import type { Terms, Way } from "./way.ts";

/** A client process under load with a way of its own to the server: it can be killed and started again. */
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
  /** What it connects through. */
  readonly way: Way;
  readonly #name: string;
  readonly #place: Place;
  readonly #random: SeededRandom;
  /** When its last link came up, and when the server was killed last, in milliseconds since 1970. */
  #upAt = 0;
  #killedAt = 0;
  #child!: Child;

  private constructor(name: string, place: Place, way: Way, random: SeededRandom) {
    this.#name = name;
    this.#place = place;
    this.way = way;
    this.#random = random;
  }

  /** Starts it, and waits until its load has begun. */
  static async start(name: string, way: Way, place: Place, random: SeededRandom): Promise<DrivenClient> {
    const client = new DrivenClient(name, place, way, random);
    await client.#start();
    return client;
  }

  /** `kill -9`, then a new one that knows nothing of the old one. */
  async restart(): Promise<void> {
    await this.#child[Symbol.asyncDispose]();
    this.#upAt = 0;
    this.way.unlock?.();
    await this.#start();
  }

  /** Its session is gone. */
  serverKilled(): void {
    this.brokenAt = undefined;
    this.#killedAt = Date.now();
  }

  /** Stops the process where it is for `ms`. */
  freeze(ms: number): Promise<void> {
    return this.#child.freeze(ms);
  }

  /** Waits until `count` more operations were answered. @throws {Error} they were not within some deadline and 10 s. */
  async answers(count: number): Promise<void> {
    const marked = this.#child.next("marked", this.#place.terms.longMs + 10_000);
    await this.#child.tell({ mark: count });
    await marked;
  }

  /** Waits until everything under way has settled and the link is closed. */
  // deno-lint-ignore no-explicit-any -- counts by name
  async finish(): Promise<Record<string, any>> {
    const done = this.#child.next("done", this.#place.terms.longMs + 15_000);
    await this.#child.tell({ stop: true });
    return await done;
  }

  /** Ends it, and its way. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#child[Symbol.asyncDispose]();
    await this.way[Symbol.asyncDispose]();
  }

  async #start(): Promise<void> {
    const { folder, inFlight, terms, collapsed } = this.#place;
    const life = `${this.#name}.${this.journals.length + 1}`;
    const path = `${folder}/client-${life}`;
    this.journals.push(path);
    const { address } = this.way;
    const told = { ...terms, address, path, name: life, seed: this.#random.below(2 ** 30), inFlight };
    const child = this.#child = new Child("./client_process.ts", [JSON.stringify(told)], (line) => {
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
    const hadSession = this.#upAt > this.#killedAt;
    this.#upAt = at;
    if (this.brokenAt === undefined || at < this.brokenAt) return; // it came up for something before
    if (resumed) this.resumeMs.push(at - this.brokenAt);
    else if (hadSession) this.#place.collapsed(`client ${this.#name} has lost its session with its link`);
    this.brokenAt = undefined;
  }
}

/** What all clients of a run share. */
export interface Place {
  /** Where journals go. */
  readonly folder: string;
  /** How many operations each client has under way. */
  readonly inFlight: number;
  /** What the processes are told. */
  readonly terms: Terms;
  /** Is called when a process ends by itself, or a session, which never should. */
  readonly collapsed: (what: string) => void;
}
