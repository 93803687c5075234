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
    const { module, runtime = "deno", flags = [] } = role === "serve" ? servingSide(entry) : entry;
    const [command, ...front] = COMMANDS[runtime](flags, module);
    this.#process = new Deno.Command(command, {
      args: [...front, role, module, ...args],
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

/** What starts a contestant, in front of its arguments. */
type StartCommand = (flags: readonly string[], module: string) => [string, ...string[]];

const COMMANDS: Readonly<Record<NonNullable<Entry["runtime"]>, StartCommand>> = Object.freeze({
  deno: (flags) => [Deno.execPath(), "run", "-A", "--no-prompt", "--quiet", ...flags, fileOf("./child.ts")],
  node: (flags, module) => ["node", ...flags, fileOf(`./contestants/${module}.mjs`)],
  python: (flags, module) => [PYTHON, ...flags, fileOf(`./contestants/${module}.py`)],
});

/** The one that packages of the system are installed for; another one on the path would not find them. */
export const PYTHON = "/usr/bin/python3";

function servingSide(entry: Entry): Pick<Entry, "module" | "runtime" | "flags"> {
  return entry.far === undefined ? entry : { module: entry.far };
}

function fileOf(relative: string): string {
  return fileURLToPath(new URL(relative, import.meta.url));
}

async function* splitLines(stream: ReadableStream<Uint8Array>): AsyncGenerator<string, void, void> {
  let rest = "";
  for await (const text of stream.pipeThrough(new TextDecoderStream())) {
    const lines = (rest + text).split("\n");
    rest = lines.pop()!;
    yield* lines;
  }
}
