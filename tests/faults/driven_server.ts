import { Child } from "./child.ts";

/** The server of a run: a process that is killed and started again, on a new port and with a new journal. */
export class DrivenServer implements AsyncDisposable {
  /** The journals of all its lives, in their order. */
  readonly journals: string[] = [];
  readonly #folder: string;
  readonly #collapsed: (what: string) => void;
  #child!: Child;
  #port = 0;
  #frozen = 0;
  #restarting: Promise<void> | undefined;

  private constructor(folder: string, collapsed: (what: string) => void) {
    this.#folder = folder;
    this.#collapsed = collapsed;
  }

  /**
   * Starts it.
   *
   * @param folder Where its journals go.
   * @param collapsed Is called when the process ends by itself, which it never should.
   */
  static async start(folder: string, collapsed: (what: string) => void): Promise<DrivenServer> {
    const server = new DrivenServer(folder, collapsed);
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

  /** Ends it. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#child[Symbol.asyncDispose]();
  }

  async #replace(): Promise<void> {
    await this.#child[Symbol.asyncDispose]();
    await this.#start();
  }

  async #start(): Promise<void> {
    const journal = `${this.#folder}/server-${this.journals.length + 1}`;
    this.journals.push(journal);
    const child = this.#child = new Child("./server_process.ts", ["0", journal]);
    child.collapse().then((what) => {
      if (what !== undefined) this.#collapsed(`the server ended by itself, ${what}`);
    });
    this.#port = await child.next("port", 30_000);
  }
}
