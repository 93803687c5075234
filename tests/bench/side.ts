import { fileURLToPath } from "node:url";
import type { Entry } from "./row.ts";

/** One side of a turn: a child process that says lines of JSON, and is ended by its id whatever happens. */
export class Side implements AsyncDisposable {
  readonly #process: Deno.ChildProcess;
  readonly #lines: AsyncGenerator<string, void, void>;
  readonly #errors: Promise<string>;

  /**
   * Starts the contestant of `entry` in the runtime it wants.
   *
   * @param args The work as JSON, and the address where there is one.
   */
  constructor(entry: Entry, role: "serve" | "drive", args: readonly string[]) {
    const [command, ...flags] = entry.runtime === "node" ? nodeCommand(entry) : denoCommand(entry);
    this.#process = new Deno.Command(command, {
      args: [...flags, role, entry.module, ...args],
      env: { NO_COLOR: "1" }, // what it writes to standard error ends in a report
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

function denoCommand({ flags = [] }: Entry): [string, ...string[]] {
  const script = new URL("./child.ts", import.meta.url).href;
  return [Deno.execPath(), "run", "-A", "--no-prompt", "--quiet", ...flags, script];
}

function nodeCommand({ flags = [], module }: Entry): [string, ...string[]] {
  return ["node", ...flags, fileURLToPath(new URL(`./contestants/${module}.mjs`, import.meta.url))];
}

async function* splitLines(stream: ReadableStream<Uint8Array>): AsyncGenerator<string, void, void> {
  let rest = "";
  for await (const text of stream.pipeThrough(new TextDecoderStream())) {
    const lines = (rest + text).split("\n");
    rest = lines.pop()!;
    yield* lines;
  }
}
