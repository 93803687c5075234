import { BrokenError, listen } from "@parley/parley";

/** How to get each program that some tests talk to, on Debian and its relatives. */
const PACKAGES = Object.freeze({
  nc: "netcat-openbsd",
  socat: "socat",
  python3: "python3",
});

/** A program of this machine that is no Parley: what proves that the wire is what it says. */
export type ProgramName = keyof typeof PACKAGES;

/** What a program did until it ended. */
export interface Finished {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Registers a test that runs when the program is there; otherwise it is skipped and its name says how to get it. */
export function testWith(program: ProgramName, name: string, test: () => Promise<void>): void {
  const found = isInstalled(program);
  const hint = found ? "" : ` [skipped: no "${program}" here; apt-get install ${PACKAGES[program]}]`;
  Deno.test({ name: `${name}${hint}`, ignore: !found, fn: test });
}

/** A program that was started: what it prints can be awaited line by line. Ended, if need be, when it is disposed. */
export class Program implements AsyncDisposable {
  readonly #child: Deno.ChildProcess;
  readonly #stdin: WritableStreamDefaultWriter<Uint8Array>;
  readonly #stdout: ReadableStreamDefaultReader<string>;
  readonly #stderr: Promise<string>;
  #text = "";
  #inputEnded = false;
  #gone = false;

  /** @param program Its name, or where it is. */
  constructor(program: ProgramName | `/${string}`, args: readonly string[]) {
    this.#child = new Deno.Command(program, {
      args: [...args],
      stdin: "piped",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
    this.#stdin = this.#child.stdin.getWriter();
    this.#stdout = this.#child.stdout.pipeThrough(new TextDecoderStream()).getReader();
    this.#stderr = new Response(this.#child.stderr).text();
    this.#child.status.then(() => this.#gone = true);
  }

  /** Types `text` into the program. */
  async type(text: string): Promise<void> {
    await this.#stdin.write(new TextEncoder().encode(text));
  }

  /** Ends its standard input. */
  async endInput(): Promise<void> {
    if (this.#inputEnded) return;
    this.#inputEnded = true;
    await this.#stdin.close().catch(() => {}); // it may have ended already
  }

  /** The next line it prints, without its end. */
  async line(): Promise<string> {
    for (;;) {
      const end = this.#text.indexOf("\n");
      if (end !== -1) {
        const line = this.#text.slice(0, end);
        this.#text = this.#text.slice(end + 1);
        return line;
      }
      if (!await this.#more()) throw new Error(`Program ended without a line: ${await this.#stderr}`);
    }
  }

  /** Waits until it ends by itself. */
  async finished(): Promise<Finished> {
    await this.endInput();
    while (await this.#more());
    const { code } = await this.#child.status;
    return { code, stdout: this.#text, stderr: await this.#stderr };
  }

  /** Ends it at once, as a crash would. */
  async kill(): Promise<void> {
    if (!this.#gone) this.#child.kill("SIGKILL");
    await this.finished();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.kill();
  }

  async #more(): Promise<boolean> {
    const { value, done } = await this.#stdout.read();
    this.#text += value ?? "";
    return !done;
  }
}

/**
 * A port that was free a moment ago, for programs that cannot choose one themselves. Not one of those that the
 * system gives to whoever asks for port 0, since tests that run beside this one do.
 */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = 20_000 + Math.floor(Math.random() * 10_000);
    try {
      await using _server = await listen(`tcp://127.0.0.1:${port}`);
      return port;
    } catch (error) {
      if (!(error instanceof BrokenError) || error.code !== "address_in_use") throw error;
    }
  }
}

/** A program that was just started listens a moment later: dials until it does. */
export async function untilListening<T>(dial: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await dial();
    } catch (error) {
      if (!(error instanceof BrokenError) || !["refused", "no_such_path"].includes(error.code)) throw error;
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  }
}

function isInstalled(program: ProgramName): boolean {
  try {
    return new Deno.Command(program, { args: [VERSION[program]], stdout: "null", stderr: "null" })
      .outputSync()
      .code >= 0;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

/** An argument with which each of them ends at once. */
const VERSION: Readonly<Record<ProgramName, string>> = Object.freeze({
  nc: "-h",
  socat: "-V",
  python3: "--version",
});
