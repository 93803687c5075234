import { Child } from "./child.ts";
import { TCP_TERMS } from "./fault_limits.ts";
import type { Terms } from "./way.ts";

/** The server of a run: a process that is killed and started again, on a new port and with a new journal. */
export class DrivenServer implements AsyncDisposable {
  /** The journals of all its lives, in their order. */
  readonly journals: string[] = [];
  /** Called after each `kill -9`, before it starts again. */
  killed: () => void = () => {};
  readonly #folder: string;
  readonly #collapsed: (what: string) => void;
  readonly #terms: ServerPlace;
  #child!: Child;
  #port = 0;
  #frozen = 0;
  #restarting: Promise<void> | undefined;

  private constructor(folder: string, collapsed: (what: string) => void, terms: ServerPlace) {
    this.#folder = folder;
    this.#collapsed = collapsed;
    this.#terms = terms;
  }

  /**
   * Starts it.
   *
   * @param folder Where its journals go.
   * @param collapsed Is called when the process ends by itself, which it never should.
   * @param terms What it is told. Default: to listen on a new port each time it starts.
   */
  static async start(
    folder: string,
    collapsed: (what: string) => void,
    terms: ServerPlace = { ...TCP_TERMS, addresses: ["tcp://127.0.0.1:0"] },
  ): Promise<DrivenServer> {
    const server = new DrivenServer(folder, collapsed, terms);
    await server.#start();
    return server;
  }

  /** Where the server of the moment listens, or did until it was killed. */
  get port(): number {
    return this.#port;
  }

  /** False while it is being started again, or stands still. */
  get isUp(): boolean {
    return this.#frozen === 0 && this.#restarting === undefined;
  }

  /** `kill -9`, then a new one. Asked for while that is under way, it is the same restart. */
  restart(): Promise<void> {
    this.#restarting ??= this.#replace().finally(() => this.#restarting = undefined);
    return this.#restarting;
  }

  /** Stops the process where it is for `ms`. */
  async freeze(ms: number): Promise<void> {
    this.#frozen++;
    await this.#child.freeze(ms);
    this.#frozen--;
  }

  /** Closes it. Resolves with how long that took, in milliseconds. */
  async close(): Promise<number> {
    const closed = this.#child.next("closed", 30_000);
    await this.#child.tell({ stop: true });
    return await closed;
  }

  /** Ends it. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#child[Symbol.asyncDispose]();
  }

  async #replace(): Promise<void> {
    await this.#child[Symbol.asyncDispose]();
    this.killed();
    await this.#start();
  }

  async #start(): Promise<void> {
    const path = `${this.#folder}/server-${this.journals.length + 1}`;
    this.journals.push(path);
    const child = this.#child = new Child("./server_process.ts", [JSON.stringify({ ...this.#terms, path })]);
    child.collapse().then((what) => {
      if (what !== undefined) this.#collapsed(`the server ended by itself, ${what}`);
    });
    this.#port = await child.next("port", 30_000);
  }
}

/** What a server is told, and where it listens. */
export interface ServerPlace extends Terms {
  readonly addresses: readonly string[];
}
