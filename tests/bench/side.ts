/** One side of a turn: a child process that says lines of JSON, and is ended by its id whatever happens. */
export class Side implements AsyncDisposable {
  readonly #process: Deno.ChildProcess;
  readonly #lines: AsyncGenerator<string, void, void>;
  readonly #errors: Promise<string>;

  /** Starts `child.ts` with `args`; `flags` go to the runtime. */
  constructor(args: readonly string[], flags: readonly string[]) {
    const script = new URL("./child.ts", import.meta.url).href;
    this.#process = new Deno.Command(Deno.execPath(), {
      args: ["run", "-A", "--no-prompt", "--quiet", ...flags, script, ...args],
      stdin: "piped",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
    this.#lines = splitLines(this.#process.stdout);
    this.#errors = new Response(this.#process.stderr).text();
  }

  /**
   * What the side says next.
   *
   * @throws {Error} it ended first; the message holds what it wrote to standard error.
   */
  async next(): Promise<unknown> {
    const { done, value } = await this.#lines.next();
    if (done) {
      throw new Error(`A side of the turn ended early: ${(await this.#errors).trim() || "no message"}`);
    }
    return JSON.parse(value);
  }

  /** Ends the process at once and waits until it is gone. */
  async [Symbol.asyncDispose](): Promise<void> {
    try {
      this.#process.kill("SIGKILL");
    } catch {
      // It has ended by itself.
    }
    await this.#process.status;
    await this.#errors;
    await this.#process.stdin.close().catch(() => {});
    await this.#process.stdout.cancel().catch(() => {}); // locked while `next` waits: that one sees the end
  }
}

async function* splitLines(stream: ReadableStream<Uint8Array>): AsyncGenerator<string, void, void> {
  let rest = "";
  for await (const text of stream.pipeThrough(new TextDecoderStream())) {
    const lines = (rest + text).split("\n");
    rest = lines.pop()!;
    yield* lines;
  }
}
