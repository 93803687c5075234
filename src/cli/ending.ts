import { onStop } from "./on_stop.ts";

/** What ends a subcommand before its work is done: Ctrl-C or `kill`. */
export class Ending implements Disposable {
  readonly #controller = new AbortController();
  readonly #over = Promise.withResolvers<never>();
  readonly #ignore: () => void;
  #code: number | undefined;

  /** Listens to signals until it is disposed of. */
  constructor() {
    this.#over.promise.catch(() => {}); // told to whoever waits
    this.#ignore = onStop((code) => {
      if (this.#code !== undefined) Deno.exit(code); // a second Ctrl-C does not wait for goodbyes
      this.end(code);
    });
  }

  /** Aborted when it is over: links that were given it close with the words of their dialect. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** The exit code, once it is over. */
  get code(): number | undefined {
    return this.#code;
  }

  /** It is over. */
  end(code: number): void {
    if (this.#code !== undefined) return;
    this.#code = code;
    const reason = new Error("The program was asked to end");
    this.#controller.abort(reason);
    this.#over.reject(reason);
  }

  /** The same as `work`, but fails at once when it is over. */
  race<Value>(work: Promise<Value>): Promise<Value> {
    return Promise.race([work, this.#over.promise]);
  }

  /** Resolves after so many milliseconds; fails at once when it is over. */
  async pause(ms: number): Promise<void> {
    let timer: ReturnType<typeof setTimeout> | undefined;
    try {
      await this.race(new Promise((resolve) => timer = setTimeout(resolve, ms)));
    } finally {
      clearTimeout(timer);
    }
  }

  [Symbol.dispose](): void {
    this.#ignore();
  }
}

/**
 * Does `work` until it is done or ended, and resolves with the exit code. What it holds it has to let go of itself, by
 * `await using`: so a link says goodbye whatever ends it.
 *
 * @throws what `work` throws, unless it was ended.
 */
export async function untilEnded(work: (ending: Ending) => Promise<number>): Promise<number> {
  using ending = new Ending();
  try {
    const code = await work(ending);
    return ending.code ?? code;
  } catch (error) {
    if (ending.code !== undefined) return ending.code;
    throw error;
  }
}
