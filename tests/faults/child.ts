import { splitLines } from "./split_lines.ts";

/** A program of ours in a process of its own, which says lines of JSON and can be killed at any moment. */
export class Child implements AsyncDisposable {
  readonly #process: Deno.ChildProcess;
  readonly #errors: Promise<string>;
  readonly #reading: Promise<void>;
  readonly #stdin: WritableStreamDefaultWriter<Uint8Array>;
  readonly #heard: (line: Line) => void;
  readonly #waiting = new Set<(line: Line | undefined) => void>();
  #wasKilled = false;
  #isOver = false;

  /**
   * Starts a script of this folder.
   *
   * @param heard Is called with every line.
   */
  constructor(script: string, args: readonly string[], heard: (line: Line) => void = () => {}) {
    this.#heard = heard;
    const { href } = new URL(script, import.meta.url);
    this.#process = new Deno.Command(Deno.execPath(), {
      args: ["run", "-A", "--no-prompt", "--quiet", "--no-check", href, ...args],
      env: { NO_COLOR: "1" },
      stdin: "piped",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
    this.#stdin = this.#process.stdin.getWriter();
    this.#errors = new Response(this.#process.stderr).text();
    this.#reading = this.#read();
  }

  /** Writes one line to its standard input. */
  async tell(line: Line): Promise<void> {
    await this.#stdin.write(new TextEncoder().encode(`${JSON.stringify(line)}\n`)).catch(() => {});
  }

  /**
   * Waits for the next line that has a member `name`, and resolves with that member.
   *
   * @throws {Error} it did not come within `ms`, or the process ended by itself: with what it wrote to stderr.
   */
  // deno-lint-ignore no-explicit-any -- the caller knows what the script says
  async next(name: string, ms: number): Promise<any> {
    const { promise, resolve } = Promise.withResolvers<Line | undefined>();
    const timer = setTimeout(() => resolve({}), ms);
    if (this.#isOver) resolve(undefined);
    const wait = (line: Line | undefined) => {
      if (line === undefined || name in line) resolve(line);
    };
    this.#waiting.add(wait);
    const line = await promise;
    clearTimeout(timer);
    this.#waiting.delete(wait);
    if (line === undefined) {
      throw new Error(`A process was to say "${name}", but ended: ${await this.#errors}`);
    }
    if (!(name in line)) throw new Error(`A process was to say "${name}" within ${ms} ms, but did not`);
    return line[name];
  }

  /** Resolves when it has ended: with what it wrote to standard error, or with `undefined` when it was killed. */
  async collapse(): Promise<string | undefined> {
    const { code, signal } = await this.#process.status;
    if (this.#wasKilled) return undefined;
    return `exit code ${code}${signal ? `, ${signal}` : ""}: ${await this.#errors}`;
  }

  /** Stops it where it is for `ms`, as a laptop that is closed or a machine that swaps. */
  async freeze(ms: number): Promise<void> {
    this.#signal("SIGSTOP");
    await new Promise((resolve) => setTimeout(resolve, ms));
    this.#signal("SIGCONT");
  }

  /** SIGKILL, and waits until the process is gone: none of its code runs any more. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#wasKilled = true;
    this.#signal("SIGKILL");
    await this.#process.status;
    await this.#errors;
    await this.#reading;
    await this.#stdin.close().catch(() => {});
  }

  #signal(signal: Deno.Signal): void {
    try {
      this.#process.kill(signal);
    } catch {
      // It has ended by itself.
    }
  }

  async #read(): Promise<void> {
    for await (const text of splitLines(this.#process.stdout)) {
      const line = JSON.parse(text) as Line;
      this.#heard(line);
      for (const wait of [...this.#waiting]) wait(line);
    }
    this.#isOver = true;
    for (const wait of [...this.#waiting]) wait(undefined);
  }
}

// deno-lint-ignore no-explicit-any -- the scripts say what they like
type Line = Record<string, any>;
